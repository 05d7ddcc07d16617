//! An application whose memory is measured.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Body};
use http::{Request, header};
use peak_alloc::PeakAlloc;
use tokio::sync::Mutex;
use tower::ServiceExt as _;
use users_runtime::{
    Password, PasswordHash, SqliteStore, UserModel, Users, UsersBuilder,
    password::{HashError, PasswordHasher, Scratch, Verdict},
};
use users_tests::{PASSWORD, SECRET};

#[global_allocator]
pub(crate) static MEMORY: PeakAlloc = PeakAlloc;

pub(crate) const KIB: usize = 1 << 10;
pub(crate) const MIB: usize = 1 << 20;
/// The longest body by default.
pub(crate) const LIMIT: usize = 64 * KIB;
pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// A user whose registration has many required fields, and a field for any document.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    backend(name = "jwt", transport = bearer, strategy = jwt),
    backend(name = "cookie", transport = cookie, strategy = database)
)]
pub(crate) struct Member {
    /// The primary key.
    pub id: i64,
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
    /// A required field.
    pub given_name: String,
    /// A required field.
    pub family_name: String,
    /// A required field.
    pub street: String,
    /// A required field.
    pub town: String,
    /// A document.
    pub settings: Option<serde_json::Value>,
}

/// A hasher that takes no memory, and remembers how much is allocated while it hashes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Measuring(pub(crate) Arc<AtomicUsize>);

impl PasswordHasher for Measuring {
    fn hash(&self, _: &Password, _: &mut Scratch) -> Result<PasswordHash, HashError> {
        self.0.store(MEMORY.current_usage(), Ordering::SeqCst);
        Ok(PasswordHash::new("hash"))
    }

    fn verify(&self, _: &Password, _: &PasswordHash, _: &mut Scratch) -> Verdict {
        self.0.store(MEMORY.current_usage(), Ordering::SeqCst);
        Verdict::Right
    }

    fn verify_nobody(&self, _: &Password, _: &mut Scratch) {}
}

/// The tests of this file measure one after the other.
pub(crate) static ALONE: Mutex<()> = Mutex::const_new(());

pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) hasher: Measuring,
    pub(crate) token: String,
    pub(crate) id: i64,
}

impl App {
    pub(crate) async fn start(
        configure: impl FnOnce(UsersBuilder<Member>) -> UsersBuilder<Member>,
    ) -> Self {
        let store = SqliteStore::<Member>::connect("sqlite::memory:")
            .await
            .expect("a database");
        store.migrate().await.expect("the tables");
        let hasher = Measuring::default();
        let builder = Users::<Member>::builder(store, SECRET).password_hasher(hasher.clone());
        let users = configure(builder).build().expect("a sound configuration");
        let root = MemberCreate {
            email: "root@example.com".to_owned(),
            password: PASSWORD.into(),
            is_active: true,
            is_superuser: true,
            is_verified: true,
            given_name: String::new(),
            family_name: String::new(),
            street: String::new(),
            town: String::new(),
            settings: None,
        };
        let root = users.create(root, None).await.expect("a user");
        let strategy = users.backend("jwt").expect("the backend").strategy();
        let token = strategy.write(&root).await.expect("a token");
        let router = users.router();
        let app = Self {
            router,
            hasher,
            token,
            id: root.id,
        };
        // What is made once, for the first request of its kind, is no request's.
        for (method, path) in ROUTES {
            for body in ["{}", "{\"email\":\"a@b\",\"settings\":[]}", "{"] {
                app.send(app.request(method, path, JSON, body)).await;
            }
        }
        app.send(app.request("POST", "/auth/jwt/login", FORM, "username=a&password=b"))
            .await;
        app
    }

    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path.replace("{id}", &self.id.to_string()))
            .header(header::CONTENT_TYPE, content_type)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .body(body.into())
            .expect("a request")
    }

    /// The status of the answer, whose body is read and dropped.
    pub(crate) async fn send(&self, request: Request<Body>) -> u16 {
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        axum::body::to_bytes(answer.into_body(), usize::MAX)
            .await
            .expect("a body");
        status
    }

    /// The status, and how much more memory than before was in use at the peak.
    pub(crate) async fn measure(&self, request: Request<Body>) -> (u16, usize) {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let status = self.send(request).await;
        (status, MEMORY.peak_usage().saturating_sub(before))
    }
}

pub(crate) const ROUTES: [(&str, &str); 7] = [
    ("POST", "/auth/register"),
    ("POST", "/auth/forgot-password"),
    ("POST", "/auth/request-verify-token"),
    ("POST", "/auth/verify"),
    ("POST", "/auth/reset-password"),
    ("PATCH", "/users/me"),
    ("PATCH", "/users/{id}"),
];
