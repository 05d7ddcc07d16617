//! Tokens as the application wants them: claims of its own, in the query, by a transport of its own; and the current user of a test.

use std::collections::BTreeMap;

use axum::{
    Extension, Json, Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::{any, get},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use users_runtime::{
    BearerTransport, Compat, CurrentUser, JwtStrategy, PasswordHash, SqliteStore, UserModel, Users,
    UsersBuilder, errors::BuildError, guards::ActiveSuperuser, session::Transport, token::JwtKeys,
    users::ActingUser,
};
use users_tests::{PASSWORD, SECRET};

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    backend(name = "plain", transport = bearer, strategy = jwt),
    backend(name = "revocable", transport = bearer, strategy = jwt, revocable),
    backend(name = "refresh", transport = bearer, strategy = jwt, refresh),
    backend(name = "given", transport = bearer, strategy = custom),
    backend(name = "kept", transport = bearer, strategy = database)
)]
struct Member {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(access = read_only, default = "free")]
    plan: String,
}

async fn builder() -> (SqliteStore<Member>, UsersBuilder<Member>) {
    let store = SqliteStore::<Member>::connect("sqlite::memory:").await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    (store.clone(), Users::<Member>::builder(store, SECRET))
}

fn given() -> JwtStrategy {
    JwtStrategy::new(JwtKeys::hs256(SECRET).expect("a secret"))
        .audience(["members"])
        .issued_at(true)
        .claim("email", |member: &Member| member.email.clone())
}

async fn jo(users: &Users<Member>) -> Member {
    let create = json!({ "email": "jo@example.com", "password": PASSWORD });
    let create = serde_json::from_value(create).expect("a registration");
    users.create(create, None).await.expect("a new user")
}

/// What handlers read of the caller's token.
async fn claims(State(users): State<Users<Member>>, user: CurrentUser<Member>) -> Json<Value> {
    let claims = users.claims(&user.session);
    let text = |name| {
        let claims = claims.as_ref();
        claims.and_then(|claims| claims.get(name)).cloned()
    };
    Json(json!({ "plan": text("plan"), "email": text("email"), "iat": text("iat").is_some() }))
}

async fn asked(app: &Router, request: axum::http::request::Builder) -> (StatusCode, Value) {
    let request = request.body(Body::empty()).expect("a request");
    let answer = app.clone().oneshot(request).await.expect("an answer");
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 16).await.expect("a body");
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn every_backend_with_json_web_tokens_has_the_claims_of_the_application() {
    let (_, builder) = builder().await;
    let users = builder
        .strategy("given", given())
        .jwt_claim("plan", |member: &Member| member.plan.clone())
        .build()
        .expect("a sound configuration");
    let jo = jo(&users).await;
    let app = Router::new()
        .route("/claims", get(claims))
        .with_state(users.clone());
    let mut said = BTreeMap::new();
    for backend in users.backends() {
        let token = backend.strategy().write(&jo).await.expect("a token");
        let request =
            Request::get("/claims").header(header::AUTHORIZATION, format!("Bearer {token}"));
        let (status, claims) = asked(&app, request).await;
        assert_eq!(status, 200, "{}", backend.name());
        said.insert(backend.name().to_owned(), claims);
    }
    let expected = json!({
        "plain": { "plan": "free", "email": null, "iat": false },
        "revocable": { "plan": "free", "email": null, "iat": false },
        "refresh": { "plan": "free", "email": null, "iat": true },
        "given": { "plan": null, "email": "jo@example.com", "iat": true },
        "kept": { "plan": null, "email": null, "iat": false },
    });
    assert_eq!(json!(said), expected);
}

#[tokio::test]
async fn names_that_the_tokens_have_already_are_refused() {
    for (names, told) in [
        (&["sub"][..], "`sub`"),
        (&["exp"], "`exp`"),
        (&["ver"], "`ver`"),
        (&["plan", "plan"], "twice"),
    ] {
        for compat in [Compat::Off, Compat::FastApiUsers15] {
            let (_, builder) = builder().await;
            let builder = builder.compat(compat).strategy("given", given());
            let builder = names
                .iter()
                .fold(builder, |builder, name| builder.jwt_claim(*name, |_| 1));
            let error = builder.build().expect_err("a mistake");
            let is_told =
                matches!(&error, BuildError::InvalidStrategy { backend, .. } if backend == "plain");
            assert!(is_told && error.to_string().contains(told), "{error}");
        }
    }
    let (_, builder) = builder().await;
    let strategy = given().claim("aud", |_: &Member| "others");
    let error = builder.strategy("given", strategy).build().err();
    assert!(matches!(error, Some(BuildError::InvalidStrategy { .. })));
}

