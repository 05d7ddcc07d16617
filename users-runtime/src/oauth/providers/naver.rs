//! Naver.

use async_trait::async_trait;

use super::shared::{Fixed, fixed, post_json, provider};
use crate::oauth::{Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken};

/// Accounts at Naver.
///
/// - **To register**: an application at <https://developers.naver.com/apps> that uses Naver Login, with the e-mail address among
///   the profile's items and the callback as its URL.
/// - **Scopes**: none; what is shared is what was registered.
/// - **Account id**: the `id` in the `response` of the [profile](https://developers.naver.com/docs/login/profile/profile.md),
///   which is another one for every application.
/// - **E-mail**: the contact address of the profile, which is not always a Naver address. Naver does not say whether it is
///   verified, so think twice before you link accounts [by e-mail](crate::oauth::OAuth::associate_by_email).
#[derive(Clone, Debug)]
pub struct Naver {
    fixed: Fixed,
}

provider!(Naver: Default);

impl Naver {
    /// Naver, named `naver`.
    pub fn new() -> Self {
        let authorize = "https://nid.naver.com/oauth2.0/authorize";
        Self {
            fixed: Fixed::new(
                "naver",
                authorize,
                "https://nid.naver.com/oauth2.0/token",
                &[],
            ),
        }
    }
}

#[async_trait]
impl OAuthProvider for Naver {
    fixed!();

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let answer = post_json(
            http,
            "https://openapi.naver.com/v1/nid/me",
            &token.access_token,
        )
        .await?;
        let user = &answer["response"];
        let profile = Profile::of(user.get("id"), user.get("email"))?;
        let name = user.get("name").or_else(|| user.get("nickname"));
        Ok(profile.shown_as(name, user.get("profile_image")))
    }
}
