//! How clients prove who they are: the security schemes of the document.

use utoipa::openapi::security::{SecurityRequirement, SecurityScheme};

use super::placed::Placed;
use crate::{
    model::UserModel,
    session::Backend,
    users::{Requirements, Users},
};

/// How clients prove who they are: one scheme for each backend.
pub(super) struct Security {
    pub(super) schemes: Vec<(String, SecurityScheme)>,
    /// The names of the backends, in the order of the schemes.
    backends: Vec<String>,
}

impl Security {
    pub(super) fn new<U: UserModel>(users: &Users<U>, placed: &[Placed], base: &str) -> Self {
        let login_of = |backend: &Backend<U>| {
            let name = format!("auth:{}.login", backend.name());
            let placed = placed
                .iter()
                .find(|placed| placed.name() == name)
                .map(|placed| placed.path().to_owned());
            // The application has one of its own where it would be.
            placed.unwrap_or_else(|| {
                format!(
                    "{}{}/login",
                    base.trim_end_matches('/'),
                    backend.path_prefix()
                )
            })
        };
        let (mut schemes, mut backends) = (Vec::new(), Vec::new());
        for backend in users.backends() {
            schemes.push((
                scheme_name(backend.name()),
                backend.transport().security_scheme(&login_of(backend)),
            ));
            backends.push(backend.name().to_owned());
        }
        Self { schemes, backends }
    }

    /// Any one of the backends that count.
    pub(super) fn requirements(&self, guard: Requirements) -> Vec<SecurityRequirement> {
        let counts = |backend: &&String| {
            guard
                .backends
                .is_none_or(|names| names.contains(&&***backend))
        };
        let mut backends: Vec<_> = self.backends.iter().filter(counts).collect();
        if backends.is_empty() {
            // Nothing is accepted. An empty list would accept everything.
            backends.extend(&self.backends);
        }
        backends
            .into_iter()
            .map(|backend| SecurityRequirement::new(scheme_name(backend), [""; 0]))
            .collect()
    }
}

/// The backend's name, in the characters that the name of a component has.
fn scheme_name(backend: &str) -> String {
    backend.replace(
        |char: char| !(char.is_ascii_alphanumeric() || "._-".contains(char)),
        "_",
    )
}
