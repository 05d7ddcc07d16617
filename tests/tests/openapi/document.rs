//! What the document says of the schemas, and that it goes together with the application's own.

use expect_test::expect_file;
use serde_json::{Value, json};
use users_runtime::{
    Backend, BearerTransport, CookieTransport, JwtStrategy, PasswordHash, SqliteStore, UserModel,
    Users,
    openapi::utoipa::{self, openapi::OpenApi},
    schema::Json,
    token::JwtKeys,
    value::{Field, FieldError, Kind, Problem, Value as Stored},
};
use users_tests::{App, SECRET};
use uuid::Uuid;

/// The user of the quickstart.
mod quickstart {
    use super::{PasswordHash, UserModel, Uuid};

    #[derive(Clone, Debug, UserModel)]
    #[fastapi_users(
        table = "user",
        backend(name = "jwt", transport = bearer, strategy = jwt),
        backend(name = "cookie", transport = cookie, strategy = database)
    )]
    pub(crate) struct User {
        pub(crate) id: Uuid,
        pub(crate) email: String,
        pub(crate) hashed_password: PasswordHash,
        pub(crate) is_active: bool,
        pub(crate) is_superuser: bool,
        pub(crate) is_verified: bool,
        #[fastapi_users(length(max = 100))]
        pub(crate) first_name: Option<String>,
        #[fastapi_users(length(max = 100))]
        pub(crate) last_name: Option<String>,
    }
}

/// What a customer pays for.
#[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum Plan {
    Free,
    Paid,
}

impl Field for Plan {
    const KIND: Kind = Kind::SmallInt;

    fn json_schema() -> Value {
        json!({ "type": "string", "enum": ["FREE", "PAID"] })
    }

    fn from_input(input: &Json) -> Result<Self, Problem> {
        input.deserialize()
    }

    fn to_value(&self) -> Stored {
        Stored::Int(match self {
            Self::Free => 0,
            Self::Paid => 1,
        })
    }

    fn from_value(value: Stored) -> Result<Self, FieldError> {
        match value {
            Stored::Int(0) => Ok(Self::Free),
            Stored::Int(1) => Ok(Self::Paid),
            _ => Err(FieldError::expected("0 or 1")),
        }
    }
}

/// Every kind of rule and access.
#[expect(dead_code, reason = "a private field is in no schema")]
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "customers",
    schemas(read = Shown, create = Registration, update = Change),
    backend(name = "api", transport = bearer, strategy = jwt, prefix = "/session"),
    routes(register = "/customers", users = "/customers", requires_verification)
)]
struct Customer {
    /// The number.
    id: i64,
    /// The address.
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    /// The name,
    /// as the customer writes it.
    #[fastapi_users(length(min = 1, max = 50), pattern = "^[A-Z]")]
    name: String,
    #[fastapi_users(read = admin, range(min = 0, below = 150.5))]
    age: Option<i32>,
    /// What is paid for.
    #[fastapi_users(default = Plan::Free)]
    plan: Plan,
    #[fastapi_users(access = admin_only, default = Uuid::new_v4())]
    tenant: Uuid,
    #[fastapi_users(access = read_only, default)]
    settings: Value,
    #[fastapi_users(access = private, default = 7)]
    visits: i64,
}

async fn users<U: UserModel>() -> Users<U> {
    let store = SqliteStore::<U>::connect("sqlite::memory:")
        .await
        .expect("a store");
    Users::builder(store, SECRET)
        .build()
        .expect("a sound configuration")
}

fn as_json(document: &OpenApi) -> Value {
    serde_json::to_value(document).expect("a document is JSON")
}

#[tokio::test]
async fn the_document_of_the_quickstart_is_as_it_was_reviewed() {
    let document = users::<quickstart::User>()
        .await
        .openapi()
        .to_pretty_json()
        .expect("JSON");
    expect_file!["./quickstart.json"].assert_eq(&(document + "\n"));
}

