//! Administrators, who see the users of their tenant.

use serde_json::json;
use users_runtime::value::Presence;

use crate::system::{MemberUpdate, System, token};

pub(crate) async fn see_the_users_of_their_tenant(system: &System) {
    let admin = system.registered("acme", "admin@example.com").await;
    let colleague = system.registered("acme", "colleague@example.com").await;
    let stranger = system.registered("globex", "colleague@example.com").await;
    let promoted = MemberUpdate {
        is_superuser: Presence::Present(true),
        ..MemberUpdate::default()
    };
    let user = system.stored(admin).await;
    let promoted = system.users.update(&user, promoted, None, None).await;
    promoted.expect("a superuser");
    let tokens = system.login("acme", "jwt", "admin@example.com").await;
    let [acme, globex] = ["acme", "globex"].map(|workspace| {
        let client = system.client(workspace);
        client.bearer(token(&tokens, "access_token"))
    });
    let change = json!({ "name": "changed" });
    for path in ["", "/events", "/sessions"] {
        let hidden = acme.get(&format!("/users/{stranger}{path}")).await;
        assert_eq!(hidden.status, 404, "{path}: {hidden:?}");
        let shown = acme.get(&format!("/users/{colleague}{path}")).await;
        assert_eq!(shown.status, 200, "{path}: {shown:?}");
    }
    let path = format!("/users/{stranger}");
    assert_eq!(acme.json("PATCH", &path, &change).await.status, 404);
    assert_eq!(acme.send("DELETE", &path).await.status, 404);
    // An administrator of one tenant has no rights in the other.
    globex.get(&path).await.assert_detail(401, "Unauthorized");
    assert_eq!(system.stored(stranger).await.name, None);
    let path = format!("/users/{colleague}");
    assert_eq!(acme.json("PATCH", &path, &change).await.status, 200);
    assert_eq!(acme.send("DELETE", &path).await.status, 204);
}
