//! Nothing that opens an account is ever printed.

use users_runtime::{model::UserModel as _, store::AccessTokenStore as _};
use users_tests::{App, PASSWORD};

use crate::program::run_here;

#[tokio::test]
async fn no_password_hash_or_token_is_printed() {
    let app = App::start().await;
    let jo = app.user("jo@example.com").await;
    let token = app
        .client()
        .login("db", "jo@example.com", PASSWORD)
        .await
        .json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let stored = app
        .store
        .tokens_of(&jo.id)
        .await
        .expect("an answer")
        .expect("a list");
    let jwt = app
        .client()
        .login("jwt", "jo@example.com", PASSWORD)
        .await
        .json()["access_token"]
        .as_str()
        .expect("a token")
        .to_owned();
    let create = [
        "create-superuser",
        "--email",
        "root@example.com",
        "--password-stdin",
    ];
    let commands: [(&[&str], &str); 14] = [
        (&create, "a secret of root"),
        (&create, "a secret of root"),
        (&["list"], ""),
        (&["list", "--json"], ""),
        (&["show", "jo@example.com"], ""),
        (&["show", "jo@example.com", "--json"], ""),
        (&["verify", "jo@example.com"], ""),
        (
            &["reset-password", "jo@example.com", "--password-stdin"],
            "xy",
        ),
        (&["reset-password", "jo@example.com", "--send"], ""),
        (&["revoke-sessions", "jo@example.com"], ""),
        (&["doctor"], ""),
        (&["doctor", "--json"], ""),
        (
            &["reset-password", "jo@example.com", "--password-stdin"],
            "another secret of jo",
        ),
        (&["delete", "jo@example.com", "--yes"], ""),
    ];
    let mut printed = String::new();
    for (words, input) in commands {
        let said = run_here(&app.users, words, input).await;
        printed.push_str(&said.out);
        printed.push_str(&said.err);
    }
    assert!(
        printed.contains("jo@example.com") && printed.contains("is deleted."),
        "{printed}"
    );
    let hash = jo.account().hashed_password.expose();
    let sent = app
        .hooks
        .events()
        .into_iter()
        .find_map(|event| match event {
            users_tests::Event::ForgotPassword(_, token) => Some(token),
            _ => None,
        });
    let secrets = [
        PASSWORD,
        hash,
        &token,
        &stored[0].token,
        &jwt,
        "a secret of root",
        "another secret of jo",
        "$argon2",
    ];
    for secret in secrets.into_iter().chain(sent.as_deref()) {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
    assert!(sent.is_some(), "a token was sent");
}
