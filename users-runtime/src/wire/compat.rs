//! Whose behaviour the user system has.

/// Whose behaviour the user system has, where the two differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compat {
    /// The safer defaults of this crate.
    #[default]
    Off,
    /// Exactly what FastAPI Users 15 does, so that both can serve one database side by side.
    FastApiUsers15,
}
