//! `Debug` of the errors that `main` returns: Rust prints those with `Debug`, so it is the sentence that says what to do.

use std::{error::Error, fmt};

/// Writes the error and its causes, without those that the text before has already.
pub(crate) fn fmt(error: &dyn Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut written = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !written.contains(&text) {
            written = format!("{written}: {text}");
        }
        cause = error.source();
    }
    f.write_str(&written)
}

/// Implements `Debug` of errors as their text with its causes.
macro_rules! debug_as_sentence {
    ($($error:ty),* $(,)?) => {
        $(impl ::std::fmt::Debug for $error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::error_debug::fmt(self, f)
            }
        })*
    };
}
pub(crate) use debug_as_sentence;

#[cfg(test)]
mod tests {
    use crate::{errors::BuildError, token::WeakSecret};

    #[test]
    fn what_main_prints_is_a_sentence_with_each_cause_once() {
        let error = BuildError::from(WeakSecret::Short { bytes: 8 });
        assert_eq!(format!("{error:?}"), error.to_string());
        let unavailable = crate::store::StoreError::Unavailable("connection refused".into());
        assert_eq!(
            format!("{:?}", crate::store::SchemaError::from(unavailable)),
            "the database is unavailable: connection refused"
        );
    }
}
