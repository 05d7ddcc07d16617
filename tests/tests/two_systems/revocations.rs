//! JSON web tokens of a `revocable` backend end in both systems.

use tokio::task::JoinSet;
use users_runtime::{JwtStrategy, session::Strategy, token::JwtKeys};
use users_tests::{Client, PASSWORD, SECRET};

use crate::pair::{Member, Pair, code};

const VALID: [u16; 2] = [200, 200];
const ENDED: [u16; 2] = [401, 401];

/// A deactivation ends them, and a reactivation does not bring them back.
pub(crate) async fn a_deactivation_ends_tokens(pair: &Pair) {
    for (first, second) in [(&pair.one, &pair.other), (&pair.other, &pair.one)] {
        let user = first
            .user(&format!("{}@example.com", uuid::Uuid::new_v4()))
            .await;
        let token = first.login("jwt", &user.email).await;
        assert_eq!(pair.me(&token).await, VALID);
        second.set_active(&user, false).await;
        assert_eq!(pair.me(&token).await, ENDED);
        first.set_active(&user, true).await;
        assert_eq!(pair.me(&token).await, ENDED, "it was issued before");
        let token = second.login("jwt", &user.email).await;
        assert_eq!(pair.me(&token).await, VALID);
    }
}

/// A process died after it stored the deactivation: the reactivation ends the tokens.
pub(crate) async fn a_reactivation_ends_tokens(pair: &Pair) {
    let user = pair.one.user("crashed@example.com").await;
    let token = pair.one.login("jwt", &user.email).await;
    pair.one.store_active(&user, false).await;
    pair.other.set_active(&user, true).await;
    assert_eq!(pair.me(&token).await, ENDED);
}

/// What ends all sessions ends them, asked with a session or with one of themselves.
pub(crate) async fn ending_all_sessions_ends_tokens(pair: &Pair) {
    let user = pair.one.user("everywhere@example.com").await;
    for (backend, path) in [
        ("session", "/users/me/sessions?all=true"),
        ("session", "/users/me/sessions"),
        ("jwt", "/users/me/sessions?all=true"),
        ("jwt", "/users/me/sessions"),
    ] {
        let token = pair.one.login("jwt", &user.email).await;
        let asks = match backend {
            "jwt" => token.clone(),
            backend => pair.other.login(backend, &user.email).await,
        };
        assert_eq!(pair.me(&token).await, VALID);
        let asked = pair.other.client.bearer(&asks).send("DELETE", path).await;
        assert_eq!(asked.status, 204, "{asked:?}");
        assert_eq!(pair.me(&token).await, ENDED, "{backend} {path}");
    }
    let tokens = [
        pair.one.login("jwt", &user.email).await,
        pair.other.login("jwt", &user.email).await,
    ];
    let everyones = pair.one.users.revoke_everyones_sessions().await;
    let everyones = everyones.expect("they end");
    assert_eq!(everyones, [("jwt", true), ("session", true), ("api", true)]);
    for token in &tokens {
        assert_eq!(pair.me(token).await, ENDED);
    }
}

/// The owner of an address who comes by a provider voids what the hijacker of the address got.
pub(crate) async fn a_claim_ends_tokens(pair: &Pair) {
    let hijacker = pair.one.user("owner@example.com").await;
    let tokens = [
        pair.one.login("jwt", &hijacker.email).await,
        pair.other.login("session", &hijacker.email).await,
    ];
    let owner = come_by_provider(&pair.other.client, &code(77, &hijacker.email)).await;
    for token in &tokens {
        assert_eq!(pair.me(token).await, ENDED);
    }
    assert_eq!(pair.me(&owner).await, VALID);
    let user = pair.one.users.find(&hijacker.id).await.expect("an answer");
    pair.one
        .users
        .delete(&user.expect("the user"), None)
        .await
        .expect("deleted");
    assert_eq!(pair.me(&owner).await, ENDED);
}

async fn come_by_provider(client: &Client, code: &str) -> String {
    let answer = client.get("/auth/github/authorize").await;
    let body = answer.json();
    let url = body["authorization_url"]
        .as_str()
        .expect("a URL")
        .to_owned();
    let (_, query) = url.split_once('?').expect("parameters");
    let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
    let (_, state) = state.expect("a state");
    let callback = format!("/auth/github/callback?code={code}&state={state}");
    let login = client.cookie(answer.cookie()).get(&callback).await;
    assert_eq!(login.status, 200, "{login:?}");
    let body = login.json();
    body["access_token"].as_str().expect("a token").to_owned()
}

