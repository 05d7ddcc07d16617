//! Putting the document together.

use std::collections::{BTreeMap, HashSet};

use utoipa::openapi::{
    ComponentsBuilder, HttpMethod, Info, OpenApi, OpenApiBuilder, PathItem, Paths, RefOr, Schema,
    path::Operation as OpenApiOperation, tag::TagBuilder,
};

use super::{
    OperationRoute, Page, components, convert, operation_id::OperationIds, placed::Placed,
    security::Security,
};
#[cfg(feature = "oauth")]
use crate::oauth::{OAuth, OAuthSetupError};
use crate::{
    features::limits::unlock_route,
    model::UserModel,
    users::Users,
    web::{group::Group, outcome::CROSS_SITE_REQUEST, route::Route},
};

/// Why there is no document.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// There is no backend of this name.
    #[error("there is no backend `{0}`")]
    UnknownBackend(String),
    /// Two groups of routes answer the same method of the same path.
    #[error("`{0}` is described twice")]
    Duplicate(String),
    /// Two operations have the same id: the function of [`Api::operation_ids`] returned it twice.
    #[error(
        "two operations have the id `{0}`: let `operation_ids` return a different one for each route"
    )]
    DuplicateOperationId(String),
    /// The routes of a provider cannot be mounted.
    #[cfg(feature = "oauth")]
    #[error(transparent)]
    OAuth(#[from] OAuthSetupError),
}

/// Describes routes: each method stands for one that mounts them, and takes the prefix under which the application does so.
///
/// ```no_run
/// # async fn example(users: users_runtime::Users<User>) -> Result<(), Box<dyn std::error::Error>> {
/// use axum::Router;
///
/// let strict = users.auth_router("jwt", true).ok_or("no backend")?;
/// let app: Router = users.router().nest("/strict/auth/jwt", strict);
/// let document = users.api().router().auth("/strict/auth/jwt", "jwt", true).build()?;
/// # Ok(()) }
/// # #[derive(Clone, users_runtime::UserModel)]
/// # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
/// # struct User { id: i64, email: String, hashed_password: users_runtime::PasswordHash, is_active: bool, is_superuser: bool, is_verified: bool }
/// ```
pub struct Api<'a, U: UserModel> {
    users: &'a Users<U>,
    base: String,
    groups: Vec<Described<U>>,
    ids: OperationIds,
    errors: Vec<ApiError>,
}

/// Routes under a prefix, but those that are left out.
struct Described<U: UserModel> {
    prefix: String,
    group: Group<U>,
    left_out: Vec<Route>,
}

impl<U: UserModel> Users<U> {
    /// The OpenAPI 3.1 document of what [`router`](Self::router) mounts.
    pub fn openapi(&self) -> OpenApi {
        let api = self.api().router();
        document(self, api.placed(), "", &OperationIds::default())
    }

    /// Describes routes that the application mounts one group at a time.
    pub fn api(&self) -> Api<'_, U> {
        Api {
            users: self,
            base: String::new(),
            groups: Vec::new(),
            ids: OperationIds::default(),
            errors: Vec::new(),
        }
    }
}

