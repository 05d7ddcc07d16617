//! LinkedIn.

use async_trait::async_trait;

use super::shared::{Fixed, fixed, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken,
    claims::profile_of, get_json,
};

/// Accounts at LinkedIn.
///
/// - **To register**: an app at <https://www.linkedin.com/developers/apps>, with the callback among its redirect URLs. An app
///   of today has the product "Sign In with LinkedIn using OpenID Connect" and needs [`openid`](Self::openid); those from before
///   August 2023 may still have the product that FastAPI Users asks, and [`new`](Self::new) is for them.
/// - **Scopes**: `r_emailaddress`, `r_liteprofile` and `r_basicprofile`; or `openid`, `profile` and `email`.
/// - **Account id**: the `id` of the [profile](https://learn.microsoft.com/en-us/linkedin/shared/integrations/people/profile-api),
///   or the claim `sub` of the
///   [user info](https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2). Both
///   name the member to one app; try it with an account of your own before you rely on old links with `openid`.
/// - **E-mail**: the first handle of the e-mail API, without a verification status; or the claim `email`, with `email_verified`.
#[derive(Clone, Debug)]
pub struct LinkedIn {
    fixed: Fixed,
    has_openid: bool,
}

provider!(LinkedIn: Default);

impl LinkedIn {
    /// LinkedIn by its profile API, named `linkedin`.
    pub fn new() -> Self {
        Self::with(
            &["r_emailaddress", "r_liteprofile", "r_basicprofile"],
            false,
        )
    }

    /// LinkedIn by its user info, named `linkedin`.
    pub fn openid() -> Self {
        Self::with(&["openid", "profile", "email"], true)
    }

    fn with(scopes: &'static [&'static str], has_openid: bool) -> Self {
        let authorize = "https://www.linkedin.com/oauth/v2/authorization";
        let token = "https://www.linkedin.com/oauth/v2/accessToken";
        Self {
            fixed: Fixed::new("linkedin", authorize, token, scopes),
            has_openid,
        }
    }
}

#[async_trait]
impl OAuthProvider for LinkedIn {
    fixed!();

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let token = &token.access_token;
        if self.has_openid {
            return profile_of(
                &get_json(http, "https://api.linkedin.com/v2/userinfo", token).await?,
            );
        }
        let member = get_json(
            http,
            "https://api.linkedin.com/v2/me?projection=%28id%29",
            token,
        )
        .await?;
        let url = "https://api.linkedin.com/v2/emailAddress?q=members&projection=%28elements%2A%28handle~%29%29";
        let handles = get_json(http, url, token).await?;
        Profile::of(
            member.get("id"),
            handles.pointer("/elements/0/handle~0/emailAddress"),
        )
    }
}
