//! Whether the routes of a provider can be made.

use super::{OAuth, OAuthSetupError};

impl OAuth {
    /// Checks the provider and its client, as far as they are known before the first login. `strict` is false in the compatibility
    /// preset.
    pub(crate) fn check_provider(&self, strict: bool) -> Result<(), OAuthSetupError> {
        if let Some(name) = self.client.reserved_param() {
            return Err(OAuthSetupError::ReservedParameter(name.to_owned()));
        }
        let provider = &self.client.provider;
        provider
            .check(strict)
            .map_err(|error| OAuthSetupError::Provider {
                name: provider.name().to_owned(),
                error,
            })?;
        if strict && self.trusts_addresses && provider.has_unverified_addresses() {
            return Err(OAuthSetupError::UntrustworthyAddresses(
                provider.name().to_owned(),
            ));
        }
        Ok(())
    }
}
