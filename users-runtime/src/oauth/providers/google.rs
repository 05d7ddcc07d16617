//! Google.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use serde_json::Value;

use super::shared::{Fixed, fixed, provider};
use crate::oauth::{
    Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken,
    claims::profile_of,
    get_json,
    id_token::{IdTokens, TokenRules},
};

/// Who issues Google's id tokens.
const ISSUER: &str = "https://accounts.google.com";
/// Where Google publishes the keys of its id tokens.
const KEYS: &str = "https://www.googleapis.com/oauth2/v3/certs";

/// Accounts at Google.
///
/// - **To register**: a web application at <https://console.cloud.google.com/apis/credentials>, with the callback as an
///   authorized redirect URI; the People API must be enabled for its project.
/// - **Scopes**: `userinfo.profile` and `userinfo.email`.
/// - **Account id**: the resource name of the [People API](https://developers.google.com/people/api/rest/v1/people/get), which
///   is `people/` and a number; the number is the claim `sub` of id tokens that mobile applications bring.
/// - **E-mail**: the primary address. It is verified if the API says so of any occurrence of it.
/// - **Name and picture**: the primary ones, except in the compatibility preset, which asks for the addresses only.
#[derive(Clone)]
pub struct Google {
    fixed: Fixed,
    id_tokens: Arc<IdTokens>,
}

impl fmt::Debug for Google {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Google")
            .field("fixed", &self.fixed)
            .finish_non_exhaustive()
    }
}

provider!(Google: Default);

impl Google {
    /// Google, named `google`.
    pub fn new() -> Self {
        let scopes = &[
            "https://www.googleapis.com/auth/userinfo.profile",
            "https://www.googleapis.com/auth/userinfo.email",
        ];
        let authorize = "https://accounts.google.com/o/oauth2/v2/auth";
        Self {
            fixed: Fixed::new(
                "google",
                authorize,
                "https://oauth2.googleapis.com/token",
                scopes,
            ),
            id_tokens: Arc::default(),
        }
    }
}

#[async_trait]
impl OAuthProvider for Google {
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
        // In the compatibility preset exactly what FastAPI Users asks for.
        let fields = if expected.id_token_required {
            "emailAddresses,names,photos"
        } else {
            "emailAddresses"
        };
        let url = format!("https://people.googleapis.com/v1/people/me?personFields={fields}");
        let person = get_json(http, &url, &token.access_token).await?;
        let addresses = person
            .get("emailAddresses")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice);
        let is = |address: &Value, what: &str| address["metadata"][what] == true;
        let primary = addresses
            .iter()
            .find(|address| is(address, "primary"))
            .and_then(|address| address.get("value"));
        // The same address comes once for every source, and a flag that is not set is left out.
        let is_verified = addresses
            .iter()
            .any(|address| address.get("value") == primary && is(address, "verified"));
        let profile = Profile::of(person.get("resourceName"), primary)?
            .verified(primary.map(|_| is_verified));
        let of_primary = |list: &str, what: &str| {
            let items = person.get(list).and_then(Value::as_array)?;
            let primary = items.iter().find(|item| is(item, "primary"));
            primary.or_else(|| items.first())?.get(what)
        };
        Ok(profile.shown_as(
            of_primary("names", "displayName"),
            of_primary("photos", "url"),
        ))
    }

    async fn profile_of_id_token(
        &self,
        http: &dyn HttpClient,
        id_token: &str,
        expected: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let rules = TokenRules::new(ISSUER, Some(KEYS));
        let claims = self
            .id_tokens
            .brought(http, id_token, rules, expected)
            .await?;
        let mut profile = profile_of(&claims)?;
        profile.account_id.insert_str(0, "people/");
        Ok(profile)
    }
}