/// Tokens without an epoch, from before the backend was `revocable`, are valid until the user's tokens are revoked.
pub(crate) async fn tokens_without_an_epoch_end(pair: &Pair) {
    let user = pair.one.user("early@example.com").await;
    let plain = JwtStrategy::new(JwtKeys::hs256(SECRET).expect("a secret"));
    let early = plain.write(&user).await.expect("a token");
    assert_eq!(pair.me(&early).await, VALID);
    let token = pair.one.login("jwt", &user.email).await;
    assert_eq!(pair.me(&early).await, VALID, "nothing was revoked");
    pair.one
        .users
        .revoke_sessions(&user, None)
        .await
        .expect("revoked");
    for token in [&early, &token] {
        assert_eq!(pair.me(token).await, ENDED);
    }
    let token = pair.one.login("jwt", &user.email).await;
    let owner = Strategy::<Member>::owner(&plain, &token).await;
    let owner = owner.expect("an answer");
    assert!(owner.is_none(), "a plain backend does not look at epochs");
}

/// What ends everyone's sessions also ends tokens without an epoch, of users who have never logged in since the backend is `revocable`.
pub(crate) async fn ending_everyones_ends_tokens_without_an_epoch(pair: &Pair) {
    let plain = JwtStrategy::new(JwtKeys::hs256(SECRET).expect("a secret"));
    let user = pair.one.user("earlier@example.com").await;
    for _ in 0..2 {
        let mut early = Vec::new();
        let email = format!("{}@example.com", uuid::Uuid::new_v4());
        let other = pair.other.user(&email).await;
        for user in [&user, &other] {
            early.push(plain.write(user).await.expect("a token"));
        }
        let (one, other) = tokio::join!(
            pair.one.users.revoke_everyones_sessions(),
            pair.other.users.revoke_everyones_sessions()
        );
        one.and(other).expect("they end");
        for token in &early {
            assert_eq!(pair.me(token).await, ENDED);
        }
    }
    // A login begins an epoch, in which the earlier token stays what it was.
    let early = plain.write(&user).await.expect("a token");
    let everyones = pair.one.users.revoke_everyones_sessions().await;
    everyones.expect("they end");
    let token = pair.other.login("jwt", &user.email).await;
    assert_eq!(pair.me(&token).await, VALID);
    assert_eq!(pair.me(&early).await, ENDED);
}

/// The first logins of a user, at once at both: they begin one epoch.
pub(crate) async fn first_logins_share_an_epoch(pair: &Pair) {
    let user = pair.one.user("first@example.com").await;
    let mut logins = JoinSet::new();
    for number in 0..20 {
        let client = [&pair.one, &pair.other][number % 2].client.clone();
        let email = user.email.clone();
        logins.spawn(async move { client.login("jwt", &email, PASSWORD).await });
    }
    let mut tokens = Vec::new();
    for answer in logins.join_all().await {
        assert_eq!(answer.status, 200, "{answer:?}");
        let body = answer.json();
        tokens.push(body["access_token"].as_str().expect("a token").to_owned());
    }
    for token in &tokens {
        assert_eq!(pair.me(token).await, VALID);
    }
    let (one, other) = tokio::join!(
        pair.one.users.revoke_sessions(&user, None),
        pair.other.users.revoke_sessions(&user, None)
    );
    one.and(other).expect("revoked");
    for token in &tokens {
        assert_eq!(pair.me(token).await, ENDED);
    }
}

/// A revocation beside logins: what was issued before it ends, and both systems agree about each token.
pub(crate) async fn a_revocation_beside_logins_ends_what_was_before(pair: &Pair) {
    let user = pair.one.user("beside@example.com").await;
    for _ in 0..3 {
        let before = [
            pair.one.login("jwt", &user.email).await,
            pair.other.login("jwt", &user.email).await,
        ];
        let mut logins = JoinSet::new();
        for number in 0..20 {
            let client = [&pair.one, &pair.other][number % 2].client.clone();
            let email = user.email.clone();
            logins.spawn(async move { client.login("jwt", &email, PASSWORD).await });
        }
        let revoked = pair.other.users.revoke_sessions(&user, None).await;
        revoked.expect("revoked");
        let after = pair.one.login("jwt", &user.email).await;
        for token in &before {
            assert_eq!(pair.me(token).await, ENDED);
        }
        assert_eq!(pair.me(&after).await, VALID);
        for answer in logins.join_all().await {
            assert_eq!(answer.status, 200, "{answer:?}");
            let token = answer.json()["access_token"].as_str().map(str::to_owned);
            let [one, other] = pair.me(&token.expect("a token")).await;
            assert_eq!(one, other);
        }
    }
}
