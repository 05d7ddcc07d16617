//! Which providers can be declared and mounted.

use users_runtime::{
    Users,
    errors::BuildError,
    oauth::{OAuth, OAuthSetupError},
    session::{InvalidCookie, SameSite},
};
use users_tests::{App, SECRET, User};

use crate::provider::{Flow, account, logged_in, oauth, verify};

#[tokio::test]
async fn a_declared_provider_is_mounted_like_a_backend() {
    let (oauth, _) = oauth("forge");
    let app = App::builder()
        .configure(|builder| builder.oauth(oauth, "db"))
        .start()
        .await;
    let flow = Flow::start(&app.client(), "/auth/forge").await;
    let jo = logged_in(&app, &flow.back(&account("1", "jo@example.com")).await);
    verify(&app, "jo@example.com").await;
    let flow = Flow::start(&jo, "/auth/associate/forge").await;
    assert_eq!(
        flow.back(&account("2", "jo@work.example")).await.status,
        200
    );
}

#[tokio::test]
async fn a_provider_that_cannot_be_declared_is_told_by_build() {
    let app = App::start().await;
    let build = |providers: Vec<(OAuth, &'static str)>| {
        let builder = Users::<User>::builder(app.store.clone(), SECRET);
        let builder = providers
            .into_iter()
            .fold(builder, |builder, (oauth, backend)| {
                builder.oauth(oauth, backend)
            });
        builder.build().expect_err("a mistake")
    };
    let forge = || oauth("forge").0;
    assert!(
        matches!(build(vec![(forge(), "db"), (forge(), "db")]), BuildError::DuplicateProvider(name) if name == "forge")
    );
    assert!(
        matches!(build(vec![(oauth("a/b").0, "db")]), BuildError::InvalidProvider(name) if name == "a/b")
    );
    let relative = build(vec![(forge().redirect_url("/callback"), "db")]);
    assert!(relative.to_string().contains("`/callback`"), "{relative}");
    let unknown = build(vec![(forge(), "nope")]);
    assert!(
        matches!(
            &unknown,
            BuildError::OAuth {
                reason: OAuthSetupError::UnknownBackend(_),
                ..
            }
        ),
        "{unknown}"
    );
}

#[tokio::test]
async fn routes_that_cannot_work_are_told_at_start_up() {
    let app = App::start().await;
    let setup = |oauth, backend| {
        app.users
            .oauth_router::<()>(oauth, backend)
            .expect_err("a mistake")
    };
    let (plain, _) = oauth("forge");
    assert!(
        matches!(setup(plain.clone(), "nope"), OAuthSetupError::UnknownBackend(name) if name == "nope")
    );
    let insecure = plain.clone().csrf_cookie_secure(false);
    for bad_cookie in [
        plain.clone().csrf_cookie_name("a b"),
        plain.clone().csrf_cookie_path("auth"),
        plain.clone().csrf_cookie_domain("https://example.com"),
        insecure.clone().csrf_cookie_same_site(SameSite::None),
        insecure.csrf_cookie_name("__Secure-csrf"),
        plain
            .clone()
            .csrf_cookie_name("__Host-csrf")
            .csrf_cookie_path("/auth"),
    ] {
        assert!(matches!(
            setup(bad_cookie, "jwt"),
            OAuthSetupError::InvalidCookie(_)
        ));
    }
    assert!(matches!(
        setup(plain.clone().front_end("/app"), "jwt"),
        OAuthSetupError::InvalidFrontEnd(_)
    ));
    for url in [
        "/callback",
        "app.example.com/callback",
        "https://app.example.com/#x",
    ] {
        for oauth in [
            plain.clone().redirect_url(url),
            plain.clone().associate_redirect_url(url),
        ] {
            assert!(
                matches!(setup(oauth, "jwt"), OAuthSetupError::InvalidRedirectUrl(told) if told == url)
            );
        }
    }
    let dropped = plain
        .clone()
        .csrf_cookie_same_site(SameSite::None)
        .csrf_cookie_secure(false);
    assert!(matches!(
        setup(dropped, "jwt"),
        OAuthSetupError::InvalidCookie(InvalidCookie::InsecureSameSiteNone)
    ));
    let kept = plain.csrf_cookie_same_site(SameSite::None);
    assert!(app.users.oauth_router::<()>(kept, "jwt").is_ok());
}
