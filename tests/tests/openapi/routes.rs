//! The document has the routes that are mounted, and no other.

use axum::response::Response;
use http::HeaderMap;
use serde_json::{Value, json};
use users_runtime::{
    UsersBuilder,
    guards::{Active, ActiveVerified, Guard, Requirements},
    openapi::{
        ApiError,
        utoipa::openapi::{ResponseBuilder, path::OperationBuilder},
    },
    session::Transport,
    web::Route,
};
use users_tests::{App, User, Witness};

const ALL: [Route; 12] = [
    Route::Login,
    Route::Logout,
    Route::Register,
    Route::ForgotPassword,
    Route::ResetPassword,
    Route::RequestVerifyToken,
    Route::Verify,
    Route::ReadMe,
    Route::UpdateMe,
    Route::ReadUser,
    Route::UpdateUser,
    Route::DeleteUser,
];

/// Whether a route answers: an unknown path is 404, another method 405, and every guard and body that is missing something else.
async fn answers(app: &App, (method, path): &(String, String)) -> bool {
    let answer = app
        .client()
        .send(
            method,
            &path.replace("{id}", "00000000-0000-4000-8000-000000000000"),
        )
        .await;
    !matches!(answer.status, 404 | 405)
}

#[tokio::test]
async fn what_is_documented_is_mounted_and_what_is_left_out_is_neither() {
    let all = App::start().await;
    let documented = Witness::new(&all.users.openapi()).operations();
    assert_eq!(documented.len(), 16, "{documented:?}");
    for operation in &documented {
        assert!(answers(&all, operation).await, "{operation:?}");
    }
    let mut left_out = Vec::new();
    for route in ALL {
        let app = App::builder()
            .routes(move |users| users.router_without(&[route]))
            .start()
            .await;
        let document = app
            .users
            .api()
            .router_without(&[route])
            .build()
            .expect("a document");
        let rest = Witness::new(&document).operations();
        for operation in &documented {
            assert_eq!(
                answers(&app, operation).await,
                rest.contains(operation),
                "{operation:?} without {route:?}"
            );
        }
        left_out.extend(
            documented
                .iter()
                .filter(|operation| !rest.contains(operation))
                .cloned(),
        );
    }
    left_out.sort();
    let mut documented = documented;
    documented.sort();
    assert_eq!(
        left_out, documented,
        "each route can be left out, by one name"
    );
}

#[tokio::test]
async fn groups_are_described_under_the_prefixes_of_the_application() {
    let app = App::start().await;
    let users = &app.users;
    let api = users
        .api()
        .nested_under("/api")
        .register("/sign-up")
        .reset_password("")
        .verify("/")
        .users("/people", true);
    let document = api
        .auth("/session", "db", false)
        .build()
        .expect("a document");
    let mut paths: Vec<_> = document.paths.paths.keys().map(String::as_str).collect();
    paths.sort_unstable();
    let expected = [
        "/api/forgot-password",
        "/api/people/me",
        "/api/people/{id}",
        "/api/request-verify-token",
        "/api/reset-password",
        "/api/session/login",
        "/api/session/logout",
        "/api/sign-up/register",
        "/api/verify",
    ];
    assert_eq!(paths, expected);
    let document = serde_json::to_value(&document).expect("JSON");
    assert_eq!(
        document["components"]["securitySchemes"]["db"]["flows"]["password"]["tokenUrl"],
        "/api/session/login"
    );
}

#[tokio::test]
async fn a_login_of_the_applications_own_is_told_where_the_rest_is_nested() {
    let app = App::start().await;
    for (base, login) in [
        ("/api", "/api/auth/jwt/login"),
        ("/api/", "/api/auth/jwt/login"),
        ("", "/auth/jwt/login"),
    ] {
        let document = app
            .users
            .api()
            .nested_under(base)
            .router_without(&[Route::Login])
            .build()
            .expect("a document");
        let document = serde_json::to_value(&document).expect("JSON");
        assert_eq!(document["paths"].get(login), None);
        assert_eq!(
            document["components"]["securitySchemes"]["jwt"]["flows"]["password"]["tokenUrl"],
            login
        );
    }
}

/// Takes the token from a header of its own, and does not describe it.
struct Silent;

impl Transport for Silent {
    fn read(&self, headers: &HeaderMap) -> Option<String> {
        headers.get("x-token")?.to_str().ok().map(str::to_owned)
    }

    fn login_response(&self, _token: &str) -> Response {
        Response::default()
    }

    fn logout_response(&self) -> Response {
        Response::default()
    }
}

/// Accepts a backend that there is not.
struct Elsewhere;

