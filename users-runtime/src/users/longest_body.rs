//! Whether the bodies that the struct allows are shorter than the limit.

use crate::{model::UserModel, schema::Schema, users::options::Options, value::Kind};

/// Logs a warning where the lengths that the fields declare add up to longer bodies than the limit. Fields without a length of
/// their own are not counted: their maximum is not declared.
pub(crate) fn warn_of_long_fields<U: UserModel>(options: &Options) {
    let longest_body = longest_body::<U>();
    if longest_body > options.body_limit as u64 {
        tracing::warn!(
            table = U::TABLE,
            longest_body,
            body_limit = options.body_limit,
            "the fields' lengths allow bodies that are answered 413: raise body_limit, or lower the fields' max"
        );
    }
}

/// How many bytes the declared lengths of the fields that clients send add up to. A code point has up to four bytes.
fn longest_body<U: UserModel>() -> u64 {
    let is_sent = |field: &str| {
        U::Create::FIELDS.iter().any(|sent| sent.name() == field)
            || U::Update::FIELDS.iter().any(|sent| sent.name() == field)
    };
    let lengths = U::COLUMNS.iter().filter_map(|column| {
        let unit = if column.kind == Kind::Bytes { 1 } else { 4 };
        let length = column.max_length.filter(|_| is_sent(column.field))?;
        Some(u64::from(length) * unit)
    });
    lengths.sum()
}
