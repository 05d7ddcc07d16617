//! `Json<UserCreate>` and `Json<UserUpdate>` in routes of an application: with the rights of the built-in routes, and with an
//! administrator's by `AsAdmin` alone.

use axum::{
    Json, Router,
    extract::{Path, State},
    response::ErrorResponse,
    routing::{patch, post},
};
use serde_json::{Value as Object, json};
use users_runtime::{
    PasswordHash, SqliteStore, UserModel, Users,
    schema::AsAdmin,
    store::{ColumnValue, UserStore as _},
    value::{Value, Viewer},
    web::UserBody,
};
use users_tests::{Client, Database, PASSWORD, SECRET, serve};

/// A field for each way in which registration and updates are open. Named after both, in this order.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
pub(crate) struct User {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(default = 1)]
    public_public: i64,
    #[fastapi_users(update = admin, default = 1)]
    public_admin: i64,
    #[fastapi_users(update = private, default = 1)]
    public_private: i64,
    #[fastapi_users(create = admin, default = 1)]
    admin_public: i64,
    #[fastapi_users(create = admin, update = admin, default = 1)]
    admin_admin: i64,
    #[fastapi_users(create = admin, update = private, default = 1)]
    admin_private: i64,
    #[fastapi_users(create = private, default = 1)]
    private_public: i64,
    #[fastapi_users(create = private, update = admin, default = 1)]
    private_admin: i64,
    #[fastapi_users(access = read_only, default = 1)]
    private_private: i64,
}

const FIELDS: [&str; 9] = [
    "public_public",
    "public_admin",
    "public_private",
    "admin_public",
    "admin_admin",
    "admin_private",
    "private_public",
    "private_admin",
    "private_private",
];

const FLAGS: [(&str, bool); 3] = [
    ("is_active", false),
    ("is_superuser", true),
    ("is_verified", true),
];

/// Everything that a client can try to set.
fn everything() -> Object {
    let mut sent = json!({});
    for field in FIELDS {
        sent[field] = json!(7);
    }
    for (flag, value) in FLAGS {
        sent[flag] = json!(value);
    }
    sent
}

fn registration(email: &str) -> Object {
    let mut sent = everything();
    sent["email"] = json!(email);
    sent["password"] = json!(PASSWORD);
    sent
}

/// The fields of a shown user that these requests can set.
fn settable(mut shown: Object) -> Object {
    let fields = shown.as_object_mut().expect("a user");
    fields.remove("id");
    fields.remove("email");
    shown
}

/// What is shown where these fields were set, and the flags were or were not.
fn shown(set: &[&str], with_flags: bool) -> Object {
    let mut shown = json!({});
    for field in FIELDS {
        shown[field] = json!(if set.contains(&field) { 7 } else { 1 });
    }
    for (flag, value) in FLAGS {
        shown[flag] = json!(if with_flags { value } else { !value });
    }
    shown
}

type Shown = Result<Json<UserRead>, ErrorResponse>;

async fn create(users: &Users<User>, sent: UserCreate) -> Shown {
    let user = users.create(sent, None).await?;
    Ok(Json(user.read(user.email.clone(), Viewer::Admin)))
}

async fn update(users: &Users<User>, id: i64, sent: UserUpdate) -> Shown {
    let user = users.find(&id).await?.expect("a user of the test");
    let user = users.update(&user, sent, None, None).await?;
    Ok(Json(user.read(user.email.clone(), Viewer::Admin)))
}

async fn create_plainly(State(users): State<Users<User>>, Json(sent): Json<UserCreate>) -> Shown {
    create(&users, sent).await
}

async fn create_as_admin(
    State(users): State<Users<User>>,
    Json(AsAdmin(sent)): Json<AsAdmin<UserCreate>>,
) -> Shown {
    create(&users, sent).await
}

async fn update_plainly(
    State(users): State<Users<User>>,
    Path(id): Path<i64>,
    Json(sent): Json<UserUpdate>,
) -> Shown {
    update(&users, id, sent).await
}