impl Guard for Elsewhere {
    const REQUIREMENTS: Requirements = Requirements {
        backends: Some(&["elsewhere"]),
        ..Active::REQUIREMENTS
    };
}

#[tokio::test]
async fn a_guarded_route_asks_for_credentials_although_they_are_not_described() {
    let silent = |builder: UsersBuilder<User>| {
        ["jwt", "cookie", "db"]
            .into_iter()
            .fold(builder, |all, name| all.transport(name, Silent))
    };
    let app = App::builder().configure(silent).start().await;
    let document = serde_json::to_value(app.users.openapi()).expect("JSON");
    let ways = json!([{ "jwt": [] }, { "cookie": [] }, { "db": [] }]);
    assert_eq!(document["paths"]["/users/me"]["get"]["security"], ways);
    let scheme = &document["components"]["securitySchemes"]["db"];
    assert_eq!(
        (&scheme["type"], &scheme["in"], &scheme["name"]),
        (&json!("apiKey"), &json!("header"), &json!("Authorization"))
    );
    assert!(
        scheme["description"]
            .as_str()
            .expect("a description")
            .contains("not described"),
        "{scheme}"
    );
    let nobody = app
        .users
        .openapi_guarded::<Elsewhere>(OperationBuilder::new().build());
    assert_eq!(
        serde_json::to_value(nobody).expect("JSON")["security"],
        ways,
        "`[]` would let everybody in"
    );
}

#[tokio::test]
async fn what_cannot_be_mounted_cannot_be_described() {
    let app = App::start().await;
    let unknown = app.users.api().auth("/auth/x", "x", false).build();
    assert!(matches!(unknown, Err(ApiError::UnknownBackend(name)) if name == "x"));
    let twice = app.users.api().router().register("/auth").build();
    assert!(matches!(twice, Err(ApiError::Duplicate(route)) if route == "POST /auth/register"));
    let same_ids = app.users.api().router().operation_ids(|_| "one".to_owned());
    assert!(
        matches!(same_ids.build(), Err(ApiError::DuplicateOperationId(id)) if id == "one"),
        "generated clients would have two functions of one name"
    );
}

#[tokio::test]
async fn the_application_chooses_the_operation_ids_and_with_them_the_names_of_bodies() {
    let app = App::start().await;
    let api = app.users.api().router().operation_ids(|route| {
        assert!(["auth", "users"].contains(&route.tag), "{route:?}");
        format!("{} {} {}", route.method, route.path, route.name).replace([':', ' ', '/', '.'], "_")
    });
    let document = serde_json::to_value(api.build().expect("a document")).expect("JSON");
    let id = "POST__auth_jwt_login_auth_jwt_login";
    let login = &document["paths"]["/auth/jwt/login"]["post"];
    assert_eq!(login["operationId"], id);
    let body = &login["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(
        body["$ref"],
        format!("#/components/schemas/Body_{id}").as_str()
    );
    assert!(
        document["components"]["schemas"][format!("Body_{id}")]["properties"]["username"]
            .is_object()
    );
}

#[tokio::test]
async fn a_route_with_an_optional_user_refuses_nobody_and_needs_no_credentials() {
    let app = App::start().await;
    let operation = |own: &[&str]| {
        let answer = |status: &&str| {
            (
                status.to_string(),
                ResponseBuilder::new().description("Own").build().into(),
            )
        };
        let mut operation = OperationBuilder::new().build();
        operation.responses.responses.extend(own.iter().map(answer));
        operation
    };
    let shown = |operation| serde_json::to_value(operation).expect("JSON");
    let statuses = |operation: &Value| {
        operation["responses"]
            .as_object()
            .expect("answers")
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };

    let guarded = shown(
        app.users
            .openapi_guarded::<ActiveVerified>(operation(&["200"])),
    );
    assert_eq!(statuses(&guarded), ["200", "401", "403"]);
    let optional = shown(
        app.users
            .openapi_optional::<ActiveVerified>(operation(&["200"])),
    );
    // Only a request of another site is refused.
    assert_eq!(statuses(&optional), ["200", "403"]);
    let refusals = &optional["responses"]["403"]["content"]["application/json"]["examples"];
    let refusals = refusals.as_object().expect("examples").keys();
    assert_eq!(refusals.collect::<Vec<_>>(), ["CROSS_SITE_REQUEST"]);
    let mut schemes = guarded["security"].as_array().expect("schemes").clone();
    assert!(!schemes.contains(&json!({})), "{schemes:?}");
    schemes.push(json!({}));
    assert_eq!(optional["security"], Value::from(schemes));

    let own = shown(
        app.users
            .openapi_optional::<ActiveVerified>(operation(&["200", "403"])),
    );
    assert_eq!(own["responses"]["403"]["description"], "Own");
}
