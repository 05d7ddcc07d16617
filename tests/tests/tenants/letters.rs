//! Letters, and the tokens in them.

use serde_json::json;
use users_tests::{PASSWORD, until};

use crate::system::System;

pub(crate) async fn reset_and_verify_in_their_tenant_only(system: &System) {
    let email = "letters@example.com";
    system.registered("acme", email).await;
    system.registered("globex", email).await;
    let (acme, globex) = (system.client("acme"), system.client("globex"));
    let asked = acme
        .post("/auth/request-verify-token", &json!({ "email": email }))
        .await;
    assert_eq!(asked.status, 202, "{asked:?}");
    let token = until("a letter", || system.letters.last("acme", email)).await;
    let body = json!({ "token": token });
    let refused = globex.post("/auth/verify", &body).await;
    refused.assert_detail(400, "VERIFY_USER_BAD_TOKEN");
    let verified = acme.post("/auth/verify", &body).await;
    assert_eq!(verified.json()["workspace"], "acme", "{verified:?}");
    assert_eq!(system.letters.last("globex", email), None);

    let asked = globex
        .post("/auth/forgot-password", &json!({ "email": email }))
        .await;
    assert_eq!(asked.status, 202, "{asked:?}");
    let token = until("a letter", || system.letters.last("globex", email)).await;
    let body = json!({ "token": token, "password": "another horse" });
    let refused = acme.post("/auth/reset-password", &body).await;
    refused.assert_detail(400, "RESET_PASSWORD_BAD_TOKEN");
    assert_eq!(globex.post("/auth/reset-password", &body).await.status, 200);
    assert_eq!(
        globex.login("jwt", email, "another horse").await.status,
        200
    );
    assert_eq!(acme.login("jwt", email, PASSWORD).await.status, 200);
}
