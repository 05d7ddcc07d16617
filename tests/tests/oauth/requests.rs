//! What requests may say of the way to the provider: the host to come back to, and the scopes to ask for.

use users_runtime::{Compat, oauth::OAuth};
use users_tests::App;

use crate::provider::{Flow, account, oauth, routes};

/// The status, and the redirect URI that the provider is told, or else the code of the refusal.
async fn asked_at(app: &App, host: &str, path: &str) -> (u16, String) {
    let answer = app.client().host(host).get(path).await;
    let body = answer.json();
    let Some(url) = body["authorization_url"].as_str() else {
        let code = body["detail"].as_str().expect("a code");
        return (answer.status, code.to_owned());
    };
    let (_, query) = url.split_once('?').expect("parameters");
    let uri = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "redirect_uri").then(|| value.into_owned()));
    (answer.status, uri.expect("a redirect URI"))
}

async fn start(compat: Compat, oauth: OAuth) -> App {
    let app = App::builder().configure(move |builder| builder.compat(compat));
    app.routes(move |users| routes(users, &oauth)).start().await
}

const REFUSED: &str = "OAUTH_REDIRECT_URL_NOT_CONFIGURED";

#[tokio::test]
async fn the_host_decides_about_the_callback_on_this_machine_only() {
    let app = start(Compat::Off, oauth("forge").0).await;
    for host in ["localhost:8000", "127.0.0.1", "[::1]:8000", "app.localhost"] {
        assert_eq!(
            asked_at(&app, host, "/forge/authorize").await,
            (200, format!("http://{host}/forge/callback"))
        );
    }
    for host in ["evil.example", "192.168.0.1:8000", "localhost.evil.example"] {
        for path in ["/forge/authorize", "/cookie/authorize"] {
            assert_eq!(
                asked_at(&app, host, path).await,
                (400, REFUSED.to_owned()),
                "{host}"
            );
        }
    }
}

#[tokio::test]
async fn a_login_does_not_end_at_another_host_either() {
    let app = start(Compat::Off, oauth("forge").0).await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let elsewhere = Flow {
        client: app.client().host("evil.example"),
        ..flow
    };
    elsewhere
        .back(&account("1", "jo@example.com"))
        .await
        .assert_detail(400, REFUSED);
}

#[tokio::test]
async fn a_configured_callback_holds_at_every_host() {
    const CALLBACK: &str = "https://app.example.com/forge/callback";
    for compat in [Compat::Off, Compat::FastApiUsers15] {
        let app = start(compat, oauth("forge").0.redirect_url(CALLBACK)).await;
        for host in ["evil.example", "localhost"] {
            assert_eq!(
                asked_at(&app, host, "/forge/authorize").await,
                (200, CALLBACK.to_owned())
            );
        }
    }
}

#[tokio::test]
async fn the_preset_believes_the_host() {
    let app = start(Compat::FastApiUsers15, oauth("forge").0).await;
    assert_eq!(
        asked_at(&app, "example.org:81", "/forge/authorize").await,
        (200, "http://example.org:81/forge/callback".to_owned())
    );
}

/// The scopes that the provider is asked for; `None` for a request that is refused.
async fn scopes(app: &App, query: &str) -> Option<String> {
    let answer = app.client().get(&format!("/forge/authorize{query}")).await;
    if answer.status == 400 {
        answer.assert_detail(400, "OAUTH_INVALID_SCOPE");
        return None;
    }
    let sent = Flow::start_with(&app.client(), "/forge", query).await.sent;
    Some(sent["scope"].clone())
}

#[tokio::test]
async fn requests_choose_among_the_scopes_that_are_allowed() {
    let (of_provider, _) = oauth("forge");
    let configured = of_provider.clone().scopes(["a", "b c"]);
    let allowing = configured.clone().allow_scopes(["x", "y z"]);
    let refused: Option<&str> = None;
    for (compat, oauth, query, expected) in [
        (Compat::Off, &of_provider, "", Some("profile")),
        (
            Compat::Off,
            &of_provider,
            "?scopes=profile",
            Some("profile"),
        ),
        (Compat::Off, &of_provider, "?scopes=", Some("")),
        (Compat::Off, &of_provider, "?scopes=admin", refused),
        (
            Compat::Off,
            &of_provider,
            "?scopes=profile&scopes=admin",
            refused,
        ),
        (
            Compat::Off,
            &of_provider,
            "?scopes=profile%20admin",
            refused,
        ),
        (
            Compat::Off,
            &of_provider,
            "?scopes=profile%2Cadmin",
            refused,
        ),
        (Compat::Off, &of_provider, "?scopes=PROFILE", refused),
        (Compat::Off, &configured, "", Some("a b c")),
        (Compat::Off, &configured, "?scopes=c&scopes=a", Some("c a")),
        (Compat::Off, &configured, "?scopes=profile", refused),
        (Compat::Off, &allowing, "", Some("a b c")),
        (
            Compat::Off,
            &allowing,
            "?scopes=z&scopes=x%20a",
            Some("z x a"),
        ),
        (Compat::Off, &allowing, "?scopes=w", refused),
        (
            Compat::FastApiUsers15,
            &configured,
            "?scopes=x&scopes=y%20z",
            Some("x y z"),
        ),
        (
            Compat::FastApiUsers15,
            &allowing,
            "?scopes=x%20a",
            Some("x a"),
        ),
        (Compat::FastApiUsers15, &allowing, "?scopes=w", refused),
    ] {
        let app = start(compat, oauth.clone()).await;
        assert_eq!(
            scopes(&app, query).await.as_deref(),
            expected,
            "{compat:?}, {query}"
        );
    }
}
