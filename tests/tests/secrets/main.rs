//! What reaches the log, events that an operator wants to see, and what a 422 repeats: not one secret.

mod answers;
mod hooks;
mod log;
