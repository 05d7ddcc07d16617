//! How much memory a client's request takes before anybody is authenticated, measured by an allocator that counts.

mod application;
mod requests;
mod warning;