#[tokio::test]
async fn schemas_say_types_rules_defaults_and_documentation() {
    let document = as_json(&users::<Customer>().await.openapi());
    let schemas = &document["components"]["schemas"];
    let shown = json!({
        "type": "object",
        "description": "What a client is shown of a Customer.",
        "required": ["id", "email", "is_active", "is_superuser", "is_verified", "name", "plan", "settings", "tenant"],
        "properties": {
            "id": { "type": "integer", "format": "int64", "description": "The number." },
            "email": { "type": "string", "format": "idn-email", "description": "The address.", "examples": ["king.arthur@camelot.bt"] },
            "is_active": { "type": "boolean", "description": "Whether the user may log in." },
            "is_superuser": { "type": "boolean", "description": "Whether the user may administer others." },
            "is_verified": { "type": "boolean", "description": "Whether the e-mail address is proven." },
            "name": { "type": "string", "maxLength": 50, "description": "The name,\nas the customer writes it." },
            "age": { "type": ["integer", "null"], "format": "int32", "description": "Shown to administrators only." },
            "plan": { "type": "string", "enum": ["FREE", "PAID"], "description": "What is paid for." },
            "settings": {},
        },
    });
    let mut told = schemas["Shown"].clone();
    // Shown to administrators only, and so not required.
    assert_eq!(
        told["properties"]
            .as_object_mut()
            .and_then(|fields| fields.remove("tenant")),
        Some(json!({
            "type": "string", "format": "uuid", "description": "Shown to administrators only.",
        }))
    );
    let mut shown = shown;
    shown["required"]
        .as_array_mut()
        .expect("names")
        .retain(|name| name != "tenant");
    assert_eq!(told, shown);

    let registration = &schemas["Registration"];
    assert_eq!(
        registration["required"],
        json!(["email", "password", "name"])
    );
    let fields = &registration["properties"];
    assert_eq!(fields["name"]["minLength"], 1);
    assert_eq!(fields["name"]["pattern"], "^[A-Z]");
    assert_eq!(
        fields["age"],
        json!({ "type": ["integer", "null"], "format": "int32", "minimum": 0, "exclusiveMaximum": 150.5 })
    );
    assert_eq!(
        fields["plan"]["default"], "FREE",
        "the JSON of the default, not what is stored"
    );
    let restricted = json!({ "type": "string", "format": "uuid", "description": "Ignored unless an administrator sends it." });
    assert_eq!(
        fields["tenant"], restricted,
        "a default that differs every time is none"
    );
    assert_eq!(fields["is_active"]["default"], true);
    assert_eq!(
        (&fields["settings"], &fields["visits"]),
        (&Value::Null, &Value::Null)
    );

    let change = &schemas["Change"];
    assert_eq!(
        (
            &change["required"],
            &change["properties"]["plan"]["default"]
        ),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        change["properties"]["password"]["type"],
        json!(["string", "null"])
    );
    let login = &document["paths"]["/session/login"]["post"];
    assert!(login["responses"]["400"]["content"]["application/json"]["examples"]["LOGIN_USER_NOT_VERIFIED"].is_object());
    assert!(document["paths"]["/customers/me"]["get"]["responses"]["403"].is_object());
    let parameter = &document["paths"]["/customers/{id}"]["get"]["parameters"][0];
    assert_eq!(
        parameter["schema"],
        json!({ "type": "integer", "format": "int64" })
    );
}

#[tokio::test]
async fn every_backend_is_a_way_in_and_operations_have_ids_of_their_own() {
    let keys = JwtKeys::hs256(SECRET).expect("a strong secret");
    let backend = |name: &str, cookie: &str| {
        Backend::<users_tests::User>::new(
            name,
            CookieTransport::new().name(cookie),
            JwtStrategy::new(keys.clone()),
        )
    };
    let (site, odd) = (
        backend("site", "session"),
        backend("my shop", "shop").prefix("/shop"),
    );
    let app = App::builder().configure(|builder| {
        builder
            .backend(site)
            .backend(odd)
            .transport("db", BearerTransport::new())
    });
    let document = as_json(&app.start().await.users.openapi());
    let schemes = &document["components"]["securitySchemes"];
    assert_eq!(
        schemes["jwt"],
        json!({ "type": "oauth2", "flows": { "password": { "tokenUrl": "/auth/jwt/login", "scopes": {} } } })
    );
    assert_eq!(
        schemes["site"],
        json!({ "type": "apiKey", "in": "cookie", "name": "session" })
    );
    let ways =
        json!([{ "jwt": [] }, { "cookie": [] }, { "db": [] }, { "site": [] }, { "my_shop": [] }]);
    assert_eq!(document["paths"]["/users/me"]["get"]["security"], ways);
    assert_eq!(
        document["paths"]["/auth/register"]["post"]["security"],
        Value::Null
    );
    let paths = document["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|path| path.as_object().expect("operations").values());
    let mut ids: Vec<_> = operations
        .map(|operation| operation["operationId"].as_str().expect("an id"))
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), count), (20, 20));
}

/// The application's own document, as its macros make it.
mod shop {
    use users_runtime::openapi::utoipa::{
        self, Modify, ToSchema,
        openapi::{
            OpenApi,
            security::{ApiKey, ApiKeyValue, SecurityScheme},
        },
    };

    #[derive(ToSchema)]
    #[expect(dead_code, reason = "only described")]
    pub(super) struct Article {
        price: u32,
    }

    #[utoipa::path(get, path = "/articles", responses((status = 200, body = [Article])), security(("till" = [])))]
    #[expect(dead_code, reason = "only described")]
    fn articles() {}

    /// At a path that the users have, too, with another method.
    #[utoipa::path(put, path = "/users/me", responses((status = 204)), security(("cookie" = [])))]
    #[expect(dead_code, reason = "only described")]
    fn replace_me() {}

    struct Till;

    impl Modify for Till {
        fn modify(&self, document: &mut OpenApi) {
            let key = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-Till")));
            document
                .components
                .get_or_insert_default()
                .add_security_scheme("till", key);
        }
    }

    #[derive(utoipa::OpenApi)]
    #[openapi(info(title = "Shop", version = "2"), paths(articles, replace_me), modifiers(&Till))]
    pub(super) struct Shop;
}

