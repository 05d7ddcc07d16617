//! The guide is whole: the page about configuration has a row for every option, that about deployment one for every message of the
//! log, and every link leads to a heading.

mod commands;
mod configuration;
mod links;
mod log;
mod sources;
