//! What a field's value must fulfil besides its type.

/// The validation of one field, as its attributes declare it.
#[derive(Debug)]
pub struct Rules<T> {
    pub(crate) min_length: Option<u32>,
    pub(crate) max_length: Option<u32>,
    pub(crate) ge: Option<f64>,
    pub(crate) le: Option<f64>,
    pub(crate) gt: Option<f64>,
    pub(crate) lt: Option<f64>,
    pub(crate) pattern: Option<&'static str>,
    pub(crate) check: Option<fn(&T) -> Result<(), String>>,
}

impl<T> Rules<T> {
    /// No rule besides the type.
    pub const NONE: Self =
        Self { min_length: None, max_length: None, ge: None, le: None, gt: None, lt: None, pattern: None, check: None };

    /// At least so many code points (or elements).
    #[must_use]
    pub const fn min_length(mut self, length: u32) -> Self {
        self.min_length = Some(length);
        self
    }

    /// At most so many code points (or elements).
    #[must_use]
    pub const fn max_length(mut self, length: u32) -> Self {
        self.max_length = Some(length);
        self
    }

    /// At least this number.
    #[must_use]
    pub const fn ge(mut self, bound: f64) -> Self {
        self.ge = Some(bound);
        self
    }

    /// At most this number.
    #[must_use]
    pub const fn le(mut self, bound: f64) -> Self {
        self.le = Some(bound);
        self
    }

    /// More than this number.
    #[must_use]
    pub const fn gt(mut self, bound: f64) -> Self {
        self.gt = Some(bound);
        self
    }

    /// Less than this number.
    #[must_use]
    pub const fn lt(mut self, bound: f64) -> Self {
        self.lt = Some(bound);
        self
    }

    /// Text that this regular expression finds itself in; the derive has checked its syntax.
    #[must_use]
    pub const fn pattern(mut self, pattern: &'static str) -> Self {
        self.pattern = Some(pattern);
        self
    }

    /// A function of the application's own; its error is shown to the client.
    #[must_use]
    pub const fn check(mut self, check: fn(&T) -> Result<(), String>) -> Self {
        self.check = Some(check);
        self
    }
}
