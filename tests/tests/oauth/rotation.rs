//! Browsers that are at the provider while the keys of states change.

use users_runtime::token::{JwtKeys, SigningKey, VerifyingKey};
use users_tests::{App, SECRET};

use crate::provider::{Asked, Flow, account, oauth, routes};

/// The pair of the runtime's own tests.
const PRIVATE: &str = include_str!("../../../users-runtime/src/token/tests/keys/eddsa.pem");
const PUBLIC: &str = include_str!("../../../users-runtime/src/token/tests/keys/eddsa.pub.pem");

async fn start(keys: JwtKeys) -> (App, Asked) {
    let (oauth, asked) = oauth("forge");
    let app = App::builder().configure(move |builder| builder.oauth_state_keys(keys));
    (
        app.routes(move |users| routes(users, &oauth)).start().await,
        asked,
    )
}

fn secret(byte: u8) -> SigningKey {
    SigningKey::hs256(format!("{SECRET}, number {byte}")).expect("a secret")
}

fn pair() -> SigningKey {
    SigningKey::eddsa_pem(PRIVATE).expect("a key")
}

#[tokio::test]
async fn a_login_that_is_under_way_survives_a_change_of_the_keys() {
    let changes = [
        (
            "the new secret signs",
            JwtKeys::new(secret(1)),
            JwtKeys::new(secret(2)).also_accept(&secret(1)),
        ),
        (
            "the old secret still signs elsewhere",
            JwtKeys::new(secret(2)).also_accept(&secret(1)),
            JwtKeys::new(secret(1)).also_accept(&secret(2)),
        ),
        (
            "from a pair to a secret",
            JwtKeys::new(pair()),
            JwtKeys::new(secret(2)).also_accept(&pair()),
        ),
        (
            "from a secret to a pair",
            JwtKeys::new(secret(1)),
            JwtKeys::new(pair()).also_accept(&secret(1)),
        ),
    ];
    for (change, before, after) in changes {
        let ((before, _), (after, asked)) = (start(before).await, start(after).await);
        let flow = Flow::start(&before.client(), "/forge").await;
        let back = Flow {
            client: after.client(),
            ..flow.clone()
        };
        let answer = back.back(&account("1", "jo@example.com")).await;
        assert_eq!(answer.status, 200, "{change}: {answer:?}");
        let verifier = asked
            .lock()
            .expect("no test panics while it holds the lock")[0]["code_verifier"]
            .clone();
        assert_eq!(
            Flow::challenge_of(&verifier),
            flow.sent["code_challenge"],
            "{change}"
        );
    }
}

#[tokio::test]
async fn a_key_that_is_accepted_no_longer_or_only_in_public_ends_the_login_before_the_provider_is_asked()
 {
    let public = VerifyingKey::eddsa_pem(PUBLIC).expect("a key");
    for (before, after) in [
        (JwtKeys::new(secret(1)), JwtKeys::new(secret(2))),
        (
            JwtKeys::new(pair()),
            JwtKeys::new(secret(2)).also_accept(public),
        ),
    ] {
        let ((before, _), (after, asked)) = (start(before).await, start(after).await);
        let back = Flow {
            client: after.client(),
            ..Flow::start(&before.client(), "/forge").await
        };
        back.back(&account("1", "jo@example.com"))
            .await
            .assert_detail(400, "ACCESS_TOKEN_DECODE_ERROR");
        assert!(
            asked
                .lock()
                .expect("no test panics while it holds the lock")
                .is_empty(),
            "nothing was asked of the provider"
        );
    }
}
