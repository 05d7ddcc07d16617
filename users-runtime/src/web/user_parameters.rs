//! Parameters of paths and queries, and bodies of any type, in routes of the application.

use std::{fmt, marker::PhantomData};

use axum::{
    extract::{
        FromRequest, FromRequestParts, RawPathParams, Request, rejection::RawPathParamsRejection,
    },
    response::{IntoResponse, Response},
};
use http::request::Parts;
use indexmap::{IndexMap, map::Entry};
use serde::de::DeserializeOwned;

use super::{
    body::{AnyBody, JsonBody},
    extract::ProvidesUsers,
    refusals::Unprocessable,
    user_body::{Refused, UserBodyRejection},
};
use crate::{
    model::UserModel,
    schema::ValidationError,
    users::Users,
    value::coerce::{every::read_or_all, reader::Form},
    wire::json::Json,
};

/// The parameters of the path as any type that serde reads: a struct by their names, a tuple by their order, or the only one.
///
/// A value that is not valid is a 422 as FastAPI answers it: `{"type": "int_parsing", "loc": ["path", "id"], …}`, where `axum::extract::Path`
/// answers 400 with text.
///
/// ```
/// use users_runtime::{CurrentUser, UserModel, Users, web::{UserPath, UserQuery}};
/// # #[derive(Clone, Debug, UserModel)]
/// # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
/// # pub struct User {
/// #     pub id: i64, pub email: String, pub hashed_password: users_runtime::PasswordHash,
/// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
/// # }
///
/// #[derive(serde::Deserialize)]
/// struct Paging {
///     #[serde(default)]
///     offset: u32,
///     limit: Option<u8>,
///     #[serde(default)]
///     tag: Vec<String>, // ?tag=a&tag=b
/// }
///
/// /// `GET /shelves/{shelf}/books?offset=20`
/// async fn books(_user: CurrentUser<User>, shelf: UserPath<User, i64>, paging: UserQuery<User, Paging>) -> String {
///     format!("shelf {} from {}", shelf.value, paging.value.offset)
/// }
/// # let _ = axum::routing::get::<_, _, Users<User>>(books);
/// ```
pub struct UserPath<U, T> {
    /// The parameters, valid.
    pub value: T,
    user: PhantomData<fn() -> U>,
}

/// The parameters of the query as any type that serde reads, with FastAPI's 422: see [`UserPath`].
///
/// A parameter that is given several times is a `Vec` of its values; for a single value the last one counts. A missing parameter is an
/// error unless its field is an `Option` or has a default. Every parameter that is missing or not valid is reported,
/// as far as [`UserJson`] says.
pub struct UserQuery<U, T> {
    /// The parameters, valid.
    pub value: T,
    user: PhantomData<fn() -> U>,
}

/// A JSON body of any type that serde reads, with the limits of the built-in routes and FastAPI's 422 for what is wrong. A `UserCreate` or
/// `UserUpdate` is read with [`UserBody`](super::UserBody).
///
/// Every field that is missing or not valid is reported, in the order of the type's fields, although serde stops at the first one: what is
/// wrong is replaced with a value that the type accepts, and the rest is read again. Where no usual value is accepted, because a type
/// of yours has rules of its own, the errors up to there are reported. Rules about several fields are checked once each field is valid.
///
/// Numbers, flags and text are coerced as Pydantic does: `"7"` is a valid `i64`. Let a [`CurrentUser`](crate::CurrentUser) stand before it.
///
/// ```
/// use users_runtime::{CurrentUser, UserModel, Users, web::UserJson};
/// # #[derive(Clone, Debug, UserModel)]
/// # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
/// # pub struct User {
/// #     pub id: i64, pub email: String, pub hashed_password: users_runtime::PasswordHash,
/// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
/// # }
///
/// #[derive(serde::Deserialize)]
/// struct Note {
///     text: String,
///     stars: u8,
/// }
///
/// async fn write(user: CurrentUser<User>, note: UserJson<User, Note>) -> String {
///     format!("{}: {} {}", user.email, note.value.text, note.value.stars)
/// }
/// # let _ = axum::routing::post::<_, _, Users<User>>(write);
/// ```
pub struct UserJson<U, T> {
    /// What was sent, valid.
    pub value: T,
    user: PhantomData<fn() -> U>,
}