impl<U: UserModel> Api<'_, U> {
    /// Where everything is nested, such as `/api`: goes before every prefix.
    #[must_use]
    pub fn nested_under(mut self, base: impl Into<String>) -> Self {
        self.base = base.into();
        self
    }

    /// How operations are identified, as FastAPI's `generate_unique_id_function` does. Generated clients name their functions and
    /// types after the ids, which must differ; the body of an operation is the schema `Body_` with its id.
    ///
    /// By default the id is FastAPI's own: the name, the path and the method, such as `register_register_auth_register_post`.
    ///
    /// ```
    /// # fn example<U: users_runtime::UserModel>(users: &users_runtime::Users<U>) -> Result<(), users_runtime::openapi::ApiError> {
    /// // `auth-register_register`, `users-users_current_user`, …
    /// let api = users.api().router();
    /// let document = api.operation_ids(|route| format!("{}-{}", route.tag, route.name.replace([':', '.', '-'], "_"))).build()?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn operation_ids(mut self, id: impl Fn(&OperationRoute<'_>) -> String + 'static) -> Self {
        self.ids = OperationIds::new(id);
        self
    }

    /// What [`Users::router`] mounts.
    #[must_use]
    pub fn router(self) -> Self {
        self.router_without(&[])
    }

    /// What [`Users::router_without`] mounts.
    #[must_use]
    pub fn router_without(mut self, left_out: &[Route]) -> Self {
        let groups = self.users.declared_groups().into_iter();
        self.groups.extend(groups.map(|(prefix, group)| Described {
            prefix,
            group,
            left_out: left_out.to_vec(),
        }));
        self
    }

    /// [`Users::auth_router`]
    #[must_use]
    pub fn auth(mut self, prefix: &str, backend: &str, requires_verification: bool) -> Self {
        if let Some(group) = self.users.auth_group(backend, requires_verification) {
            return self.under(prefix, group);
        }
        self.errors
            .push(ApiError::UnknownBackend(backend.to_owned()));
        self
    }

    /// [`Users::register_router`]
    #[must_use]
    pub fn register(self, prefix: &str) -> Self {
        let group = self.users.register_group();
        self.under(prefix, group)
    }

    /// [`Users::reset_password_router`]
    #[must_use]
    pub fn reset_password(self, prefix: &str) -> Self {
        let group = self.users.reset_group();
        self.under(prefix, group)
    }

    /// [`Users::verify_router`]
    #[must_use]
    pub fn verify(self, prefix: &str) -> Self {
        let group = self.users.verify_group();
        self.under(prefix, group)
    }

    /// [`Users::unlock_router`]
    #[must_use]
    pub fn unlock(self, prefix: &str) -> Self {
        self.under(prefix, unlock_route::group())
    }

    /// [`Users::users_router`]
    #[must_use]
    pub fn users(self, prefix: &str, requires_verification: bool) -> Self {
        let group = self.users.users_group(requires_verification);
        self.under(prefix, group)
    }

    /// [`Users::oauth_router`]
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn oauth(self, prefix: &str, oauth: &OAuth, backend: &str) -> Self {
        let group = self.users.oauth_group(oauth.clone(), backend);
        self.under_if(prefix, group)
    }

    /// [`Users::oauth_associate_router`]
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn oauth_associate(self, prefix: &str, oauth: &OAuth) -> Self {
        let group = self.users.oauth_associate_group(oauth.clone());
        self.under_if(prefix, group)
    }

    /// [`Users::oauth_accounts_router`]
    #[cfg(feature = "oauth")]
    #[must_use]
    pub fn oauth_accounts(self, prefix: &str) -> Self {
        let group = self.users.oauth_accounts_group();
        self.under_if(prefix, group)
    }

    /// The document.
    ///
    /// # Errors
    ///
    /// The first thing that was described and cannot be mounted.
    pub fn build(mut self) -> Result<OpenApi, ApiError> {
        if !self.errors.is_empty() {
            return Err(self.errors.swap_remove(0));
        }
        let (users, base) = (self.users, self.base.clone());
        let ids = std::mem::take(&mut self.ids);
        let placed = self.placed();
        let (mut known, mut known_ids) = (HashSet::new(), HashSet::new());
        for one in &placed {
            let (method, path) = (one.method, &one.path);
            if !known.insert((method, path)) {
                return Err(ApiError::Duplicate(format!("{method} {path}")));
            }
            let id = ids.of(&one.route());
            if !known_ids.insert(id.clone()) {
                return Err(ApiError::DuplicateOperationId(id));
            }
        }
        Ok(document(users, placed, &base, &ids))
    }

    fn under(mut self, prefix: &str, group: Group<U>) -> Self {
        self.groups.push(Described {
            prefix: prefix.to_owned(),
            group,
            left_out: Vec::new(),
        });
        self
    }

    #[cfg(feature = "oauth")]
    fn under_if(mut self, prefix: &str, group: Result<Group<U>, OAuthSetupError>) -> Self {
        match group {
            Ok(group) => self.under(prefix, group),
            Err(error) => {
                self.errors.push(error.into());
                self
            }
        }
    }

    fn placed(self) -> Vec<Placed> {
        let base = self.base;
        let placed = self.groups.into_iter().flat_map(
            |Described {
                 prefix,
                 group,
                 left_out,
             }| {
                let prefix = format!(
                    "{}{}",
                    base.trim_end_matches('/'),
                    prefix.trim_end_matches('/')
                );
                let context = group.context.clone();
                let operations = group.operations(&left_out).collect::<Vec<_>>();
                operations
                    .into_iter()
                    .map(move |(method, path, operation, document)| {
                        // A parameter that may have slashes is one like others to clients, which encode them.
                        let path = path.replace("{*", "{");
                        // A route at the root of a prefix is the prefix itself.
                        let path = match (&*prefix, &*path) {
                            ("", path) => path.to_owned(),
                            (prefix, "/") => prefix.to_owned(),
                            (prefix, path) => format!("{prefix}{path}"),
                        };
                        Placed {
                            method,
                            path,
                            operation,
                            context: context.clone(),
                            document,
                        }
                    })
            },
        );
        placed.collect()
    }
}

