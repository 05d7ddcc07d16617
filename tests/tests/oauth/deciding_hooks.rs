//! Hooks that decide who registers and who logs in by a provider.

use http::StatusCode;
use users_runtime::{
    HookError, Hooks, async_trait,
    hooks::{HookRefusal, LoginContext, RegisteredBy, Registration},
    users::NewUser,
};
use users_tests::{App, User};

use crate::provider::{Flow, account, logged_in, oauth, routes};

const FRONT_END: &str = "https://app.example/login";

struct Deciding;

#[async_trait]
impl Hooks<User> for Deciding {
    async fn before_register(
        &self,
        new: &mut NewUser<User>,
        from: &Registration<'_>,
    ) -> Result<(), HookError> {
        assert_eq!(from.by, RegisteredBy::Provider("forge"));
        assert!(new.password().is_none() && from.transient("state").is_none());
        let profile = from.profile().expect("a profile");
        if profile.account_id == "stranger" {
            return Err(HookRefusal::new(StatusCode::FORBIDDEN, "EXISTING_USERS_ONLY").into());
        }
        assert!(new.set_email("other@example.com").is_err());
        new.set(
            User::FIRST_NAME,
            Some(format!("account {}", profile.account_id)),
        )?;
        new.set(User::POINTS, 3)?;
        new.set_verified(true);
        Ok(())
    }

    async fn before_login(&self, user: &User, context: &LoginContext<'_>) -> Result<(), HookError> {
        assert_eq!(context.login.methods, ["oauth:forge"]);
        if user.email.starts_with("banned") {
            return Err(HookRefusal::new(StatusCode::LOCKED, "BANNED").into());
        }
        Ok(())
    }
}

async fn start() -> App {
    let (oauth, _) = oauth("forge");
    let oauth = oauth.front_end(FRONT_END);
    App::builder()
        .configure(|builder| builder.hooks(Deciding))
        .routes(move |users| routes(users, &oauth))
        .start()
        .await
}

#[tokio::test]
async fn a_newcomer_is_filled_in_or_refused() {
    let app = start().await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let me = logged_in(&app, &flow.back(&account("1", "jo@example.com")).await)
        .get("/users/me")
        .await
        .json();
    assert_eq!(
        (&me["first_name"], &me["points"], &me["is_verified"]),
        (&"account 1".into(), &3.into(), &true.into())
    );

    let flow = Flow::start(&app.client(), "/forge").await;
    let answer = flow.back(&account("stranger", "zoe@example.com")).await;
    answer.assert_detail(403, "EXISTING_USERS_ONLY");
    let stored = app.users.find_by_email("zoe@example.com").await;
    assert!(stored.expect("a store").is_none());
}

#[tokio::test]
async fn a_front_end_is_told_the_hooks_code() {
    let app = start().await;
    let query = format!("?next={FRONT_END}");
    let flow = Flow::start_with(&app.client(), "/forge", &query).await;
    let answer = flow.back(&account("stranger", "zoe@example.com")).await;
    assert_eq!(
        answer.header("location"),
        format!("{FRONT_END}#error=EXISTING_USERS_ONLY")
    );
}

#[tokio::test]
async fn a_login_by_a_provider_is_refused_before_a_token_is_issued() {
    let app = start().await;
    for prefix in ["/forge", "/cookie"] {
        let flow = Flow::start(&app.client(), prefix).await;
        let answer = flow.back(&account("2", "banned@example.com")).await;
        answer.assert_detail(423, "BANNED");
        assert_eq!(answer.header("set-cookie"), "");
    }
}

/// A user with a field that a registration must have.
#[derive(Clone, Debug, users_runtime::UserModel)]
#[fastapi_users(backend(name = "db", transport = bearer, strategy = database))]
struct Citizen {
    id: i64,
    email: String,
    hashed_password: users_runtime::PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    country: String,
}

#[tokio::test]
async fn only_existing_users_log_in_where_the_provider_is_for_them() {
    let (oauth, _) = oauth("forge");
    let oauth = oauth
        .existing_users_only(true)
        .associate_by_email(true)
        .trusts_addresses(true);
    let app = App::builder()
        .configure(|builder| builder.hooks(NeverAsked))
        .routes(move |users| routes(users, &oauth))
        .start()
        .await;
    let flow = Flow::start(&app.client(), "/forge").await;
    let answer = flow.back(&account("stranger", "zoe@example.com")).await;
    answer.assert_detail(403, "EXISTING_USERS_ONLY");
    let stored = app.users.find_by_email("zoe@example.com").await;
    assert!(stored.expect("a store").is_none());

    // Who has the address, and then the account.
    let verified = users_runtime::value::Value::Bool(true);
    let create =
        serde_json::json!({ "email": "jo@example.com", "password": users_tests::PASSWORD });
    let create = serde_json::from_value(create).expect("a registration");
    let jo = app.users.create(create, None).await.expect("a new user");
    app.set(&jo, "is_verified", verified).await;
    for _ in 0..2 {
        let flow = Flow::start(&app.client(), "/forge").await;
        let me = logged_in(&app, &flow.back(&account("1", "jo@example.com")).await)
            .get("/users/me")
            .await;
        assert_eq!(me.json()["email"], "jo@example.com", "{me:?}");
    }
}

#[tokio::test]
async fn required_fields_need_a_default_only_where_newcomers_may_register() {
    let database = users_tests::Database::new();
    let store = database.store::<Citizen>().await;
    for (existing_users_only, is_built) in [(false, false), (true, true)] {
        let (oauth, _) = oauth("forge");
        let oauth = oauth.existing_users_only(existing_users_only);
        let oauth = oauth.redirect_url("https://app.example/auth/forge/callback");
        let built = users_runtime::Users::<Citizen>::builder(store.clone(), users_tests::SECRET)
            .oauth(oauth, "db")
            .build();
        let text = built
            .as_ref()
            .map_or_else(ToString::to_string, |_| String::new());
        assert_eq!(built.is_ok(), is_built, "{text}");
        assert!(is_built || text.contains("`country`"), "{text}");
    }
}

/// A hook that refuses everybody who registers by a provider with another code.
struct NeverAsked;

#[async_trait]
impl Hooks<User> for NeverAsked {
    async fn before_register(
        &self,
        _: &mut NewUser<User>,
        from: &Registration<'_>,
    ) -> Result<(), HookError> {
        if from.by == RegisteredBy::Application {
            return Ok(());
        }
        Err(HookRefusal::new(StatusCode::CONFLICT, "ASKED").into())
    }
}
