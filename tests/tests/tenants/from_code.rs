//! What the application's own code does with users.

use axum::extract::FromRequestParts as _;
use users_runtime::{
    CurrentUser, Error, Password,
    errors::{RegisterError, UpdateError},
    store::{StoreError, UserSearch},
    users::ActingUser,
    value::Presence,
};
use users_tests::PASSWORD;

use crate::system::{Member, MemberCreate, MemberUpdate, System};

pub(crate) fn new(email: &str) -> MemberCreate {
    MemberCreate {
        email: email.to_owned(),
        password: Password::from(PASSWORD),
        is_active: true,
        is_superuser: false,
        is_verified: false,
        name: None,
    }
}

pub(crate) async fn needs_a_tenant_for_addresses(system: &System) {
    let users = &system.users;
    let found = users.find_by_email("jo@example.com").await;
    assert!(
        matches!(found, Err(Error::Store(StoreError::NoTenant))),
        "{found:?}"
    );
    let created = users.create(new("code@example.com"), None).await;
    assert!(
        matches!(
            created,
            Err(RegisterError::Failed(Error::Store(StoreError::NoTenant)))
        ),
        "{created:?}"
    );
    let [acme, globex] = ["acme", "globex"].map(|name| users.in_tenant(&name.to_owned()));
    let created = acme
        .create(new("code@example.com"), None)
        .await
        .expect("a user");
    assert_eq!(created.workspace, "acme");
    let again = acme.create(new("CODE@example.com"), None).await;
    assert!(matches!(again, Err(RegisterError::EmailTaken)), "{again:?}");
    let absent = globex.find_by_email("code@example.com").await;
    assert!(absent.expect("the store answers").is_none());
    let found = acme.find_by_email("CODE@example.com").await;
    assert_eq!(
        found.expect("the store answers").expect("the user").id,
        created.id
    );
    // Ids are unique, so they need no tenant.
    assert!(
        users
            .find(&created.id)
            .await
            .expect("the store answers")
            .is_some()
    );
    assert!(
        globex
            .find(&created.id)
            .await
            .expect("the store answers")
            .is_none()
    );
}

pub(crate) async fn changes_users_of_its_tenant_only(system: &System) {
    let [acme, globex] = ["acme", "globex"].map(|name| system.users.in_tenant(&name.to_owned()));
    let user = acme
        .create(new("changed@example.com"), None)
        .await
        .expect("a user");
    acme.create(new("other@example.com"), None)
        .await
        .expect("a user");
    globex
        .create(new("new@example.com"), None)
        .await
        .expect("a user");
    let to = |email: &str| MemberUpdate {
        email: Presence::Present(email.to_owned()),
        ..MemberUpdate::default()
    };
    let moved = globex
        .update(&user, to("elsewhere@example.com"), None, None)
        .await;
    assert!(matches!(moved, Err(UpdateError::NotFound)), "{moved:?}");
    let deleted = globex.delete(&user, None).await;
    assert!(deleted.is_err(), "{deleted:?}");
    // Without a tenant, the user's own counts.
    let taken = system
        .users
        .update(&user, to("OTHER@example.com"), None, None)
        .await;
    assert!(matches!(taken, Err(UpdateError::EmailTaken)), "{taken:?}");
    let moved = system
        .users
        .update(&user, to("new@example.com"), None, None)
        .await;
    assert_eq!(moved.expect("a change").email, "new@example.com");
}

/// A middleware's acting user is one of the request's tenant, too.
pub(crate) async fn acts_in_its_tenant_only(system: &System) {
    let id = system.registered("acme", "acting@example.com").await;
    let acting = ActingUser(system.stored(id).await);
    for (workspace, is_accepted) in [("acme", true), ("globex", false)] {
        let request = http::Request::get("/").header("x-workspace", workspace);
        let request = request.extension(acting.clone()).body(());
        let (mut parts, ()) = request.expect("a request").into_parts();
        let current = CurrentUser::<Member>::from_request_parts(&mut parts, &system.users).await;
        assert_eq!(current.is_ok(), is_accepted, "{workspace}");
    }
}

pub(crate) async fn searches_in_its_tenant(system: &System) {
    let [acme, globex] = ["acme", "globex"].map(|name| system.users.in_tenant(&name.to_owned()));
    for (users, email) in [
        (&acme, "search-1@example.com"),
        (&acme, "search-2@example.com"),
        (&globex, "search-1@example.com"),
    ] {
        users.create(new(email), None).await.expect("a user");
    }
    let search = UserSearch::new().email("search-");
    assert!(system.users.search(&search).await.is_err());
    for (users, count) in [(&acme, 2), (&globex, 1), (&system.users, 3)] {
        if count < 3 {
            let found = users.search(&search).await.expect("the store answers");
            assert_eq!(found.len(), count);
        }
        let administration = users.administration().expect("a store with searches");
        let counted = administration.count(&search).await;
        assert_eq!(counted.expect("the store answers"), count as u64);
    }
}
