//! The form of a login, the fields of OAuth 2's password grant (RFC 6749, 4.3.2).

use super::{ValidationError, echo::Echo};
use crate::{
    password::Password,
    value::{Kind, Problem, Value, coerce::coerce},
    wire::{
        compat::Compat,
        form::{Form, FormValue},
        json::Json,
    },
};

/// What a login sends.
#[derive(Debug)]
pub(crate) struct LoginForm {
    pub(crate) username: String,
    pub(crate) password: Password,
    /// Whether the client wants to stay logged in after it is closed; yes where it does not say.
    pub(crate) remember_me: bool,
}

impl LoginForm {
    /// Validates a form: its `grant_type`, where it has one, is `password`; a field without content counts as left out.
    pub(crate) fn read(
        form: &Form,
        echo: Echo,
        compat: Compat,
    ) -> Result<Self, Vec<ValidationError>> {
        let mut errors = Vec::new();
        match form.get("grant_type") {
            Some(FormValue::Text(grant)) if !matches!(grant.as_str(), "" | "password") => {
                let sent = echo.shows_grant_type().then(|| Json::Text(grant.clone()));
                errors.push(ValidationError::of_field(
                    Problem::pattern("^password$"),
                    "grant_type",
                    sent.as_ref(),
                    echo,
                ));
            }
            Some(FormValue::File) => errors.push(ValidationError::of_field(
                Problem::not_text(),
                "grant_type",
                None,
                echo,
            )),
            _ => {}
        }
        let username = required(form, "username", echo, &mut errors);
        let password = required(form, "password", echo, &mut errors);
        let remember_me = remembers(form, compat, echo, &mut errors);
        match (username, password) {
            (Some(username), Some(password)) if errors.is_empty() => Ok(Self {
                username: username.to_owned(),
                password: password.into(),
                remember_me,
            }),
            _ => Err(errors),
        }
    }
}

#[cfg(feature = "openapi")]
impl LoginForm {
    /// What [`read`](Self::read) reads, and what clients send besides that.
    ///
    /// Only the login of a backend with sessions remembers.
    pub(crate) fn json_schema(remembers: bool) -> serde_json::Value {
        let mut schema = serde_json::json!({
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
        });
        if remembers {
            schema["properties"]["remember_me"] = serde_json::json!({
                "type": "boolean",
                "default": true,
                "description": "Whether the session outlives the browser; without it the session also ends sooner.",
            });
        }
        schema
    }
}

/// The value of `remember_me`: the words of other truth values, and yes if it is left out. In the preset, which has no such field, what
/// is not one of these words counts as left out; otherwise it is an error.
fn remembers(form: &Form, compat: Compat, echo: Echo, errors: &mut Vec<ValidationError>) -> bool {
    let sent = match form.get("remember_me") {
        None => return true,
        Some(FormValue::Text(text)) if text.is_empty() => return true,
        Some(FormValue::Text(text)) => Some(Json::Text(text.clone())),
        Some(FormValue::File) => None,
    };
    match coerce(sent.as_ref().unwrap_or(&Json::Null), Kind::Bool) {
        Ok(remembers) => remembers == Value::Bool(true),
        Err(_) if compat != Compat::Off => true,
        Err(problem) => {
            let error = ValidationError::of_field(problem, "remember_me", sent.as_ref(), echo);
            errors.push(error);
            true
        }
    }
}

/// A field's text; `None` notes why there is none.
fn required<'a>(
    form: &'a Form,
    name: &'static str,
    echo: Echo,
    errors: &mut Vec<ValidationError>,
) -> Option<&'a str> {
    let error = match form.get(name) {
        Some(FormValue::Text(text)) if !text.is_empty() => return Some(text),
        Some(FormValue::File) => ValidationError::of_field(Problem::not_text(), name, None, echo),
        Some(FormValue::Text(_)) | None => ValidationError::of_field_without_body(name, echo),
    };
    errors.push(error);
    None
}
