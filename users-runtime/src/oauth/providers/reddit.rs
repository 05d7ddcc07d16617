//! Reddit.

use async_trait::async_trait;

use super::shared::{Fixed, fixed, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken, get_json,
};

/// Accounts at Reddit.
///
/// - **To register**: a "web app" at <https://www.reddit.com/prefs/apps>, with the callback as its redirect URI.
/// - **Scope**: `identity`.
/// - **Account id**: the `name` of the [user](https://www.reddit.com/dev/api/#GET_api_v1_me), which cannot be changed.
/// - **E-mail**: none, ever. As in FastAPI Users, the routes therefore answer every login and every link with
///   `OAUTH_NOT_AVAILABLE_EMAIL`; to let people in, wrap this provider in one of your own that knows their addresses.
///
/// Reddit turns away requests without a `User-Agent`, which [`NetworkClient`](crate::oauth::NetworkClient) sends.
#[derive(Clone, Debug)]
pub struct Reddit {
    fixed: Fixed,
}

provider!(Reddit: Default);

impl Reddit {
    /// Reddit, named `reddit`.
    pub fn new() -> Self {
        let authorize = "https://www.reddit.com/api/v1/authorize";
        let token = "https://www.reddit.com/api/v1/access_token";
        Self {
            fixed: Fixed::new("reddit", authorize, token, &["identity"]).with_basic_auth(),
        }
    }
}

#[async_trait]
impl OAuthProvider for Reddit {
    fixed!();

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let user = get_json(
            http,
            "https://oauth.reddit.com/api/v1/me",
            &token.access_token,
        )
        .await?;
        let profile = Profile::of(user.get("name"), None)?;
        Ok(profile.shown_as(user.get("name"), user.get("icon_img")))
    }
}
