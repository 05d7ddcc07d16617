//! Names that a database neither cuts nor refuses.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::dialect::Dialect;

/// The number of bytes of a digest that distinguish names that begin alike.
const TOLD_APART_BY: usize = 4;

/// A name that is built from others. Where it is too long for the database, it ends with a digest of the whole instead.
pub(in crate::store) fn fitting(dialect: &dyn Dialect, name: String) -> String {
    let Some(limit) = dialect.longest_name().filter(|limit| name.len() > *limit) else {
        return name;
    };
    let mut end = limit - 1 - 2 * TOLD_APART_BY;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    let digest = Sha256::digest(&name);
    digest[..TOLD_APART_BY]
        .iter()
        .fold(format!("{}_", &name[..end]), |mut short, byte| {
            // Writing into a string cannot fail.
            let _ = write!(short, "{byte:02x}");
            short
        })
}
