//! Why a command was not carried out.

use std::{error::Error as StdError, io};

use super::{Io, escape};
use crate::{
    error::Error,
    schema::ValidationError,
    store::{SchemaError, StoreError},
    users::{DeleteError, RegisterError, UpdateError},
};

/// How a command ended that was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Done,
    /// What was examined has errors.
    ErrorsFound,
}

/// Why a command was not carried out: a code that stays the same between versions, and sentences for the operator.
#[derive(Debug)]
pub(super) struct Failure {
    code: &'static str,
    sentences: Vec<String>,
    causes: Vec<String>,
    is_deaf_listener: bool,
}

impl Failure {
    pub(super) fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            code,
            sentences: vec![sentence.into()],
            causes: Vec::new(),
            is_deaf_listener: false,
        }
    }

    /// The input does not fulfil the schema.
    pub(super) fn of_fields(errors: &[ValidationError]) -> Self {
        let sentences = errors.iter().map(ToString::to_string).collect();
        Self {
            sentences,
            ..Self::new("INVALID_FIELDS", "")
        }
    }

    pub(super) fn no_administration() -> Self {
        Self::new(
            "NO_ADMINISTRATION",
            "this application's store answers no searches, and cannot be examined",
        )
    }

    fn of(code: &'static str, error: &(dyn StdError + 'static)) -> Self {
        let mut failure = Self::new(code, error.to_string());
        let mut cause = error.source();
        while let Some(error) = cause {
            failure.causes.push(error.to_string());
            cause = error.source();
        }
        failure
    }

    /// Whether the only error is that the output was closed.
    pub(super) const fn is_deaf_listener(&self) -> bool {
        self.is_deaf_listener
    }

    /// Adds what else the operator has to know.
    pub(super) fn and(mut self, sentence: &str) -> Self {
        if let Some(last) = self.sentences.last_mut() {
            last.push_str("; ");
            last.push_str(sentence);
        }
        self
    }

    pub(super) fn tell(&self, io: &mut Io<'_>) {
        for sentence in &self.sentences {
            io.tell(format_args!("error[{}]: {}", self.code, lines(sentence)));
        }
        for cause in &self.causes {
            io.tell(format_args!("because: {}", lines(cause)));
        }
    }
}

/// Escaped, except for the ends of lines.
fn lines(text: &str) -> String {
    text.split('\n')
        .map(escape::text)
        .collect::<Vec<_>>()
        .join("\n")
}

impl From<DeleteError> for Failure {
    fn from(error: DeleteError) -> Self {
        match error {
            DeleteError::NotFound => Self::of("USER_NOT_FOUND", &error),
            DeleteError::Failed(error) => error.into(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Store(StoreError::Unavailable(_)) => "STORE_UNAVAILABLE",
            Error::Store(_) => "STORE_FAILED",
            Error::SessionStorage(_) => "SESSION_STORAGE_UNAVAILABLE",
            Error::Overloaded { .. } | Error::HooksOverloaded { .. } => "OVERLOADED",
            Error::Hook(_) => "HOOK_FAILED",
            Error::Refused(_) => "HOOK_REFUSED",
            Error::Computed(_) => "USER_NOT_SHOWN",
            Error::Token(_) => "TOKEN_FAILED",
            Error::Password(_) => "PASSWORD_NOT_HASHED",
        };
        Self::of(code, &error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Value { .. } => Self::of("UNSTORABLE_VALUE", &error),
            other => Error::from(other).into(),
        }
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Failed(error @ Error::Hook(_)) => {
                Self::from(error).and("the user is stored")
            }
            RegisterError::Failed(error) => error.into(),
            RegisterError::InvalidPassword(_) => Self::of("REGISTER_INVALID_PASSWORD", &error),
            RegisterError::PasswordTooLong(_) => Self::of("PASSWORD_TOO_LONG", &error),
            RegisterError::InvalidFields(errors) => Self::of_fields(&errors),
            RegisterError::EmailTaken => Self::of("REGISTER_USER_ALREADY_EXISTS", &error),
            RegisterError::Unstorable(_) => Self::of("UNSTORABLE_VALUE", &error),
        }
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::Failed(error) => error.into(),
            UpdateError::InvalidPassword(_) => Self::of("UPDATE_USER_INVALID_PASSWORD", &error),
            UpdateError::PasswordTooLong(_) => Self::of("PASSWORD_TOO_LONG", &error),
            UpdateError::EmailTaken => Self::of("UPDATE_USER_EMAIL_ALREADY_EXISTS", &error),
            // A command presents no session that could end.
            UpdateError::NotFound | UpdateError::SessionEnded | UpdateError::Forbidden => {
                Self::of("USER_NOT_FOUND", &error)
            }
            UpdateError::Unstorable(_) => Self::of("UNSTORABLE_VALUE", &error),
        }
    }
}

impl From<SchemaError> for Failure {
    fn from(error: SchemaError) -> Self {
        match error {
            SchemaError::Store(error) => error.into(),
            SchemaError::Mismatch(_) => Self::of("SCHEMA_MISMATCH", &error),
            SchemaError::DuplicateEmails { .. } => Self::of("DUPLICATE_EMAILS", &error),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        let is_deaf_listener = error.kind() == io::ErrorKind::BrokenPipe;
        Self {
            is_deaf_listener,
            ..Self::of("INPUT_OUTPUT", &error)
        }
    }
}
