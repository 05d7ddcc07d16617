//! An application on SeaORM: its user is one of its entities, and the user system works on its connection.
//!
//! ```text
//! cargo run -p seaorm
//! ```

mod entity;

use std::error::Error;

use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, Database, DatabaseConnection, DbErr, EntityTrait,
    ModelTrait, QueryOrder, Schema,
};
use serde::{Deserialize, Serialize};
use users_runtime::{CurrentUser, SeaOrmStore, Users, random_secret};

use entity::{post, user};

/// What the routes share.
#[derive(Clone, FromRef)]
struct App {
    users: Users<user::Model>,
    database: DatabaseConnection,
}

/// What a client sends to write a post.
#[derive(Deserialize)]
struct NewPost {
    title: String,
}

/// What a client is shown of a post.
#[derive(Serialize)]
struct Post {
    title: String,
    author: Option<String>,
}

/// What the database refused is the log's business, not the client's.
struct Refused(DbErr);

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        eprintln!("The database refused: {}", self.0);
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

async fn write(
    author: CurrentUser<user::Model>,
    State(database): State<DatabaseConnection>,
    Json(post): Json<NewPost>,
) -> Result<StatusCode, Refused> {
    let post = post::ActiveModel {
        author_id: Set(author.id),
        title: Set(post.title),
        ..Default::default()
    };
    post::Entity::insert(post).exec(&database).await?;
    Ok(StatusCode::CREATED)
}

/// Every post with its author, in one query: the users' table is one of the application's own.
async fn read(State(database): State<DatabaseConnection>) -> Result<Json<Vec<Post>>, Refused> {
    let query = post::Entity::find()
        .find_also_related(user::Entity)
        .order_by_asc(post::Column::Id);
    let posts = query.all(&database).await?;
    let shown = |(post, author): (post::Model, Option<user::Model>)| {
        let author = author.and_then(|author| author.name);
        Post {
            title: post.title,
            author,
        }
    };
    Ok(Json(posts.into_iter().map(shown).collect()))
}

/// The user is an entity's model, so it has what SeaORM gives models.
async fn my_posts(
    author: CurrentUser<user::Model>,
    State(database): State<DatabaseConnection>,
) -> Result<Json<Vec<String>>, Refused> {
    let posts = author.find_related(post::Entity).all(&database).await?;
    Ok(Json(posts.into_iter().map(|post| post.title).collect()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let database = Database::connect("sqlite://seaorm.db?mode=rwc").await?;
    let store = SeaOrmStore::new(database.clone())?;
    store.migrate().await?;
    let schema = Schema::new(database.get_database_backend());
    database
        .execute(
            schema
                .create_table_from_entity(post::Entity)
                .if_not_exists(),
        )
        .await?;

    // A new secret at every start logs all users out; a real application reads one from its configuration.
    let users = Users::builder(store, random_secret()).build()?;
    let app = Router::new()
        .route("/posts", get(read).post(write))
        .route("/posts/mine", get(my_posts))
        .merge(users.router())
        .with_state(App { users, database });

    let bind = std::env::var("BIND").ok().filter(|bind| !bind.is_empty());
    let bind = bind.as_deref().unwrap_or("127.0.0.1:8000");
    let listener = tokio::net::TcpListener::bind(bind).await?;
    println!(
        "{}",
        TRY_IT.replace("HOST", &listener.local_addr()?.to_string())
    );
    users_runtime::serve(listener, app).await?;
    Ok(())
}

const TRY_IT: &str = r#"Serving on http://HOST with users and posts in seaorm.db. Try it:

  curl http://HOST/auth/register -H 'Content-Type: application/json' -d '{"email": "jo@example.com", "password": "correct horse", "name": "Jo"}'
  curl http://HOST/auth/jwt/login -d username=jo@example.com -d 'password=correct horse'
  curl http://HOST/users/me -H 'Authorization: Bearer TOKEN'
  curl http://HOST/posts -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' -d '{"title": "Hello"}'
  curl http://HOST/posts/mine -H 'Authorization: Bearer TOKEN'
  curl http://HOST/posts
"#;
