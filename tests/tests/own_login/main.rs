//! Login routes of an application, which `Users::log_in` completes as the built-in route does.

mod answers;
mod app;
mod attempts;
mod proofs;
mod refusals;
