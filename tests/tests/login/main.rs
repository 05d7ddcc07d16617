//! `POST /auth/NAME/login` and `/logout`

mod logins;
mod logouts;
mod stored_tokens;
