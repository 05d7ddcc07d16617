//! Registrations and logins.

use tokio::task::JoinSet;
use users_tests::PASSWORD;

use crate::system::{System, register, token};

pub(crate) async fn have_the_same_address_in_two_tenants(system: &System) {
    let email = "jo@example.com";
    let passwords = [("acme", "acme's horse"), ("globex", "globex's horse")];
    for (workspace, password) in passwords {
        let answer = register(&system.client(workspace), email, password).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_eq!(
            answer.json()["workspace"],
            workspace,
            "not what the client sent"
        );
        for taken in [email, "JO@example.com"] {
            let again = register(&system.client(workspace), taken, password).await;
            again.assert_detail(400, "REGISTER_USER_ALREADY_EXISTS");
        }
    }
    for (workspace, password) in passwords {
        for backend in ["jwt", "database", "session"] {
            let client = system.client(workspace);
            let answer = client.login(backend, "Jo@Example.com", password).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let tokens = answer.json();
            let client = client.bearer(token(&tokens, "access_token"));
            let me = client.get("/users/me").await;
            assert_eq!(me.json()["workspace"], workspace, "{me:?}");
        }
        let other = if workspace == "acme" {
            "globex"
        } else {
            "acme"
        };
        let wrong = system.client(other).login("jwt", email, password).await;
        wrong.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    }
}

pub(crate) async fn register_at_once_and_one_wins_in_each_tenant(system: &System) {
    let mut requests = JoinSet::new();
    for number in 0..40 {
        let workspace = ["acme", "globex"][number % 2];
        let client = system.client(workspace);
        requests.spawn(async move {
            let answer = register(&client, "race@example.com", PASSWORD).await;
            (workspace, answer.status)
        });
    }
    let mut answers = requests.join_all().await;
    answers.retain(|(_, status)| *status != 400);
    answers.sort_unstable();
    assert_eq!(answers, [("acme", 201), ("globex", 201)]);
}

/// Of two users with the same address, one is locked out.
pub(crate) async fn have_limits_of_their_own(system: &System) {
    let email = "limited@example.com";
    system.registered("acme", email).await;
    system.registered("globex", email).await;
    let acme = system.client("acme");
    for _ in 0..3 {
        let wrong = acme.login("jwt", email, "a wrong one").await;
        wrong.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
    }
    assert_eq!(acme.login("jwt", email, PASSWORD).await.status, 429);
    system.login("globex", "jwt", email).await;
    // An address that no user has is counted for each tenant, too.
    for _ in 0..3 {
        acme.login("jwt", "unknown@example.com", PASSWORD).await;
    }
    let unknown = acme.login("jwt", "unknown@example.com", PASSWORD).await;
    assert_eq!(unknown.status, 429);
    let elsewhere = system.client("globex");
    let elsewhere = elsewhere
        .login("jwt", "unknown@example.com", PASSWORD)
        .await;
    elsewhere.assert_detail(400, "LOGIN_BAD_CREDENTIALS");
}

pub(crate) async fn of_no_tenant_are_refused(system: &System) {
    let unknown = [system.anywhere().clone(), system.client("initech")];
    for client in unknown {
        let answers = [
            register(&client, "jo@example.com", PASSWORD).await,
            client.login("jwt", "jo@example.com", PASSWORD).await,
            client.get("/users/me").await,
            client.get("/own").await,
            client.get("/maybe").await,
        ];
        for answer in answers {
            answer.assert_detail(404, "UNKNOWN_WORKSPACE");
        }
    }
    let broken = system.client("broken").get("/users/me").await;
    assert_eq!(broken.status, 500, "{broken:?}");
    assert!(!broken.text.contains("away"), "{broken:?}");
}

pub(crate) async fn change_to_an_address_that_is_free_in_their_tenant(system: &System) {
    system.registered("acme", "mover@example.com").await;
    system.registered("acme", "taken@example.com").await;
    system.registered("globex", "free@example.com").await;
    let tokens = system.login("acme", "jwt", "mover@example.com").await;
    let client = system.client("acme");
    let client = client.bearer(token(&tokens, "access_token"));
    let change = async |email: &str| {
        let body = serde_json::json!({ "email": email, "workspace": "globex" });
        client.json("PATCH", "/users/me", &body).await
    };
    let taken = change("TAKEN@example.com").await;
    taken.assert_detail(400, "UPDATE_USER_EMAIL_ALREADY_EXISTS");
    let moved = change("free@example.com").await;
    assert_eq!(moved.status, 200, "{moved:?}");
    assert_eq!(moved.json()["workspace"], "acme");
    assert_eq!(moved.json()["email"], "free@example.com");
}
