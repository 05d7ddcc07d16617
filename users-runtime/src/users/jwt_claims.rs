//! Claims of the application in JSON web tokens: added by the builder, read by handlers.

use super::{Session, Users, UsersBuilder};
use crate::{model::UserModel, token::Claims};

impl<U: UserModel> UsersBuilder<U> {
    /// Adds a claim of the application to the access tokens of every declared backend whose strategy is `jwt`, also of those with
    /// `revocable` and `refresh`: see [`JwtStrategy::claim`](crate::JwtStrategy::claim). [`Users::claims`](crate::Users::claims) reads it.
    ///
    /// ```
    /// # use users_runtime::{CurrentUser, PasswordHash, SqliteStore, UserModel, Users};
    /// # #[derive(Clone, Debug, UserModel)]
    /// # #[fastapi_users(backend(name = "api", transport = bearer, strategy = jwt))]
    /// # pub struct User {
    /// #     pub id: i64, pub email: String, pub hashed_password: PasswordHash,
    /// #     pub is_active: bool, pub is_superuser: bool, pub is_verified: bool,
    /// #     #[fastapi_users(access = read_only, default = "free")]
    /// #     pub plan: String,
    /// # }
    /// use axum::extract::State;
    ///
    /// # fn example(store: SqliteStore<User>, secret: &str) -> Result<(), users_runtime::errors::BuildError> {
    /// let users = Users::<User>::builder(store, secret)
    ///     .jwt_claim("plan", |user: &User| user.plan.clone())
    ///     .build()?;
    /// # Ok(())
    /// # }
    ///
    /// async fn plan(State(users): State<Users<User>>, user: CurrentUser<User>) -> String {
    ///     let claims = users.claims(&user.session);
    ///     let plan = claims.as_ref().and_then(|claims| claims.text("plan"));
    ///     plan.unwrap_or("unknown").to_owned()
    /// }
    /// # let _ = axum::routing::get::<_, _, Users<User>>(plan);
    /// ```
    #[must_use]
    pub fn jwt_claim<V: Into<serde_json::Value>>(
        mut self,
        name: impl Into<String>,
        value: impl Fn(&U) -> V + Send + Sync + 'static,
    ) -> Self {
        self.jwt_claims.add(name.into(), value);
        self
    }
}

impl<U: UserModel> Users<U> {
    /// What the token of a session says, which a guard has just let through: the claims of a JSON web token, also those of
    /// [`jwt_claim`](crate::UsersBuilder::jwt_claim). `None` for tokens that are no JSON web tokens.
    pub fn claims(&self, session: &Session) -> Option<Claims> {
        let backend = self.backend(&session.backend)?;
        backend.strategy().claims(&session.token)
    }
}
