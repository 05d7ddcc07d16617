//! The bodies of the built-in routes in routes of the application.

use std::{fmt, marker::PhantomData};

use axum::{
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};

use super::{
    body::{JsonBody, JsonRefusal, Whole},
    extract::ProvidesUsers,
    refusals::Unprocessable,
};
use crate::{
    model::UserModel,
    schema::{AsAdmin, InputSchema},
    value::Viewer,
};

/// A `UserCreate` or `UserUpdate` that a custom route reads as the built-in routes read theirs: with the limits of bodies, and with
/// Pydantic's 422 for what is wrong. `axum::Json` reads the same fields, but answers mistakes in its own way.
///
/// `UserBody<User, UserCreate>` has a client's rights, `UserBody<User, AsAdmin<UserCreate>>` an administrator's: see [`AsAdmin`]. Let a
/// [`CurrentUser`](crate::CurrentUser) stand before it, so that who is not allowed learns nothing of the body.
///
/// ```
/// use axum::{Json, extract::State, http::StatusCode, response::ErrorResponse};
/// use users_runtime::{
///     CurrentUser, UserModel, Users, guards::ActiveSuperuser, schema::AsAdmin, value::Viewer,
///     web::UserBody,
/// };
/// # #[derive(Clone, Debug, UserModel)]
/// # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
/// # pub struct User {
/// #     pub id: i64, pub email: String, pub hashed_password: users_runtime::PasswordHash,
/// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
/// # }
///
/// /// `POST /employees`, for superusers.
/// async fn hire(
///     State(users): State<Users<User>>,
///     _admin: CurrentUser<User, ActiveSuperuser>,
///     body: UserBody<User, AsAdmin<UserCreate>>,
/// ) -> Result<(StatusCode, Json<UserRead>), ErrorResponse> {
///     let AsAdmin(create) = body.value;
///     let user = users.create(create, None).await?;
///     Ok((StatusCode::CREATED, Json(user.read_as(Viewer::Admin))))
/// }
/// # let _ = axum::routing::post::<_, _, Users<User>>(hire);
/// ```
pub struct UserBody<U, T> {
    /// What was sent, valid.
    pub value: T,
    user: PhantomData<fn() -> U>,
}

impl<U, T: fmt::Debug> fmt::Debug for UserBody<U, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserBody")
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// What a [`UserBody`] can be: a schema, or one [`AsAdmin`].
pub trait SentByUser: Sized {
    /// The schema.
    type Schema: InputSchema;
    /// With whose rights it is read.
    const VIEWER: Viewer;

    /// The value of the schema that was read.
    fn of(schema: Self::Schema) -> Self;
}

impl<T: InputSchema> SentByUser for T {
    type Schema = T;
    const VIEWER: Viewer = Viewer::Owner;

    fn of(schema: T) -> Self {
        schema
    }
}

impl<T: InputSchema> SentByUser for AsAdmin<T> {
    type Schema = T;
    const VIEWER: Viewer = Viewer::Admin;

    fn of(schema: T) -> Self {
        Self(schema)
    }
}

/// Why a [`UserBody`] cannot be read: 400, 413 or 422, as the built-in routes answer.
#[derive(Debug)]
pub struct UserBodyRejection(pub(super) Refused);

#[derive(Debug)]
pub(super) enum Refused {
    Json(JsonRefusal),
    Fields(Unprocessable),
}

impl IntoResponse for UserBodyRejection {
    fn into_response(self) -> Response {
        match self.0 {
            Refused::Json(refusal) => refusal.into_response(),
            Refused::Fields(refusal) => refusal.into_response(),
        }
    }
}

impl<U, T, S> FromRequest<S> for UserBody<U, T>
where
    U: UserModel,
    T: SentByUser,
    S: ProvidesUsers<U> + Send + Sync,
{
    type Rejection = UserBodyRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, UserBodyRejection> {
        let body = JsonBody::<Whole<U, T::Schema>>::from_request(request, &state.users()).await;
        let body = body.map_err(|refusal| UserBodyRejection(Refused::Json(refusal)))?;
        let read = body.model(T::VIEWER);
        let (schema, _) = read.map_err(|refusal| UserBodyRejection(Refused::Fields(refusal)))?;
        Ok(Self {
            value: T::of(schema),
            user: PhantomData,
        })
    }
}
