//! Sessions that users see and end, and refresh tokens.

mod app;
mod commands;
mod documented;
mod ends;
mod lifetimes;
mod lists;
mod logins;
mod races;
mod refresh;
mod refresh_cookies;
mod seeds;
