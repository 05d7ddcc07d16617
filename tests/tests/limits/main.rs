//! Limits against guessing: what is refused and when, who is not kept out, and where attempts are counted.

mod accounts;
mod application;
mod browsers;
mod clients;
mod letters;
mod settings;
mod stores;
mod unlock;
