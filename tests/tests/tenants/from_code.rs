//! What the application's own code does with users.

use axum::extract::FromRequestParts as _;
use users_runtime::{
    CurrentUser, Error, Password,
    errors::{LoginError, RegisterError, UpdateError},
    login::LoginAttempt,
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

pub(crate) async fn logs_in_users_of_the_requests_tenant_only(system: &System) {
    let user = system
        .users
        .in_tenant(&"acme".to_owned())
        .create(new("named@example.com"), None)
        .await
        .expect("a user");
    let log_in = async |workspace: &str, attempt: LoginAttempt<Member>| {
        let request = http::Request::post("/own").header("x-workspace", workspace);
        let (request, ()) = request.body(()).expect("a request").into_parts();
        let logged_in = system.users.log_in("database", attempt, &request).await;
        logged_in.map(|logged_in| (logged_in.user().id, logged_in.issued().access.clone()))
    };
    let password = || LoginAttempt::password("named", Some(user.clone()), PASSWORD);
    let proven = || LoginAttempt::proven(user.clone(), "magic_link");
    let checked = || {
        let user = user.clone();
        LoginAttempt::checked("named", None, "ldap", async { Ok(Some(user)) })
    };
    for attempt in [password(), proven(), checked()] {
        let (id, token) = log_in("acme", attempt).await.expect("a login");
        assert_eq!(id, user.id);
        let me = system.client("acme").bearer(&token).get("/own").await;
        assert_eq!((me.status, &*me.text), (200, "acme"));
    }
    for attempt in [password(), proven(), checked()] {
        let refused = log_in("globex", attempt).await;
        let refused = refused.expect_err("a user of another tenant");
        assert!(matches!(refused, LoginError::BadCredentials), "{refused:?}");
    }
    let refused = log_in("nowhere", password()).await;
    let refused = refused.expect_err("no such tenant");
    assert_eq!(refused.code(), "UNKNOWN_WORKSPACE");
}
