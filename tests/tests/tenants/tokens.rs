//! Tokens of one tenant that are presented to the other.

use serde_json::json;

use crate::system::{System, token};

pub(crate) async fn are_valid_in_their_tenant_only(system: &System) {
    let email = "bearer@example.com";
    system.registered("acme", email).await;
    system.registered("globex", email).await;
    for backend in ["jwt", "database", "session"] {
        let tokens = system.login("acme", backend, email).await;
        let [acme, globex] = ["acme", "globex"].map(|workspace| {
            let client = system.client(workspace);
            client.bearer(token(&tokens, "access_token"))
        });
        assert_eq!(globex.get("/own").await.status, 401, "{backend}");
        assert_eq!(globex.get("/maybe").await.text, "no user");
        globex
            .get("/users/me")
            .await
            .assert_detail(401, "Unauthorized");
        let change = json!({ "name": "another" });
        let change = globex.json("PATCH", "/users/me", &change).await;
        change.assert_detail(401, "Unauthorized");
        let logout = globex
            .send("POST", &format!("/auth/{backend}/logout"))
            .await;
        logout.assert_detail(401, "Unauthorized");
        assert_eq!(acme.get("/own").await.text, "acme", "{backend}");
        assert_eq!(acme.get("/maybe").await.text, "acme", "{backend}");
    }
}

pub(crate) async fn to_refresh_stay_valid_where_another_tenant_refuses_them(system: &System) {
    let email = "refresher@example.com";
    system.registered("acme", email).await;
    let tokens = system.login("acme", "session", email).await;
    let body = json!({ "refresh_token": token(&tokens, "refresh_token") });
    let globex = system.client("globex");
    for _ in 0..2 {
        let refused = globex.post("/auth/session/refresh", &body).await;
        refused.assert_detail(400, "REFRESH_BAD_TOKEN");
        let logout = globex.post("/auth/session/logout", &body).await;
        assert_eq!(logout.status, 401, "{logout:?}");
    }
    let refreshed = system.client("acme");
    let refreshed = refreshed.post("/auth/session/refresh", &body).await;
    assert_eq!(refreshed.status, 200, "{refreshed:?}");
}
