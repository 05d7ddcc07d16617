//! Request bodies that custom routes read with an administrator's rights.

use serde::{Deserialize, Deserializer};

use super::{InputSchema, body};
use crate::value::Viewer;

/// A `UserCreate` or `UserUpdate` that a custom route reads with an administrator's rights: the flags `is_active`, `is_superuser`
/// and `is_verified`, and fields whose `access` is for administrators, are taken from the body.
///
/// Without it, `Json<UserCreate>` and `Json<UserUpdate>` are read as registration and `PATCH /users/me` read their bodies: these
/// fields are validated and then ignored. It checks no rights itself. Use it only where the caller is an administrator:
///
/// ```
/// use axum::{Json, extract::State, response::ErrorResponse};
/// use users_runtime::{
///     CurrentUser, UserModel, Users, guards::ActiveSuperuser, schema::AsAdmin, value::Viewer,
/// };
/// # #[derive(Clone, Debug, UserModel)]
/// # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
/// # pub struct User {
/// #     pub id: i64, pub email: String, pub hashed_password: users_runtime::PasswordHash,
/// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
/// # }
///
/// async fn create_user(
///     State(users): State<Users<User>>,
///     _admin: CurrentUser<User, ActiveSuperuser>,
///     Json(AsAdmin(create)): Json<AsAdmin<UserCreate>>,
/// ) -> Result<Json<UserRead>, ErrorResponse> {
///     let user = users.create(create, None).await?;
///     Ok(Json(user.read(user.email.clone(), Viewer::Admin)))
/// }
///
/// let sent = r#"{"email": "jo@example.com", "is_superuser": true}"#;
/// let AsAdmin(update) = serde_json::from_str::<AsAdmin<UserUpdate>>(sent)?;
/// assert!(update.is_superuser.is_present());
/// let update = serde_json::from_str::<UserUpdate>(sent)?;
/// assert!(update.email.is_present() && !update.is_superuser.is_present());
/// # let _ = axum::routing::MethodRouter::new().post(create_user);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AsAdmin<S>(pub S);

impl<'de, S: InputSchema> Deserialize<'de> for AsAdmin<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        body::deserialize(deserializer, Viewer::Admin).map(Self)
    }
}
