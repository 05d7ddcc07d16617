//! The OpenAPI document: the user system's, merged with that of the application's own routes.

use users_runtime::{
    Users,
    guards::{Active, ActiveSuperuser, ActiveVerified, ActiveVerifiedSuperuser, AnyUser, Guard},
    openapi::{
        ApiError,
        utoipa::openapi::{
            Content, HttpMethod, Info, ObjectBuilder, OpenApi, PathItem, Paths, PathsBuilder,
            ResponseBuilder,
            path::OperationBuilder,
            schema::{SchemaType, Type},
        },
    },
};

use crate::{
    guards::{OnlyJwt, Superuser, Verified},
    oidc::Oidc,
    user::User,
};

/// Everything that this example serves.
pub(crate) fn document(users: &Users<User>, oidc: Option<&Oidc>) -> Result<OpenApi, ApiError> {
    let api = users
        .api()
        .router()
        .auth("/strict/auth/jwt", "jwt", true)
        .users("/strict/users", true);
    let api = if let Some(oidc) = oidc {
        oidc.describe(api)
    } else {
        api
    };
    let mut info = Info::new("full", env!("CARGO_PKG_VERSION"));
    info.description = Some("Everything at once: every route of the user system, and routes of the application behind each guard.".to_owned());
    let mut document = OpenApi::new(
        info,
        Guarded {
            users,
            paths: Paths::new(),
        }
        .all(),
    );
    document.merge(api.build()?);
    Ok(document)
}

/// The routes behind guards, which stand in `guards.rs`.
struct Guarded<'a> {
    users: &'a Users<User>,
    paths: Paths,
}

impl Guarded<'_> {
    fn all(self) -> Paths {
        self.route::<Active>("/authenticated-route", "message", false)
            .route::<ActiveVerified>("/verified-route", "message", false)
            .route::<ActiveSuperuser>("/superuser-route", "message", false)
            .route::<AnyUser>("/optional-route", "email", true)
            .route::<OnlyJwt>("/current/only-jwt", "email", false)
            .pair::<AnyUser>("any")
            .pair::<Active>("active")
            .pair::<ActiveVerified>("verified")
            .pair::<ActiveSuperuser>("superuser")
            .pair::<ActiveVerifiedSuperuser>("verified-superuser")
            .pair::<Verified>("verified-any")
            .pair::<Superuser>("superuser-any")
            .paths
    }

    fn pair<G: Guard>(self, name: &str) -> Self {
        self.route::<G>(&format!("/current/{name}"), "email", false)
            .route::<G>(&format!("/optional/{name}"), "email", true)
    }

    /// `GET` at a path, which answers one text, or `null` where the guard refuses and the user is optional.
    fn route<G: Guard>(mut self, path: &str, field: &str, is_optional: bool) -> Self {
        let text = if is_optional {
            SchemaType::from_iter([Type::String, Type::Null])
        } else {
            Type::String.into()
        };
        let body = ObjectBuilder::new()
            .property(field, ObjectBuilder::new().schema_type(text))
            .required(field);
        let body = Content::new(Some(body));
        let answer = ResponseBuilder::new()
            .description("OK")
            .content("application/json", body)
            .build();
        let id =
            format!("route{path}_get").replace(|char: char| !char.is_ascii_alphanumeric(), "_");
        let users = path.rsplit('/').next().unwrap_or(path).replace('-', " ");
        let summary = if is_optional {
            format!("Show the current user, if there is one ({users})")
        } else {
            format!("Show the current user ({users})")
        };
        let operation = OperationBuilder::new()
            .tag("guards")
            .summary(Some(summary))
            .operation_id(Some(id))
            .response("200", answer)
            .build();
        let operation = if is_optional {
            self.users.openapi_optional::<G>(operation)
        } else {
            self.users.openapi_guarded::<G>(operation)
        };
        self.paths.merge(
            PathsBuilder::new()
                .path(path, PathItem::new(HttpMethod::Get, operation))
                .build(),
        );
        self
    }
}
