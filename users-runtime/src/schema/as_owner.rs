//! Bodies of the application's own routes, read as the user's own.

use serde::{Deserialize, Deserializer};

use super::{InputSchema, body};
use crate::model::Viewer;

/// A `UserCreate` or `UserUpdate` in a body that the application reads itself, as registration and `PATCH /users/me` read it: fields
/// of `access` for administrators, and the flags, are judged and then count for nothing.
///
/// For every body that is not an administrator's: without it, `Json<UserUpdate>` has an administrator's rights.
///
/// ```
/// use axum::{Json, extract::State, response::ErrorResponse};
/// use users_runtime::{AsOwner, CurrentUser, UserModel, Users, Viewer};
/// # #[derive(Clone, Debug, UserModel)]
/// # #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
/// # pub struct User {
/// #     pub id: i64, pub email: String, pub hashed_password: users_runtime::PasswordHash,
/// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
/// # }
///
/// async fn update_me(
///     State(users): State<Users<User>>,
///     user: CurrentUser<User>,
///     Json(AsOwner(update)): Json<AsOwner<UserUpdate>>,
/// ) -> Result<Json<UserRead>, ErrorResponse> {
///     let updated = users.update(&user, update, Some(&user.session), None).await?;
///     Ok(Json(updated.read(updated.email.clone(), Viewer::Owner)))
/// }
///
/// let sent = r#"{"email": "jo@example.com", "is_superuser": true}"#;
/// let AsOwner(update) = serde_json::from_str::<AsOwner<UserUpdate>>(sent)?;
/// assert!(update.email.is_present() && !update.is_superuser.is_present());
/// # let _ = axum::routing::MethodRouter::new().patch(update_me);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AsOwner<S>(pub S);

impl<'de, S: InputSchema> Deserialize<'de> for AsOwner<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        body::deserialize(deserializer, Viewer::Owner).map(Self)
    }
}
