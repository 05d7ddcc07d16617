//! The types that a primary key may have.

use uuid::{Uuid, fmt::Hyphenated};

use super::Field;

/// A type that can be a user's primary key: `Uuid`, `i64`, `i32` or `String`, and with the feature `mongodb` its `ObjectId`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the id of a user",
    label = "not an id type",
    note = "use `Uuid`, `i64`, `i32` or `String`, or implement `users_runtime::value::UserId` for `{Self}`"
)]
pub trait UserId:
    Field + Clone + Eq + std::hash::Hash + std::fmt::Display + std::fmt::Debug + serde::Serialize
{
    /// Reads an id from a path or a token's `sub`; `None` when the text is no id.
    ///
    /// A `Uuid` is read as generously as Python's `uuid.UUID` does: capitals, without hyphens, in braces, as `urn:uuid:`.
    fn parse(text: &str) -> Option<Self>;

    /// A new id, or `None` where the database assigns it.
    fn generate() -> Option<Self>;
}

impl UserId for Uuid {
    fn parse(text: &str) -> Option<Self> {
        // The form that this crate writes, without the copies that the others need.
        if let Some(hyphenated) = Some(text).filter(|text| text.len() == Hyphenated::LENGTH)
            && let Ok(id) = Self::try_parse(hyphenated)
        {
            return Some(id);
        }
        let digits = text.replace("urn:", "").replace("uuid:", "");
        let digits = digits.trim_matches(['{', '}']).replace('-', "");
        let is_hex = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hex {
            Self::try_parse(&digits).ok()
        } else {
            None
        }
    }

    fn generate() -> Option<Self> {
        Some(Self::new_v4())
    }
}

/// Text as an id: the application's own, or a new UUID's.
impl UserId for String {
    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn generate() -> Option<Self> {
        Some(Uuid::new_v4().to_string())
    }
}

/// A number that the database assigns, written as Python's `int` reads it.
macro_rules! assigned {
    ($type:ty) => {
        impl UserId for $type {
            fn parse(text: &str) -> Option<Self> {
                text.trim().parse().ok()
            }

            fn generate() -> Option<Self> {
                None
            }
        }
    };
}

assigned!(i32);
assigned!(i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_read_as_python_reads_them() {
        let id = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);
        let plain = id.to_string();
        let simple = id.simple().to_string();
        let forms = [
            plain.clone(),
            plain.to_uppercase(),
            simple.clone(),
            format!("{{{plain}}}"),
            format!("{{{{{plain}}}}}"),
            format!("}}{plain}{{"),
            format!("urn:uuid:{plain}"),
            format!("{{urn:uuid:{plain}}}"),
            format!("uuid:{plain}"),
            format!("-{simple}-"),
        ];
        for form in forms {
            assert_eq!(Uuid::parse(&form), Some(id), "{form}");
        }
        for form in [
            "",
            "me",
            &plain[1..],
            &format!(" {plain}"),
            &format!("URN:UUID:{plain}"),
            &format!("{simple}0"),
        ] {
            assert_eq!(Uuid::parse(form), None, "{form}");
        }
    }

    #[test]
    fn numbers_are_read_with_blanks_and_signs() {
        assert_eq!(i64::parse(" +7 "), Some(7));
        assert_eq!(i32::parse("2147483648"), None);
        assert_eq!(i64::parse("7.0"), None);
    }
}
