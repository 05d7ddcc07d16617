//! The attributes in use: your own fields, who may read and write them, their validation rules, and what the OpenAPI document
//! (with the runtime's feature `openapi`) shows of them.
//!
//! ```text
//! cargo run -p custom-fields
//! ```

mod plan;

use axum::{Json, Router, routing::get};
use chrono::{DateTime, NaiveDate, Utc};
use plan::Plan;
use serde_json::{Value, json};
use users_runtime::{
    CurrentUser, PasswordHash, SqliteStore, UserModel, Users, guards::ActiveVerified, random_secret,
};
use uuid::Uuid;

/// A customer.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "customers",
    schemas(read = CustomerRead, create = CustomerCreate, update = CustomerUpdate),
    backend(name = "app", transport = bearer, strategy = jwt, prefix = "/session"),
    routes(register = "/customers", users = "/customers", reset_password = "/account", verify = "/account")
)]
#[expect(dead_code, reason = "what only the store and the clients read")]
pub(crate) struct Customer {
    /// UUIDs of version 7 sort by the time they were made.
    #[fastapi_users(id(v7), column = "customer_id")]
    pub number: Uuid,
    /// In the table it is `mail`, on the wire it is `email`.
    #[fastapi_users(email, column = "mail")]
    pub address: String,
    /// Never leaves the server.
    pub hashed_password: PasswordHash,
    /// Whether the customer may log in.
    pub is_active: bool,
    /// Whether the customer may administer others.
    pub is_superuser: bool,
    /// Whether the address is proven.
    pub is_verified: bool,

    /// Users set their own name.
    #[fastapi_users(length(min = 1, max = 50), validate = no_digits)]
    pub name: String,
    /// Two letters; may be left out.
    #[fastapi_users(pattern = "^[A-Z]{2}$", example = "DE")]
    pub country: Option<String>,
    /// A date without a time.
    pub birthday: Option<NaiveDate>,
    /// An enum of the application's; only administrators change it.
    #[fastapi_users(update = admin, create = private, default = Plan::Free, example = Plan::Paid)]
    pub plan: Plan,
    /// Set by the application, shown to the customer.
    #[fastapi_users(access = read_only, default = 0)]
    pub points: i64,
    /// For administrators only.
    #[fastapi_users(access = admin_only, length(max = 500))]
    pub note: Option<String>,
    /// Not on the wire at all.
    #[fastapi_users(access = private)]
    pub last_seen: Option<DateTime<Utc>>,
    /// Anything that is JSON.
    #[fastapi_users(default = json!({}))]
    pub settings: Value,
    /// Not even stored.
    #[fastapi_users(skip)]
    pub greeting: Option<String>,
}

/// The error is shown to the client.
fn no_digits(name: &str) -> Result<(), String> {
    if name.chars().any(|letter| letter.is_ascii_digit()) {
        Err("a name has no digits".to_owned())
    } else {
        Ok(())
    }
}

async fn offers(customer: CurrentUser<Customer, ActiveVerified>) -> Json<Value> {
    let discount = if customer.plan == Plan::Paid { 20 } else { 5 };
    Json(json!({ "for": customer.name, "discount": discount }))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init();
    let store = SqliteStore::<Customer>::connect("sqlite://customers.db?mode=rwc").await?;
    store.migrate().await?;
    let users = Users::<Customer>::builder(store, random_secret()).build()?;
    let app = Router::new()
        .route("/offers", get(offers))
        .merge(users.router())
        .with_state(users);

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

const TRY_IT: &str = r#"Serving on http://HOST. Try it:

  curl http://HOST/customers/register -H 'Content-Type: application/json' \
       -d '{"email": "jo@example.com", "password": "correct horse", "name": "Jo", "country": "DE", "birthday": "2000-01-02"}'
  curl http://HOST/session/login -d username=jo@example.com -d 'password=correct horse'
  curl -X PATCH http://HOST/customers/me -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json' \
       -d '{"settings": {"theme": "dark"}, "plan": "paid", "points": 1000}'

Everything that is wrong is told at once:

  curl http://HOST/customers/register -H 'Content-Type: application/json' \
       -d '{"email": "jo", "password": "correct horse", "name": "Jo 7", "country": "de", "birthday": "soon"}'
"#;
