//! The parameters that browsers bring.

/// A query's parameters.
#[derive(Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    pub(crate) fn of(parts: &http::request::Parts) -> Self {
        Self(
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The last value of a parameter, which is the one that FastAPI takes.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .rfind(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter; `None` when it is not there.
    pub(crate) fn all(&self, name: &str) -> Option<Vec<String>> {
        let values: Vec<_> = self
            .0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect();
        (!values.is_empty()).then_some(values)
    }
}
