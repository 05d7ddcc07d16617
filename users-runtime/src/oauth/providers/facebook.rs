//! Facebook.

use async_trait::async_trait;
use axum::body::Bytes;
use http::{Method, Request};

use super::shared::{Fixed, fixed, parameter, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken, provider::call,
};

/// Accounts at Facebook.
///
/// - **To register**: an app at <https://developers.facebook.com/apps> with the use case "Facebook Login", the callback among
///   the valid OAuth redirect URIs, and the permission `email`.
/// - **Scopes**: `email` and `public_profile`.
/// - **Account id**: the `id` of the [user](https://developers.facebook.com/docs/graph-api/reference/user), which is another one
///   for every app.
/// - **E-mail**: the account's address, where there is a valid one and the user shares it. Facebook does not say whether it is
///   verified.
#[derive(Clone, Debug)]
pub struct Facebook {
    fixed: Fixed,
    user: String,
}

provider!(Facebook: Default);

impl Facebook {
    /// Facebook, named `facebook`, with the version of the Graph API that FastAPI Users asks for, `v5.0`. Facebook answers for
    /// versions that it has retired in the way of the oldest that it still has.
    pub fn new() -> Self {
        Self::version("v5.0")
    }

    /// Another version of the Graph API, such as `v23.0`. The account ids stay what they are.
    pub fn version(version: &str) -> Self {
        let authorize = format!("https://www.facebook.com/{version}/dialog/oauth");
        let token = format!("https://graph.facebook.com/{version}/oauth/access_token");
        let fixed = Fixed::new("facebook", authorize, token, &["email", "public_profile"]);
        Self {
            fixed,
            user: format!("https://graph.facebook.com/{version}/me?fields=id%2Cemail"),
        }
    }
}

#[async_trait]
impl OAuthProvider for Facebook {
    fixed!();

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let url = format!(
            "{}&access_token={}",
            self.user,
            parameter(&token.access_token)
        );
        let user = call(
            http,
            Request::builder().method(Method::GET).uri(url),
            Bytes::new(),
        )
        .await?;
        Profile::of(user.get("id"), user.get("email"))
    }
}
