//! Providers with the account ids and the e-mail rules of FastAPI Users, so that existing links keep working.
//!
//! Every provider is stored under the name that FastAPI Users gives to it, unless it is [named](Google::named) otherwise.

mod apple;
mod discord;
mod facebook;
mod franceconnect;
mod github;
mod google;
mod kakao;
mod linkedin;
mod microsoft;
mod naver;
mod okta;
mod reddit;
mod shared;
mod shopify;
#[cfg(test)]
mod tests;

pub use apple::Apple;
pub use discord::Discord;
pub use facebook::Facebook;
pub use franceconnect::FranceConnect;
pub use github::GitHub;
pub use google::Google;
pub use kakao::Kakao;
pub use linkedin::LinkedIn;
pub use microsoft::Microsoft;
pub use naver::Naver;
pub use okta::Okta;
pub use reddit::Reddit;
pub use shopify::Shopify;
