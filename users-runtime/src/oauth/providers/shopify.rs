//! Shopify.

use async_trait::async_trait;

use super::shared::{Fixed, fixed, get_json_by, provider};
use crate::oauth::{Expectation, HttpClient, OAuthProvider, Profile, ProviderError, ProviderToken};

/// A shop at Shopify: the account is the shop, not the person who is logged in there.
///
/// - **To register**: an app at <https://partners.shopify.com>, with the callback among the allowed redirection URLs.
/// - **Scope**: `read_orders`.
/// - **Account id**: the `id` of the [shop](https://shopify.dev/docs/api/admin-rest/latest/resources/shop), a number, as text.
/// - **E-mail**: the shop's contact address. Shopify does not say whether it is verified.
#[derive(Clone, Debug)]
pub struct Shopify {
    fixed: Fixed,
    shop: String,
    version: String,
}

provider!(Shopify);

impl Shopify {
    /// The shop at `https://{shop}.myshopify.com`, named `shopify`, with the version of the Admin API that FastAPI Users asks
    /// for, `2023-04`. Shopify answers for versions that it has retired in the way of the oldest that it still has.
    ///
    /// The name is part of the addresses that get the client's secret: do not take it from a request unseen.
    pub fn new(shop: &str) -> Self {
        let shop = format!("https://{shop}.myshopify.com/admin");
        let endpoint = |name: &str| format!("{shop}/oauth/{name}");
        let fixed = Fixed::new(
            "shopify",
            endpoint("authorize"),
            endpoint("access_token"),
            &["read_orders"],
        );
        Self {
            fixed,
            shop,
            version: "2023-04".to_owned(),
        }
    }

    /// Another version of the Admin API, such as `2025-07`. The account ids stay what they are.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }
}

#[async_trait]
impl OAuthProvider for Shopify {
    fixed!();

    async fn profile(
        &self,
        http: &dyn HttpClient,
        token: &ProviderToken,
        _: Expectation<'_>,
    ) -> Result<Profile, ProviderError> {
        let url = format!("{}/api/{}/shop.json", self.shop, self.version);
        let answer = get_json_by(http, &url, "x-shopify-access-token", &token.access_token).await?;
        let shop = &answer["shop"];
        Profile::of(shop.get("id"), shop.get("email"))
    }
}
