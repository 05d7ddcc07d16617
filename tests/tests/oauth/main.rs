//! Login with accounts at a provider, and linking them: whoever comes back with what is not theirs gets nothing.

mod addresses;
mod deciding_hooks;
mod discovered;
mod documented;
mod failures;
mod front_ends;
mod hijacking;
mod id_tokens;
mod issuers;
mod links;
mod logins;
mod outages;
mod provider;
mod requests;
mod rotation;
mod setup;
mod states;