#[tokio::test]
async fn a_token_in_the_query_counts_where_the_transport_reads_it() {
    let (_, builder) = builder().await;
    let users = builder
        .strategy("given", given())
        .transport("plain", BearerTransport::new().or_query("access_token"))
        .build()
        .expect("a sound configuration");
    let jo = jo(&users).await;
    let app = Router::new()
        .route("/claims", any(claims))
        .with_state(users.clone());
    let token = async |backend: &str| {
        let backend = users.backend(backend).expect("the backend");
        backend.strategy().write(&jo).await.expect("a token")
    };
    let (plain, given) = (token("plain").await, token("given").await);
    let status = async |request| asked(&app, request).await.0.as_u16();
    let url = |token: &str| format!("/claims?access_token={token}");
    assert_eq!(status(Request::get(url(&plain))).await, 200);
    assert_eq!(
        status(Request::get(url(&given))).await,
        401,
        "another backend's"
    );
    assert_eq!(status(Request::post(url(&plain))).await, 401);
    assert_eq!(status(Request::get("/claims?access_token=x")).await, 401);
}

async fn administrators(user: CurrentUser<Member, ActiveSuperuser>) -> String {
    format!("{:?}", user.email)
}

#[tokio::test]
async fn a_test_names_the_current_user_in_one_line() {
    let (_, builder) = builder().await;
    let users = builder
        .strategy("given", given())
        .build()
        .expect("a sound configuration");
    let jo = jo(&users).await;
    let app = Router::new()
        .route("/claims", get(claims))
        .route("/administrators", get(administrators))
        .with_state(users);
    let status = async |app: &Router, path| asked(app, Request::get(path)).await.0.as_u16();
    assert_eq!(status(&app, "/claims").await, 401);
    let app_as = |user: &Member| app.clone().layer(Extension(ActingUser(user.clone())));
    assert_eq!(status(&app_as(&jo), "/claims").await, 200);
    assert_eq!(status(&app_as(&jo), "/administrators").await, 403);
    let root = Member {
        is_superuser: true,
        ..jo.clone()
    };
    assert_eq!(status(&app_as(&root), "/administrators").await, 200);
    let gone = Member {
        is_active: false,
        ..jo
    };
    assert_eq!(status(&app_as(&gone), "/claims").await, 401);
}

/// A header of the application.
struct ApiKey;

impl Transport for ApiKey {
    fn read(&self, headers: &HeaderMap) -> Option<String> {
        Some(headers.get("x-api-key")?.to_str().ok()?.to_owned())
    }

    fn login_response(&self, token: &str) -> Response {
        ([("x-api-key", token.to_owned())], StatusCode::NO_CONTENT).into_response()
    }

    fn logout_response(&self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    schemas(read = DeviceRead, create = DeviceCreate, update = DeviceUpdate),
    backend(name = "key", transport = custom, strategy = jwt)
)]
struct Device {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

#[tokio::test]
async fn a_declared_transport_of_the_application_is_given_to_the_builder() {
    let store = SqliteStore::<Device>::connect("sqlite::memory:").await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    let builder = || Users::<Device>::builder(store.clone(), SECRET);
    let error = builder().build().expect_err("no transport");
    assert!(
        matches!(&error, BuildError::MissingTransport(name) if name == "key")
            && error.to_string().contains(".transport(\"key\", …)"),
        "{error}"
    );
    let users = builder().transport("key", ApiKey).build();
    let users = users.expect("a sound configuration");
    let create = json!({ "email": "jo@example.com", "password": PASSWORD });
    let create = serde_json::from_value(create).expect("a registration");
    let jo = users.create(create, None).await.expect("a new user");
    let backend = users.backend("key").expect("the backend");
    let token = backend.strategy().write(&jo).await.expect("a token");
    let app = users.router::<()>();
    let (status, shown) = asked(&app, Request::get("/users/me").header("x-api-key", token)).await;
    assert_eq!(
        (status.as_u16(), &shown["email"]),
        (200, &json!("jo@example.com"))
    );
}