async fn update_as_admin(
    State(users): State<Users<User>>,
    Path(id): Path<i64>,
    Json(AsAdmin(sent)): Json<AsAdmin<UserUpdate>>,
) -> Shown {
    update(&users, id, sent).await
}

struct App {
    users: Users<User>,
    store: SqliteStore<User>,
    client: Client,
    _database: Database,
}

impl App {
    async fn start() -> Self {
        let database = Database::new();
        let store = SqliteStore::<User>::connect(&database.url())
            .await
            .expect("an SQLite file");
        store.migrate().await.expect("the tables");
        let users = Users::<User>::builder(store.clone(), SECRET)
            .build()
            .expect("a sound configuration");
        let own = Router::new()
            .route("/plain", post(create_plainly))
            .route("/admin", post(create_as_admin))
            .route("/plain/{id}", patch(update_plainly))
            .route("/admin/{id}", patch(update_as_admin));
        let router = own.merge(users.router()).with_state(users.clone());
        let url = serve(|listener| axum::serve(listener, router)).await;
        let client = Client::new(&url);
        Self {
            users,
            store,
            client,
            _database: database,
        }
    }

    /// A client of a new user, and the user's id.
    async fn user(&self, email: &str, is_superuser: bool) -> (Client, i64) {
        let sent = json!({ "email": email, "password": PASSWORD });
        let answer = self.client.json("POST", "/auth/register", &sent).await;
        let id = answer.json()["id"].as_i64().expect("an id");
        let column = User::COLUMNS
            .iter()
            .position(|column| column.field == "is_superuser")
            .expect("a column");
        let value = Value::Bool(is_superuser);
        let user = self
            .store
            .update(&id, vec![ColumnValue { column, value }], None)
            .await
            .expect("the user");
        let backend = self.users.backend("jwt").expect("a backend");
        let token = backend.strategy().write(&user).await.expect("a token");
        (self.client.clone().bearer(&token), id)
    }

    async fn sent(&self, client: &Client, method: &str, path: &str, sent: &Object) -> Object {
        let answer = client.json(method, path, sent).await;
        assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
        settable(answer.json())
    }
}

