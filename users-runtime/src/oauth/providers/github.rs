//! GitHub.

use async_trait::async_trait;
use serde_json::Value;

use super::shared::{Fixed, fixed, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken, get_json,
};

/// Accounts at GitHub.
///
/// - **To register**: an OAuth app at <https://github.com/settings/developers>, with the callback as its authorization callback
///   URL; or a GitHub app, with the permission to read e-mail addresses.
/// - **Scopes**: `user` and `user:email`.
/// - **Account id**: the number of the [user](https://docs.github.com/en/rest/users/users#get-the-authenticated-user), not the
///   login, which can change hands.
/// - **E-mail**: the public address of the profile. Without one it is the primary of all
///   [addresses](https://docs.github.com/en/rest/users/emails), or else the first. Whether it is verified stands in that list, which
///   outside of the compatibility preset is asked for the public one, too; where GitHub refuses it, because the scope `user:email`
///   was not granted, the public address is used, without a verification status.
#[derive(Clone, Debug)]
pub struct GitHub {
    fixed: Fixed,
}

provider!(GitHub: Default);

impl GitHub {
    /// GitHub, named `github`.
    pub fn new() -> Self {
        let authorize = "https://github.com/login/oauth/authorize";
        let token = "https://github.com/login/oauth/access_token";
        Self {
            fixed: Fixed::new("github", authorize, token, &["user", "user:email"]),
        }
    }
}

#[async_trait]
impl OAuthProvider for GitHub {
    fixed!();

    fn supports_pkce(&self) -> bool {
        true
    }

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let user = get_json(http, "https://api.github.com/user", &token.access_token).await?;
        let shown = |profile: Profile| profile.shown_as(user.get("name"), user.get("avatar_url"));
        let profile = shown(Profile::of(user.get("id"), user.get("email"))?);
        if profile.email.is_some() && !expected.verified_mark_wanted {
            return Ok(profile);
        }
        let url = "https://api.github.com/user/emails";
        let addresses = match get_json(http, url, &token.access_token).await {
            // The scope is missing; a login by the public address does not need it.
            Err(ProviderError::Status { status })
                if profile.email.is_some() && status.is_client_error() =>
            {
                return Ok(profile);
            }
            addresses => addresses?,
        };
        let addresses = addresses.as_array().map_or(&[][..], Vec::as_slice);
        if let Some(public) = &profile.email {
            let verified = addresses
                .iter()
                .find(|address| is_same(address, public))
                .and_then(|address| address["verified"].as_bool());
            return Ok(profile.verified(verified));
        }
        let chosen = addresses
            .iter()
            .find(|address| address["primary"] == true)
            .or_else(|| addresses.first());
        let verified = chosen.and_then(|address| address["verified"].as_bool());
        let email = chosen.and_then(|address| address.get("email"));
        Ok(shown(
            Profile::of(user.get("id"), email)?.verified(verified),
        ))
    }
}

/// Whether an entry of the list is this address. GitHub knows an address once, however its capitals are written.
fn is_same(entry: &Value, address: &str) -> bool {
    entry["email"]
        .as_str()
        .is_some_and(|email| email.eq_ignore_ascii_case(address))
}
