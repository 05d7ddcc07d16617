//! Login with an id token that a client brings.

use axum::response::{IntoResponse as _, Response};
use http::request::Parts;

use super::{
    login::{LoginRefusal, log_in},
    refusal::ProviderRefusal,
};
use crate::{
    features::login::LoggedIn,
    model::UserModel,
    oauth::{ProviderError, ProviderToken},
    users::Users,
};

impl<U: UserModel> Users<U> {
    /// Logs in with an id token that a client has got from a provider itself, as the libraries of mobile applications do
    /// (Sign in with Google or Apple), and answers as the provider's callback does: with the tokens of its backend, or the refusal.
    ///
    /// `provider` is the name of one that the builder was given by [`oauth`](crate::UsersBuilder::oauth). The token must be signed with the
    /// provider's keys, issued to its client or to one of [`other_client`](crate::oauth::OAuth::other_client), and valid now; otherwise the
    /// answer is 400 `OAUTH_PROFILE_FAILED`. Google, Apple and [`OpenIdConnect`](crate::oauth::OpenIdConnect) have such tokens. What follows is
    /// the same as with a browser: the account's user, a link by a verified address where that is on, or a new user, with all hooks.
    ///
    /// An id token is valid for its lifetime, usually one hour, for every holder. So pass `nonce`: a random text of yours that the client
    /// passes to the provider's library, kept for this login alone. An id token without it is refused then.
    ///
    /// ```
    /// use axum::{Json, extract::State, http::request::Parts, response::Response};
    /// use users_runtime::{UserModel, Users};
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Brought {
    ///     id_token: String,
    ///     nonce: String,
    /// }
    ///
    /// async fn google<U: UserModel>(State(users): State<Users<U>>, parts: Parts, Json(sent): Json<Brought>) -> Response {
    ///     // `nonce` is one that you have handed out to this client, and take back here.
    ///     users.login_with("google", &sent.id_token, Some(&sent.nonce), &parts).await
    /// }
    /// ```
    ///
    /// The route is yours, and so are its limits. No token of the provider's is stored with a new link.
    pub async fn login_with(
        &self,
        provider: &str,
        id_token: &str,
        nonce: Option<&str>,
        request: &Parts,
    ) -> Response {
        let users = match self.for_request(request).await {
            Ok(users) => users,
            Err(error) => return error.into_response(),
        };
        match users
            .try_login_with(provider, id_token, nonce, request)
            .await
        {
            Ok(answer) => answer.into_response(),
            Err(refusal) => refusal.into_response(),
        }
    }

    async fn try_login_with(
        &self,
        provider: &str,
        id_token: &str,
        nonce: Option<&str>,
        request: &Parts,
    ) -> Result<LoggedIn<U>, LoginRefusal> {
        let mut declared = self.inner.oauth.iter();
        let found = declared.find(|(oauth, _)| oauth.client.name() == provider);
        let found = found.and_then(|(oauth, backend)| Some((oauth, self.backend(backend)?)));
        let (oauth, backend) = found.ok_or_else(|| {
            let unknown = ProviderError::Configuration(
                "the builder was given no provider of this name: call `UsersBuilder::oauth`",
            );
            ProviderRefusal::NoProfile.or(&unknown)
        })?;
        let rules = self.login_rules();
        let profile = oauth
            .client
            .profile_of_id_token(id_token, nonce, &oauth.other_clients, !rules.as_original)
            .await
            .map_err(|error| ProviderRefusal::NoProfile.or(&error))?;
        let token = ProviderToken {
            access_token: String::new(),
            expires_at: None,
            refresh_token: None,
            answer: serde_json::Value::Null,
        };
        log_in(oauth, backend, rules, self, request, (token, profile)).await
    }
}
