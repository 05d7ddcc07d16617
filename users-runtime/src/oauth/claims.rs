//! What the standard claims of OpenID Connect say about a user.

use serde_json::Value;

use super::{Profile, ProviderError};

/// What a user-info endpoint says about whom the id token is about.
pub(super) fn profile_about(
    claims: &Value,
    proven: Option<&str>,
) -> Result<Profile, ProviderError> {
    // OpenID Connect Core 1.0, 5.3.2: an answer about another user must not be used.
    if proven.is_some_and(|proven| claims.get("sub").and_then(Value::as_str) != Some(proven)) {
        return Err(ProviderError::Answer(
            "it is about another user than its id token",
        ));
    }
    profile_of(claims)
}

/// What the standard claims say.
pub(super) fn profile_of(claims: &Value) -> Result<Profile, ProviderError> {
    let verified = match claims.get("email_verified") {
        Some(Value::Bool(verified)) => Some(*verified),
        Some(Value::String(verified)) => Some(verified == "true"),
        _ => None,
    };
    let profile = Profile::of(claims.get("sub"), claims.get("email"))?.verified(verified);
    Ok(profile.shown_as(claims.get("name"), claims.get("picture")))
}
