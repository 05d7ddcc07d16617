//! How often a request allocates memory, measured by an allocator that counts.
//!
//! The bounds are what was measured when they were set, and a little more for a driver's next version. They count everything in the
//! process: routing, the driver of the database on its own thread, and reading the answer.

use std::alloc::System;

use axum::{Router, body::Body};
use http::{Request, header};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower::ServiceExt as _;
use users_runtime::{
    Compat, PasswordHash, SqliteStore, UserModel, Users, fastapi_routing, session::Login,
};
use users_tests::{PASSWORD, SECRET, TestHasher};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// A user of every kind of token that needs no further server.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "db", transport = bearer, strategy = database),
    backend(name = "kept", transport = bearer, strategy = session)
)]
pub struct Member {
    /// The primary key.
    pub id: uuid::Uuid,
    /// The e-mail address.
    pub email: String,
    /// The password hash.
    pub hashed_password: PasswordHash,
    /// Whether the user may log in.
    pub is_active: bool,
    /// Whether the user may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,
    /// A field of the application.
    pub first_name: Option<String>,
}

/// How many requests are counted together.
const COUNTED: usize = 100;

fn request(token: &str) -> Request<Body> {
    Request::builder()
        .uri("/users/me")
        .header(header::HOST, "127.0.0.1:8000")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .expect("a request")
}

async fn send(router: &Router, request: Request<Body>) {
    let answer = router.clone().oneshot(request).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    axum::body::to_bytes(answer.into_body(), usize::MAX)
        .await
        .expect("a body");
}

/// The allocations of one request with this token, those of growing memory included.
async fn allocations(router: &Router, token: &str) -> usize {
    // What is made once, such as a prepared statement, is no request's.
    for _ in 0..10 {
        send(router, request(token)).await;
    }
    let requests: Vec<_> = (0..COUNTED).map(|_| request(token)).collect();
    let region = Region::new(MEMORY);
    for request in requests {
        send(router, request).await;
    }
    let change = region.change();
    (change.allocations + change.reallocations).div_ceil(COUNTED)
}

/// The allocations of a request with a token of each backend.
async fn of_each_backend(compat: Compat) -> Vec<(&'static str, usize)> {
    let store = SqliteStore::<Member>::connect("sqlite::memory:")
        .await
        .expect("a database");
    store.migrate().await.expect("the tables");
    let users = Users::<Member>::builder(store, SECRET)
        .compat(compat)
        .password_hasher(TestHasher::default())
        .limits_off()
        .build()
        .expect("a sound configuration");
    let member = MemberCreate {
        email: "king.arthur@camelot.bt".to_owned(),
        password: PASSWORD.into(),
        is_active: true,
        is_superuser: false,
        is_verified: true,
        first_name: Some("Arthur".to_owned()),
    };
    let member = users.create(member, None).await.expect("a user");
    let app = fastapi_routing(users.router()).compat(compat);
    let router = Router::new().fallback_service(app);
    let mut counted = Vec::new();
    for name in ["jwt", "db", "kept"] {
        let strategy = users.backend(name).expect("the backend").strategy();
        let issued = strategy.issue(&member, &Login::new("password")).await;
        let token = issued.expect("a token").access;
        counted.push((name, allocations(&router, &token).await));
    }
    counted
}

// One test, since the allocator counts for the whole process.
#[tokio::test]
async fn a_request_allocates_no_more_than_it_did() {
    let bounds = [("jwt", 56), ("db", 70), ("kept", 72)];
    for compat in [Compat::FastApiUsers15, Compat::Off] {
        let counted = of_each_backend(compat).await;
        for ((name, bound), (_, count)) in bounds.into_iter().zip(&counted) {
            assert!(
                *count <= bound,
                "{compat:?}: a request with a token of `{name}` allocates {count} times, more than {bound}: {counted:?}"
            );
        }
    }
}
