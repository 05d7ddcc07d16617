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
                errors.push(ValidationError::of_field(
                    Problem::pattern("^password$"),
                    "grant_type",
                    Some(&sent),
                ));
            }
            Some(FormValue::File) => errors.push(ValidationError::of_field(
                Problem::not_text(),
                "grant_type",
                None,
            )),
            _ => {}
        }
        let username = required(form, "username", &mut errors);
        let password = required(form, "password", &mut errors);
        match (username, password) {
            (Some(username), Some(password)) if errors.is_empty() => Ok(Self {
                username: username.to_owned(),
                password: password.into(),
            }),
            _ => Err(errors),
        }
    }
}

#[cfg(feature = "openapi")]
impl LoginForm {
    /// What [`read`](Self::read) reads, and what clients send besides that.
    pub(crate) fn json_schema() -> serde_json::Value {
        serde_json::json!({
            "type": "object",
            "description": "The password grant of OAuth 2 (RFC 6749, section 4.3.2).",
            "properties": {
                "grant_type": { "type": "string", "pattern": "^(password)?$", "examples": ["password"] },
                "username": { "type": "string", "minLength": 1, "description": "The e-mail address.", "examples": ["king.arthur@camelot.bt"] },
                "password": { "type": "string", "minLength": 1, "format": "password", "examples": ["guinevere"] },
                "scope": { "type": "string", "default": "", "description": "Not used." },
                "client_id": { "type": "string", "description": "Not used." },
                "client_secret": { "type": "string", "format": "password", "description": "Not used." },
            },
            "required": ["username", "password"],
        })
    }
}

/// A field's text; `None` notes why there is none.
fn required<'a>(
    form: &'a Form,
    name: &'static str,
    errors: &mut Vec<ValidationError>,
) -> Option<&'a str> {
    let error = match form.get(name) {
        Some(FormValue::Text(text)) if !text.is_empty() => return Some(text),
        Some(FormValue::File) => ValidationError::of_field(Problem::not_text(), name, None),
        Some(FormValue::Text(_)) | None => ValidationError::of_missing(name, &Json::Null),
    };
    errors.push(error);
    None
}
