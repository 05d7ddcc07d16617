//! Users who have proven who they are in another way than with a password.

use users_runtime::value::Value;
use users_tests::TestHasher;

use crate::app::{App, own};

#[tokio::test]
async fn a_proof_logs_in_by_the_name_of_its_method() {
    let app = App::start().await;
    let al = app.user("al").await;
    let client = app.client(1);
    app.send_link(&al);
    let answer = client.send("POST", "/link/api").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("x-from-hook"), al.id.to_string());
    let answer = own(&client, "/directory/api", "al", "in the directory").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let sessions = app.users.sessions(&al).await.expect("a store");
    let mut methods: Vec<_> = sessions
        .iter()
        .flat_map(|session| &session.methods)
        .collect();
    methods.sort();
    assert_eq!(methods, ["ldap", "magic_link"]);
    assert_eq!(
        app.hooks.take(),
        ["al by magic_link at api", "al by ldap at api"]
    );
}

#[tokio::test]
async fn a_proof_is_worthless_once_the_password_is_another_or_the_user_is_gone() {
    let app = App::start().await;
    let al = app.user("al").await;
    let client = app.client(1);
    let used = async || {
        app.send_link(&al);
        client.send("POST", "/link/api").await
    };
    assert_eq!(used().await.status, 200);
    app.set(&al, "is_active", Value::Bool(false)).await;
    used().await.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    app.set(&al, "is_active", Value::Bool(true)).await;
    let hash = Value::Text(TestHasher::hash_of("another password"));
    app.set(&al, "hashed_password", hash).await;
    used().await.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    let sessions = app.users.sessions(&al).await.expect("a store");
    assert_eq!(sessions.len(), 1, "that of the first login");
    app.users.delete(&al, None).await.expect("the user");
    used().await.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
}

#[tokio::test]
async fn a_directory_refuses_as_a_wrong_password_does() {
    let app = App::start().await;
    let client = app.client(1);
    for name in ["jo", "nobody"] {
        let answer = own(&client, "/directory/jwt", name, "wrong").await;
        answer.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    }
    let events = ["jo wrong_password at jwt", "- unknown_user at jwt"];
    assert_eq!(app.hooks.take(), events);
}
