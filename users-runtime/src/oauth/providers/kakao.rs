//! Kakao.

use async_trait::async_trait;
use serde_json::Value;

use super::shared::{Fixed, fixed, parameter, post_json, provider};
use crate::oauth::{Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken};

/// Accounts at Kakao.
///
/// - **To register**: an application at <https://developers.kakao.com/console/app> with Kakao Login activated, the callback as
///   a redirect URI, a client secret, and consent items for nickname and e-mail. The client's id is the REST API key.
/// - **Scopes**: `profile_nickname` and `account_email`.
/// - **Account id**: the `id` of the [user](https://developers.kakao.com/docs/latest/en/kakaologin/rest-api#req-user-info), a
///   number, as text.
/// - **E-mail**: that of the user's `kakao_account`, where the user shares it. It is verified if Kakao calls it both valid, as
///   an address is not that another account has taken over, and verified.
#[derive(Clone, Debug)]
pub struct Kakao {
    fixed: Fixed,
}

provider!(Kakao: Default);

impl Kakao {
    /// Kakao, named `kakao`.
    pub fn new() -> Self {
        let authorize = "https://kauth.kakao.com/oauth/authorize";
        let token = "https://kauth.kakao.com/oauth/token";
        Self {
            fixed: Fixed::new(
                "kakao",
                authorize,
                token,
                &["profile_nickname", "account_email"],
            ),
        }
    }
}

#[async_trait]
impl OAuthProvider for Kakao {
    fixed!();

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let keys = parameter(r#"["kakao_account.email"]"#);
        let url = format!("https://kapi.kakao.com/v2/user/me?property_keys={keys}");
        let user = post_json(http, &url, &token.access_token).await?;
        let account = &user["kakao_account"];
        let says = |what: &str| account.get(what).and_then(Value::as_bool);
        let verified = match (says("is_email_valid"), says("is_email_verified")) {
            (None, None) => None,
            (valid, verified) => Some(valid != Some(false) && verified == Some(true)),
        };
        Ok(Profile::of(user.get("id"), account.get("email"))?.verified(verified))
    }
}