#[tokio::test]
async fn it_goes_together_with_the_applications_own_document() {
    let users = users::<quickstart::User>().await.openapi();
    let alone = as_json(&users);
    let own = <shop::Shop as utoipa::OpenApi>::openapi();
    let nested = as_json(&own.clone().nest("/api", users.clone()));
    let mut merged = own;
    merged.merge(users);
    let merged = as_json(&merged);
    assert_eq!(merged["info"]["title"], "Shop");
    assert_eq!(
        merged["paths"].as_object().map(serde_json::Map::len),
        Some(12)
    );
    for (document, prefix) in [(&merged, ""), (&nested, "/api")] {
        let article = json!({ "$ref": "#/components/schemas/Article" });
        let listed = &document["paths"]["/articles"]["get"];
        assert_eq!(
            listed["responses"]["200"]["content"]["application/json"]["schema"]["items"],
            article
        );
        assert_eq!(listed["security"], json!([{ "till": [] }]));
        assert!(document["paths"]["/users/me"]["put"]["responses"]["204"].is_object());
        for (path, operations) in alone["paths"].as_object().expect("paths") {
            for (method, operation) in operations.as_object().expect("operations") {
                assert_eq!(
                    &document["paths"][format!("{prefix}{path}")][method],
                    operation,
                    "{method} {prefix}{path}"
                );
            }
        }
        let components = &document["components"];
        assert_eq!(
            components["schemas"]["Article"]["properties"]["price"]["type"],
            "integer"
        );
        assert_eq!(components["securitySchemes"]["till"]["name"], "X-Till");
        for kind in ["schemas", "securitySchemes"] {
            for (name, component) in alone["components"][kind].as_object().expect("components") {
                assert_eq!(&components[kind][name], component, "{kind} {name}");
            }
        }
    }
}

/// Fields with examples: of several types, for several readers, and one that nobody may send.
#[expect(dead_code, reason = "a field that is not shown")]
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
struct Shopper {
    id: i64,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    /// What the shopper is called.
    #[fastapi_users(length(max = 9), example = "Lancelot")]
    name: Option<String>,
    #[fastapi_users(range(min = 0), example = 42)]
    age: i32,
    #[fastapi_users(default = Plan::Free, example = Plan::Paid)]
    plan: Plan,
    #[fastapi_users(example = Plan::Free)]
    next: Option<Plan>,
    #[fastapi_users(access = read_only, default, example = json!({ "theme": "dark" }))]
    settings: Value,
    #[fastapi_users(read = private, pattern = "^[a-z]+$", example = "brave")]
    motto: String,
    #[fastapi_users(access = admin_only, example = Uuid::nil())]
    tenant: Option<Uuid>,
    #[fastapi_users(length(max = 3), example = "too long")]
    code: Option<String>,
    #[fastapi_users(validate = polite, example = "Out of my way!")]
    wish: Option<String>,
    #[fastapi_users(example = b"shown as numbers, sent as text".to_vec())]
    picture: Option<Vec<u8>>,
}

fn polite(text: &str) -> Result<(), &'static str> {
    if text.contains("please") {
        Ok(())
    } else {
        Err("say please")
    }
}

/// The examples of a schema's fields.
fn examples(document: &Value, schema: &str) -> Value {
    let fields = document["components"]["schemas"][schema]["properties"]
        .as_object()
        .expect("fields");
    fields
        .iter()
        .filter_map(|(name, field)| Some((name.clone(), field.get("examples")?.clone())))
        .collect()
}

#[tokio::test]
async fn examples_are_those_of_the_fields_as_they_are_shown_and_may_be_sent() {
    let document = as_json(&users::<Shopper>().await.openapi());
    let shown = json!({
        "email": ["king.arthur@camelot.bt"],
        "name": ["Lancelot"],
        "age": [42],
        "plan": ["PAID"],
        "next": ["FREE"],
        "settings": [{ "theme": "dark" }],
        "tenant": ["00000000-0000-0000-0000-000000000000"],
        "code": ["too long"],
        "wish": ["Out of my way!"],
        "picture": [b"shown as numbers, sent as text"],
    });
    assert_eq!(examples(&document, "ShopperRead"), shown);
    // Without what clients cannot send, or would be refused.
    let sent = json!({
        "email": ["king.arthur@camelot.bt"],
        "password": ["guinevere"],
        "name": ["Lancelot"],
        "age": [42],
        "plan": ["PAID"],
        "next": ["FREE"],
        "motto": ["brave"],
        "tenant": ["00000000-0000-0000-0000-000000000000"],
    });
    for schema in ["ShopperCreate", "ShopperUpdate"] {
        assert_eq!(examples(&document, schema), sent, "{schema}");
    }
    let name = &document["components"]["schemas"]["ShopperCreate"]["properties"]["name"];
    let told = json!({
        "type": ["string", "null"], "maxLength": 9, "description": "What the shopper is called.", "examples": ["Lancelot"],
    });
    assert_eq!(name, &told);
}
