//! What a 422 repeats of what a client sent, which may be a secret.

use std::io;

use super::ValidationError;
use crate::wire::json::Json;

/// The most bytes of a client's that one answer repeats. FastAPI repeats the whole body for each field that is missing.
const MAX_REPEATED: usize = 1 << 20;

/// What a 422 repeats of what a client sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Echo {
    /// As FastAPI does, the whole body included, unless a field has the very name of a secret.
    AsOriginal,
    /// Single values of fields that do not sound like secrets. No list and no object: clients misspell names, and what is under
    /// `passwd` is a password, too.
    SingleValues,
}

impl Echo {
    /// What of FastAPI Users' own fields is secret.
    const SECRETS: [&str; 4] = ["password", "token", "client_secret", "hashed_password"];
    /// What names of secrets have in them, in lower case and without punctuation.
    const SECRET_WORDS: [&str; 8] = [
        "pass",
        "pwd",
        "secret",
        "token",
        "credential",
        "apikey",
        "privatekey",
        "accesskey",
    ];
    /// Whole names of secrets that are too short to be looked for in others.
    const SECRET_NAMES: [&str; 6] = ["pin", "otp", "totp", "code", "key", "answer"];

    /// Whether the value of this field may be repeated.
    pub(super) fn shows_field(self, name: &str, value: &Json) -> bool {
        match self {
            Self::AsOriginal => !Self::SECRETS.contains(&name) && !holds_secret(value),
            Self::SingleValues => !sounds_secret(name) && (is_single(value) || is_empty(value)),
        }
    }

    /// Whether the place of a field that is missing may be repeated: the whole body, or nothing.
    pub(super) fn shows_place(self, name: &str, place: &Json) -> bool {
        match self {
            Self::AsOriginal => !Self::SECRETS.contains(&name) && !holds_secret(place),
            Self::SingleValues => !sounds_secret(name) && is_empty(place),
        }
    }

    /// Whether a body that is no object may be repeated. A text may be anything, a token for example.
    pub(super) fn shows_body(self, body: &Json) -> bool {
        match self {
            Self::AsOriginal => {
                !matches!(body, Json::Text(_) | Json::Surrogates) && !holds_secret(body)
            }
            Self::SingleValues => is_empty(body),
        }
    }

    /// Whether `grant_type`, which is not `password`, may be repeated: a form that is filled in the wrong order has a password
    /// there.
    pub(super) fn shows_grant_type(self) -> bool {
        self == Self::AsOriginal
    }
}

/// The errors as they are answered: what would make the answer longer than the limit is not repeated.
pub(crate) fn bounded(errors: Vec<ValidationError>) -> Vec<ValidationError> {
    let mut left = MAX_REPEATED;
    let bounded = errors.into_iter().map(|error| {
        let rest = left.checked_sub(error.input().map_or(0, written_length));
        left = rest.unwrap_or(left);
        if rest.is_some() {
            error
        } else {
            error.without_input()
        }
    });
    bounded.collect()
}

/// How many bytes a value is when it is written.
fn written_length(json: &Json) -> usize {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, json).map_or(usize::MAX, |()| length.0)
}

/// Counts what is written to it.
struct Length(usize);

impl io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether a field of this name may hold a secret.
fn sounds_secret(name: &str) -> bool {
    let name: String = name
        .chars()
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    Echo::SECRET_NAMES.contains(&name.as_str())
        || Echo::SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// Whether the very name of a secret is somewhere in a document.
fn holds_secret(json: &Json) -> bool {
    match json {
        Json::Object(fields) => fields
            .iter()
            .any(|(name, value)| Echo::SECRETS.contains(&name.as_str()) || holds_secret(value)),
        Json::List(items) => items.iter().any(holds_secret),
        _ => false,
    }
}

/// Whether this is no list and no object.
fn is_single(json: &Json) -> bool {
    !matches!(json, Json::List(_) | Json::Object(_))
}

/// Whether this says nothing.
fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(_) => true,
        Json::List(items) => items.is_empty(),
        Json::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Echo, MAX_REPEATED, bounded, sounds_secret, written_length};
    use crate::{schema::ValidationError, value::Problem, wire::json::Json};

    #[test]
    fn names_of_secrets_are_known_however_they_are_written() {
        for name in [
            "password",
            "passwd",
            "pass_word",
            "PassPhrase",
            "new-password",
            "pwd",
            "client_secret",
            "API-Key",
            "reset_token",
            "PIN",
            "otp",
        ] {
            assert!(sounds_secret(name), "{name}");
        }
        for name in [
            "email",
            "first_name",
            "zip",
            "pinned",
            "postcode",
            "keyboard",
        ] {
            assert!(!sounds_secret(name), "{name}");
        }
    }

    #[test]
    fn an_answer_repeats_at_most_a_mebibyte() {
        let value = Json::Text("x".repeat(MAX_REPEATED / 3));
        let error = ValidationError::of_field(
            Problem::not_text(),
            "note",
            Some(&value),
            Echo::SingleValues,
        );
        let repeated = bounded(vec![error; 5])
            .iter()
            .filter_map(ValidationError::input)
            .map(written_length)
            .collect::<Vec<_>>();
        assert_eq!(repeated, [MAX_REPEATED / 3 + 2; 2]);
    }

    #[test]
    fn by_default_no_document_is_repeated() {
        let echo = Echo::SingleValues;
        let body = Json::from(json!({ "passwd": "hunter2" }));
        assert!(!echo.shows_place("email", &body) && !echo.shows_field("note", &body));
        let list = Json::from(json!(["hunter2"]));
        assert!(!echo.shows_body(&list) && !echo.shows_body(&Json::Int(1234)));
        assert!(echo.shows_place("email", &Json::from(json!({}))));
        assert!(echo.shows_field("email", &Json::Text("no address".to_owned())));
        assert!(!echo.shows_field("pin", &Json::Int(1234)));
    }

    #[test]
    fn the_preset_leaves_out_what_has_the_very_name_of_a_secret() {
        let echo = Echo::AsOriginal;
        assert!(echo.shows_place("email", &Json::from(json!({ "passwd": "hunter2" }))));
        for secret in Echo::SECRETS {
            let nested = Json::from(json!([{ "x": { secret: "hunter2" } }]));
            assert!(!echo.shows_place("email", &nested), "{secret}");
            assert!(!echo.shows_body(&nested) && !echo.shows_field("note", &nested));
            assert!(!echo.shows_field(secret, &Json::Int(1)));
        }
    }
}
