//! Forms in request bodies, URL-encoded and multipart, read with the leniencies and limits of the original service.

mod charset;
mod headers;
mod multipart;
mod urlencoded;

#[cfg(test)]
mod tests;

use std::fmt;

/// The most text fields a form may have.
const MAX_FIELDS: usize = 1000;
/// The most bytes of one field: name and value together when URL-encoded, the value alone when multipart.
const MAX_FIELD_SIZE: usize = 1024 * 1024;
/// The answer to a form with more than [`MAX_FIELDS`] fields, the same in both encodings.
const TOO_MANY_FIELDS: FormError = FormError("Too many fields. Maximum number of fields is 1000.");

/// One value of a form.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum FormValue {
    /// A field's decoded text.
    Text(String),
    /// An uploaded file; neither its content nor its name is kept.
    File,
}

impl fmt::Debug for FormValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(..)",
            Self::File => "File",
        })
    }
}

/// A form's fields in the order they were sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Form(Vec<(String, FormValue)>);

impl Form {
    /// The last value sent under `name`.
    #[must_use]
    pub(crate) fn get(&self, name: &str) -> Option<&FormValue> {
        self.fields()
            .rev()
            .find_map(|(field, value)| (field == name).then_some(value))
    }

    /// All names and values in order, with the nameless and the repeated ones.
    #[must_use]
    pub(crate) fn fields(&self) -> impl DoubleEndedIterator<Item = (&str, &FormValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// Shows only how many fields there are: a form may hold passwords.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({} fields)", self.0.len())
    }
}

/// Why a form cannot be read: the `detail` of the answer with status 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FormError(pub(crate) &'static str);

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for FormError {}

/// Reads `body` as the kind of form that `content_type`, the header's raw value, announces.
///
/// A missing header or one that names no form gives an empty form, whatever the body is.
///
/// # Errors
///
/// When a limit is exceeded or a multipart body is malformed. A URL-encoded body is never malformed.
pub(crate) fn read(content_type: Option<&[u8]>, body: &[u8]) -> Result<Form, FormError> {
    let header = headers::parse(content_type.unwrap_or_default());
    let fields = match header.value.as_slice() {
        b"application/x-www-form-urlencoded" => urlencoded::read(body)?,
        b"multipart/form-data" => multipart::read(&header, body)?,
        _ => Vec::new(),
    };
    Ok(Form(fields))
}