macro_rules! debug {
    ($($name:ident)*) => {$(
        impl<U, T: fmt::Debug> fmt::Debug for $name<U, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("value", &self.value)
                    .finish_non_exhaustive()
            }
        }
    )*};
}

debug! { UserPath UserQuery UserJson }

/// Why parameters cannot be read: a 422, or 400 for a path that is not UTF-8.
#[derive(Debug)]
pub struct ParameterRejection(Invalid);

#[derive(Debug)]
enum Invalid {
    Path(RawPathParamsRejection),
    Value(Unprocessable),
}

impl IntoResponse for ParameterRejection {
    fn into_response(self) -> Response {
        match self.0 {
            Invalid::Path(refusal) => refusal.into_response(),
            Invalid::Value(refusal) => refusal.into_response(),
        }
    }
}

/// Reads the parameters of a part of the request.
fn parameters<U: UserModel, T: DeserializeOwned>(
    part: &'static str,
    sent: IndexMap<String, Json>,
    users: &Users<U>,
) -> Result<T, ParameterRejection> {
    let sent = Json::Object(Box::new(sent));
    read_or_all(&sent, Form::Parameters).map_err(|problems| {
        let echo = users.options().echo;
        let error = |problem| ValidationError::of_part(part, problem, &sent, echo);
        let errors = problems.into_iter().map(error).collect();
        ParameterRejection(Invalid::Value(Unprocessable(errors)))
    })
}

/// The parameters of a query, in their order.
fn of_query(query: &str) -> IndexMap<String, Json> {
    let mut sent = IndexMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let value = Json::Text(value.into_owned());
        match sent.entry(name.into_owned()) {
            Entry::Vacant(free) => {
                free.insert(value);
            }
            Entry::Occupied(mut values) => match values.get_mut() {
                Json::List(items) => items.push(value),
                first => {
                    let first = std::mem::replace(first, Json::Null);
                    values.insert(Json::List(vec![first, value]));
                }
            },
        }
    }
    sent
}

impl<U, T, S> FromRequestParts<S> for UserPath<U, T>
where
    U: UserModel,
    T: DeserializeOwned,
    S: ProvidesUsers<U> + Send + Sync,
{
    type Rejection = ParameterRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ParameterRejection> {
        let raw = RawPathParams::from_request_parts(parts, state).await;
        let raw = raw.map_err(|refusal| ParameterRejection(Invalid::Path(refusal)))?;
        let sent = raw
            .iter()
            .map(|(name, value)| (name.to_owned(), Json::Text(value.to_owned())));
        Ok(Self {
            value: parameters("path", sent.collect(), &state.users())?,
            user: PhantomData,
        })
    }
}

impl<U, T, S> FromRequestParts<S> for UserQuery<U, T>
where
    U: UserModel,
    T: DeserializeOwned,
    S: ProvidesUsers<U> + Send + Sync,
{
    type Rejection = ParameterRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ParameterRejection> {
        let sent = of_query(parts.uri.query().unwrap_or_default());
        Ok(Self {
            value: parameters("query", sent, &state.users())?,
            user: PhantomData,
        })
    }
}

impl<U, T, S> FromRequest<S> for UserJson<U, T>
where
    U: UserModel,
    T: DeserializeOwned,
    S: ProvidesUsers<U> + Send + Sync,
{
    type Rejection = UserBodyRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, UserBodyRejection> {
        let body = JsonBody::<AnyBody>::from_request(request, &state.users()).await;
        let body = body.map_err(|refusal| UserBodyRejection(Refused::Json(refusal)))?;
        let value = body.value();
        let value = value.map_err(|refusal| UserBodyRejection(Refused::Fields(refusal)))?;
        Ok(Self {
            value,
            user: PhantomData,
        })
    }
}
