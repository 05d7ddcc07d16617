//! Putting the document together.

use std::collections::{BTreeMap, HashSet};

use utoipa::openapi::{
    ComponentsBuilder, HttpMethod, Info, OpenApi, OpenApiBuilder, PathItem, Paths, RefOr, Schema,
    path::Operation as OpenApiOperation,
    security::{SecurityRequirement, SecurityScheme},
    tag::TagBuilder,
};

use super::{Operation, Page, components, convert};
#[cfg(feature = "oauth")]
use crate::oauth::{OAuth, OAuthSetupError};
use crate::{
    model::UserModel,
    session::Backend,
    users::{Requirements, Users},
    web::{group::Group, outcome::CROSS_SITE_REQUEST, route::Route},
};

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApiError {
    /// There is no backend of this name.
    #[error("there is no backend `{0}`")]
    UnknownBackend(String),
    /// Two groups of routes answer the same method of the same path.
    #[error("`{0}` is described twice")]
    Duplicate(String),
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
    errors: Vec<ApiError>,
}

/// Routes under a prefix, but those that are left out.
struct Described<U: UserModel> {
    prefix: String,
    group: Group<U>,
    left_out: Vec<Route>,
}

/// A route at its whole path.
pub(super) struct Placed {
    method: &'static str,
    path: String,
    operation: Operation,
    context: super::Context,
    document: fn(&mut Page<'_>),
}

impl<U: UserModel> Users<U> {
    /// The OpenAPI 3.1 document of what [`router`](Self::router) mounts.
    pub fn openapi(&self) -> OpenApi {
        let api = self.api().router();
        document(self, api.placed(), "")
    }

    /// Describes routes that the application mounts one group at a time.
    pub fn api(&self) -> Api<'_, U> {
        Api {
            users: self,
            base: String::new(),
            groups: Vec::new(),
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
        let placed = self.placed();
        let mut known = HashSet::new();
        for Placed { method, path, .. } in &placed {
            if !known.insert((*method, path.clone())) {
                return Err(ApiError::Duplicate(format!("{method} {path}")));
            }
        }
        Ok(document(users, placed, &base))
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

/// The document of these routes, which are nested under `base`.
fn document<U: UserModel>(users: &Users<U>, placed: Vec<Placed>, base: &str) -> OpenApi {
    let security = Security::new(users, &placed, base);
    let (mut paths, mut schemas) = (Paths::new(), BTreeMap::new());
    schemas.insert(
        "ErrorModel".to_owned(),
        convert::schema(components::error_model()),
    );
    for Placed {
        method,
        path,
        operation,
        context,
        document,
    } in placed
    {
        let context = context.of_users(users);
        let mut page = Page::new(&context, &mut schemas);
        document(&mut page);
        page.outcomes(vec![CROSS_SITE_REQUEST]);
        let mut page = page.finish(&operation, &operation.id(&path, method));
        page.security = operation.guard.map(|guard| security.requirements(guard));
        paths.merge(single(&path, method, page));
    }
    let components = ComponentsBuilder::new().schemas_from_iter::<_, RefOr<Schema>, _>(schemas);
    let components = components::shared_answers().fold(components, |components, (name, answer)| {
        components.response(name, answer)
    });
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
    OpenApiBuilder::new()
        .info(Info::new("Users", env!("CARGO_PKG_VERSION")))
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

/// How clients prove who they are: one scheme for each backend.
pub(super) struct Security {
    schemes: Vec<(String, SecurityScheme)>,
    /// The names of the backends, in the order of the schemes.
    backends: Vec<String>,
}

impl Security {
    pub(super) fn new<U: UserModel>(users: &Users<U>, placed: &[Placed], base: &str) -> Self {
        let login_of = |backend: &Backend<U>| {
            let name = format!("auth:{}.login", backend.name());
            let placed = placed
                .iter()
                .find(|placed| placed.operation.name == name)
                .map(|placed| placed.path.clone());
            // The application has one of its own where it would be.
            placed.unwrap_or_else(|| {
                format!(
                    "{}{}/login",
                    base.trim_end_matches('/'),
                    backend.path_prefix()
                )
            })
        };
        let (mut schemes, mut backends) = (Vec::new(), Vec::new());
        for backend in users.backends() {
            schemes.push((
                scheme_name(backend.name()),
                backend.transport().security_scheme(&login_of(backend)),
            ));
            backends.push(backend.name().to_owned());
        }
        Self { schemes, backends }
    }

    /// Any one of the backends that count.
    pub(super) fn requirements(&self, guard: Requirements) -> Vec<SecurityRequirement> {
        let counts = |backend: &&String| {
            guard
                .backends
                .is_none_or(|names| names.contains(&&***backend))
        };
        let mut backends: Vec<_> = self.backends.iter().filter(counts).collect();
        if backends.is_empty() {
            // Nobody is let in. An empty list would say that everybody is.
            backends.extend(&self.backends);
        }
        backends
            .into_iter()
            .map(|backend| SecurityRequirement::new(scheme_name(backend), [""; 0]))
            .collect()
    }
}

/// The backend's name, in the characters that the name of a component has.
fn scheme_name(backend: &str) -> String {
    backend.replace(
        |char: char| !(char.is_ascii_alphanumeric() || "._-".contains(char)),
        "_",
    )
}
