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
            "first_name",
            Some(format!("account {}", profile.account_id)),
        )?;
        new.set("points", 3_i64)?;
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
