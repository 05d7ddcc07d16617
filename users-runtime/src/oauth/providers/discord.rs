//! Discord.

use async_trait::async_trait;
use serde_json::Value;

use super::shared::{Fixed, fixed, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken, get_json,
};

/// Accounts at Discord.
///
/// - **To register**: an application at <https://discord.com/developers/applications>, with the callback among the redirects of
///   its page "`OAuth2`".
/// - **Scopes**: `identify` and `email`.
/// - **Account id**: the `id` of the [user](https://discord.com/developers/docs/resources/user#user-object), a number as text.
/// - **E-mail**: the account's address if it is verified; an unverified one counts as none.
#[derive(Clone, Debug)]
pub struct Discord {
    fixed: Fixed,
}

provider!(Discord: Default);

impl Discord {
    /// Discord, named `discord`.
    pub fn new() -> Self {
        let authorize = "https://discord.com/api/oauth2/authorize";
        let token = "https://discord.com/api/oauth2/token";
        Self {
            fixed: Fixed::new("discord", authorize, token, &["identify", "email"])
                .with_basic_auth(),
        }
    }
}

#[async_trait]
impl OAuthProvider for Discord {
    fixed!();

    fn supports_pkce(&self) -> bool {
        true
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let user = get_json(
            http,
            "https://discord.com/api/users/@me",
            &token.access_token,
        )
        .await?;
        let verified = user.get("verified").and_then(Value::as_bool);
        let email = user.get("email").filter(|_| verified == Some(true));
        let profile = Profile::of(user.get("id"), email)?.verified(verified);
        let name = user.get("global_name").filter(|name| name.is_string());
        let picture = user.get("avatar").and_then(Value::as_str).map(|avatar| {
            let id = &profile.account_id;
            Value::from(format!(
                "https://cdn.discordapp.com/avatars/{id}/{avatar}.png"
            ))
        });
        Ok(profile.shown_as(name.or_else(|| user.get("username")), picture.as_ref()))
    }
}
