//! `POST /auth/register`

mod bodies;
mod users;
