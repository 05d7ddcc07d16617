//! The document says what the routes do: every route, every answer, every schema, and nothing else.

mod answers;
mod document;
mod page;
mod routes;
