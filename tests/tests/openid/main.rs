//! Login with accounts at a certified OpenID provider over the network: `oidc-provider` on Node.js, see `tests/oidc`.
//!
//! The provider judges what we send it (PKCE, the client's secret, codes that are used twice), and we judge what somebody in the
//! middle makes of its answers.

mod altered;
mod browser;
mod logins;
mod outages;
mod provider;
mod rotation;
mod stolen;
