//! The ids of the operations, after which generated clients name their functions and types.

/// A route of the document, from which [`Api::operation_ids`](super::Api::operation_ids) makes the id of its operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct OperationRoute<'a> {
    /// FastAPI Users' name of the route, such as `register:register` or `auth:jwt.login`.
    pub name: &'a str,
    /// The whole path, such as `/auth/register` or `/users/{id}`.
    pub path: &'a str,
    /// The method in capitals, such as `POST`.
    pub method: &'a str,
    /// The tag: `auth` or `users`.
    pub tag: &'a str,
}

impl OperationRoute<'_> {
    /// The id that FastAPI makes of the name, the path and the method: what clients that were generated from it call their functions.
    pub fn default_id(&self) -> String {
        let is_word = |char: char| char.is_alphanumeric() || char == '_';
        let words = format!("{}{}", self.name, self.path).replace(|char| !is_word(char), "_");
        format!("{words}_{}", self.method.to_lowercase())
    }
}

/// The function that makes the ids.
pub(super) struct OperationIds(Box<dyn Fn(&OperationRoute<'_>) -> String>);

impl OperationIds {
    pub(super) fn new(id: impl Fn(&OperationRoute<'_>) -> String + 'static) -> Self {
        Self(Box::new(id))
    }

    pub(super) fn of(&self, route: &OperationRoute<'_>) -> String {
        (self.0)(route)
    }
}

impl Default for OperationIds {
    #[expect(
        clippy::redundant_closure_for_method_calls,
        reason = "the method itself is for one lifetime only"
    )]
    fn default() -> Self {
        Self::new(|route| route.default_id())
    }
}
