//! More namesakes than anybody wants to read of.

use users_runtime::store::SchemaError;

use crate::cases::{id, user};

/// How many addresses are shared.
const ADDRESSES: u32 = 120;
/// How many share the first of them; two share each of the others.
const CROWD: u32 = 15;

/// One of the ways to write an address.
fn written(address: u32, way: u32) -> String {
    let capital = |(place, letter): (u32, char)| {
        if way >> place & 1 == 1 {
            letter.to_ascii_uppercase()
        } else {
            letter
        }
    };
    let letters = (0..).zip("abcd".chars()).map(capital).collect::<String>();
    format!("n{address:03}{letters}@example.com")
}

/// The SQL that stores them, where no index keeps them away, and one who is alone.
pub(crate) fn namesakes() -> String {
    let first = (0..CROWD).map(|way| user(1 + way, &written(0, way), "h"));
    let others = (1..ADDRESSES).flat_map(|address| {
        (0..2).map(move |way| user(100 * address + way, &written(address, way), "h"))
    });
    first
        .chain(others)
        .chain([user(99_999, "alone@example.com", "h")])
        .collect()
}

/// Fails unless a hundred addresses are listed, each with at most ten users.
pub(crate) fn are_listed_in_part(error: SchemaError) {
    let text = error.to_string();
    let SchemaError::DuplicateEmails {
        addresses: 120,
        ids,
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(ids.len(), 100);
    assert_eq!(ids[0], (1..=10).map(id).collect::<Vec<_>>());
    for (address, ids) in (1..).zip(&ids[1..]) {
        assert_eq!(*ids, [id(100 * address), id(100 * address + 1)]);
    }
    assert!(
        text.starts_with("120 e-mail addresses") && text.ends_with("; …"),
        "{text}"
    );
}