const DESCRIPTION: &str = "Registration, login, e-mail verification, password reset and user administration.\n\n\
    An error is `{\"detail\": CODE}`, `{\"detail\": {\"code\": CODE, \"reason\": REASON}}`, or for an invalid body \
    `{\"detail\": [ERROR, …]}`. Every route may answer 500, and 503 with `Retry-After`.";

/// The document of these routes, which are nested under `base`.
fn document<U: UserModel>(
    users: &Users<U>,
    placed: Vec<Placed>,
    base: &str,
    ids: &OperationIds,
) -> OpenApi {
    let security = Security::new(users, &placed, base);
    let (mut paths, mut schemas) = (Paths::new(), BTreeMap::new());
    schemas.insert(
        "ErrorModel".to_owned(),
        convert::schema(components::error_model()),
    );
    for placed in placed {
        let id = ids.of(&placed.route());
        let Placed {
            method,
            path,
            operation,
            context,
            document,
        } = placed;
        let context = context.of_users(users);
        let mut page = Page::new(&context, &mut schemas, &id);
        document(&mut page);
        page.outcomes(vec![CROSS_SITE_REQUEST]);
        let mut page = page.finish(&operation);
        page.security = operation.guard.map(|guard| security.requirements(guard));
        paths.merge(single(&path, method, page));
    }
    let components = ComponentsBuilder::new().schemas_from_iter::<_, RefOr<Schema>, _>(schemas);
    let components = security
        .schemes
        .into_iter()
        .fold(components, |components, (name, scheme)| {
            components.security_scheme(name, scheme)
        });
    let tags = [
        ("auth", "Registration, login, verification and reset."),
        ("users", "The current user, and administration."),
    ];
    let mut info = Info::new("Users", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.to_owned());
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components.build()))
        .tags(Some(tags.map(|(name, description)| {
            TagBuilder::new()
                .name(name)
                .description(Some(description))
                .build()
        })))
        .build()
}

/// One operation as paths of its own, to be merged.
fn single(path: &str, method: &str, operation: OpenApiOperation) -> Paths {
    let method = match method {
        "GET" => HttpMethod::Get,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Post,
    };
    utoipa::openapi::PathsBuilder::new()
        .path(path, PathItem::new(method, operation))
        .build()
}

crate::error_debug::debug_as_sentence!(ApiError);