#[tokio::test]
async fn a_plain_registration_sets_what_the_built_in_route_sets() {
    let app = App::start().await;
    let expected = shown(&["public_public", "public_admin", "public_private"], false);
    for path in ["/auth/register", "/plain"] {
        let sent = registration(&format!("{}@example.com", &path[1..2]));
        assert_eq!(
            app.sent(&app.client, "POST", path, &sent).await,
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_registration_as_an_administrator_sets_what_administrators_may() {
    let app = App::start().await;
    let set: Vec<_> = FIELDS
        .into_iter()
        .filter(|field| !field.starts_with("private_"))
        .collect();
    let body = registration("jo@example.com");
    assert_eq!(
        app.sent(&app.client, "POST", "/admin", &body).await,
        shown(&set, true)
    );
}

#[tokio::test]
async fn a_plain_update_sets_what_the_built_in_route_sets() {
    let app = App::start().await;
    let expected = shown(&["public_public", "admin_public", "private_public"], false);
    let (jo, _) = app.user("jo@example.com", false).await;
    let (_, al) = app.user("al@example.com", false).await;
    for path in ["/users/me", &format!("/plain/{al}")] {
        assert_eq!(
            app.sent(&jo, "PATCH", path, &everything()).await,
            expected,
            "{path}"
        );
    }
}

#[tokio::test]
async fn an_update_as_an_administrator_sets_what_the_built_in_route_sets() {
    let app = App::start().await;
    let set: Vec<_> = FIELDS
        .into_iter()
        .filter(|field| !field.ends_with("_private"))
        .collect();
    let (root, _) = app.user("root@example.com", true).await;
    let (_, jo) = app.user("jo@example.com", false).await;
    let (_, al) = app.user("al@example.com", false).await;
    for path in [format!("/users/{jo}"), format!("/admin/{al}")] {
        assert_eq!(
            app.sent(&root, "PATCH", &path, &everything()).await,
            shown(&set, true),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_is_ignored_is_validated_as_the_built_in_routes_do() {
    let app = App::start().await;
    let (jo, id) = app.user("jo@example.com", false).await;
    let plain = format!("/plain/{id}");
    let is_sent = |field: &str, prefix: &str| !field.starts_with(prefix);
    for field in FIELDS.into_iter().chain(FLAGS.map(|(flag, _)| flag)) {
        let mut sent = registration(&format!("{field}@example.com"));
        sent[field] = json!("seven");
        for path in ["/auth/register", "/plain"] {
            let refused = app.client.json("POST", path, &sent).await.status == 422;
            assert_eq!(refused, is_sent(field, "private_"), "{path} {field}");
            sent["email"] = json!(format!("{field}.2@example.com"));
        }
        let sent = json!({ field: "seven" });
        for path in ["/users/me", &plain] {
            let refused = jo.json("PATCH", path, &sent).await.status == 422;
            assert_eq!(refused, !field.ends_with("_private"), "{path} {field}");
        }
    }
}

#[tokio::test]
async fn code_sets_every_field() {
    let app = App::start().await;
    let create = UserCreate {
        email: "root@example.com".to_owned(),
        password: PASSWORD.into(),
        is_active: false,
        is_superuser: true,
        is_verified: true,
        public_public: 7,
        public_admin: 7,
        public_private: 7,
        admin_public: 7,
        admin_admin: 7,
        admin_private: 7,
    };
    let user = app.users.create(create, None).await.expect("a new user");
    let read = serde_json::to_value(user.read(user.email.clone(), Viewer::Admin)).expect("JSON");
    let set: Vec<_> = FIELDS
        .into_iter()
        .filter(|field| !field.starts_with("private_"))
        .collect();
    assert_eq!(settable(read), shown(&set, true));
}

async fn by_client(body: UserBody<User, UserCreate>) -> String {
    format!("{} {}", body.value.email, body.value.is_superuser)
}

async fn by_admin(body: UserBody<User, AsAdmin<UserCreate>>) -> String {
    let AsAdmin(create) = body.value;
    format!("{} {}", create.email, create.is_superuser)
}

#[tokio::test]
async fn a_body_of_a_custom_route_is_refused_as_a_registration_is() {
    let database = Database::new();
    let store = SqliteStore::<User>::connect(&database.url()).await;
    let store = store.expect("a database");
    store.migrate().await.expect("tables");
    let users = Users::<User>::builder(store, SECRET).limits_off().build();
    let users = users.expect("a sound configuration");
    let router: Router = Router::new()
        .route("/client", post(by_client))
        .route("/admin", post(by_admin))
        .merge(users.router())
        .with_state(users);
    let url = serve(|listener| axum::serve(listener, router)).await;
    let client = Client::new(&url);
    for body in [
        json!({}),
        json!([]),
        json!({ "email": "jo", "password": PASSWORD }),
        json!({ "email": "jo@example.com", "password": 7, "public_public": "x" }),
    ] {
        let expected = client.post("/auth/register", &body).await;
        assert_eq!(expected.status, 422);
        for path in ["/client", "/admin"] {
            client.post(path, &body).await.assert(422, &expected.json());
        }
    }
    let root = json!({ "email": "JO@Example.com", "password": PASSWORD, "is_superuser": true });
    let by_client = client.post("/client", &root).await;
    assert_eq!(
        (by_client.status, &*by_client.text),
        (200, "JO@example.com false")
    );
    let by_admin = client.post("/admin", &root).await;
    assert_eq!(
        (by_admin.status, &*by_admin.text),
        (200, "JO@example.com true")
    );
}
