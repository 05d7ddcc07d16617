//! The derive macro of `users-runtime`.
