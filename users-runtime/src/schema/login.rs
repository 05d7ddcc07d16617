//! The form of a login, the fields of OAuth 2's password grant (RFC 6749, 4.3.2).

use super::{
    Json, Problem, ValidationError,
    form::{Form, FormValue},
};
use crate::password::Password;

/// What a login sends.
#[derive(Debug)]
pub(crate) struct LoginForm {
    pub(crate) username: String,
    pub(crate) password: Password,
}

impl LoginForm {
    /// Judges a form: its `grant_type`, where it has one, is `password`; a field without content counts as left out.
    pub(crate) fn read(form: &Form) -> Result<Self, Vec<ValidationError>> {
        let mut errors = Vec::new();
        match form.get("grant_type") {
            Some(FormValue::Text(grant)) if !matches!(grant.as_str(), "" | "password") => {
                let sent = Json::Text(grant.clone());
                errors.push(ValidationError::of_field(Problem::pattern("^password$"), "grant_type", Some(&sent)));
            }
            Some(FormValue::File) => errors.push(ValidationError::of_field(Problem::not_text(), "grant_type", None)),
            _ => {}
        }
        let username = required(form, "username", &mut errors);
        let password = required(form, "password", &mut errors);
        match (username, password) {
            (Some(username), Some(password)) if errors.is_empty() => {
                Ok(Self { username: username.to_owned(), password: password.into() })
            }
            _ => Err(errors),
        }
    }
}

/// A field's text; `None` notes why there is none.
fn required<'a>(form: &'a Form, name: &'static str, errors: &mut Vec<ValidationError>) -> Option<&'a str> {
    let error = match form.get(name) {
        Some(FormValue::Text(text)) if !text.is_empty() => return Some(text),
        Some(FormValue::File) => ValidationError::of_field(Problem::not_text(), name, None),
        Some(FormValue::Text(_)) | None => ValidationError::of_missing(name, &Json::Null),
    };
    errors.push(error);
    None
}
