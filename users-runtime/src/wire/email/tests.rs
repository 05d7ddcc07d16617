//! Tests of verdicts, stored forms and reasons.

mod cases;

use cases::{ACCEPTED, REFUSED};
use proptest::prelude::*;

use super::normalize;

/// The text repeated, and a domain behind it.
fn long_local(unit: &str, count: usize) -> String {
    format!("{}@len.example.com", unit.repeat(count))
}

/// The reason for which the address is refused.
fn refused(address: &str) -> String {
    normalize(address).expect_err(address)
}

#[test]
fn good_addresses_are_stored_in_normal_form() {
    for (typed, stored) in ACCEPTED {
        assert_eq!(normalize(typed).as_deref(), Ok(*stored), "{typed:?}");
    }
}

#[test]
fn bad_addresses_have_the_reason_of_the_original() {
    for (typed, reason) in REFUSED {
        let given = refused(typed);
        // The texts of the Python package idna are not kept.
        let same = if reason.ends_with('(') {
            given.starts_with(reason) && given.ends_with(").")
        } else {
            given == *reason
        };
        assert!(same, "{typed:?}: {given}");
    }
}

#[test]
fn the_whole_input_is_limited_in_code_points() {
    let name = |count: usize| format!("{} <a@b.co>", "é".repeat(count));
    assert_eq!(normalize(&name(2039)).as_deref(), Ok("a@b.co"));
    assert_eq!(
        refused(&name(2040)),
        "Length must not exceed 2048 characters"
    );
    assert_eq!(
        refused(&" ".repeat(2048)),
        "An email address must have an @-sign."
    );
}

#[test]
fn the_address_is_limited_in_bytes() {
    for (unit, most) in [("o", 238), ("é", 119), ("\u{1f600}", 59)] {
        assert_eq!(
            normalize(&long_local(unit, most)),
            Ok(long_local(unit, most))
        );
    }
    for (unit, count, amount) in [
        ("p", 239, "1 character"),
        ("q", 300, "62 characters"),
        ("é", 120, "1-2 characters"),
        ("é", 200, "81-162 characters"),
        ("\u{1f600}", 60, "1-2 characters"),
    ] {
        assert_eq!(
            refused(&long_local(unit, count)),
            format!("The email address is too long ({amount} too many).")
        );
    }
}

#[test]
fn the_normal_forms_are_limited_too() {
    // U+0958 is two characters of three bytes each in NFC.
    assert_eq!(
        refused(&long_local("\u{958}", 40)),
        "The email address is too long after normalization (2 bytes too many)."
    );
    let ascii = format!("{}@{}.com", "a".repeat(244), "é");
    assert_eq!(
        refused(&ascii),
        "The email address is too long when the part after the @-sign is converted to IDNA ASCII (2 bytes too many)."
    );
}

#[test]
fn labels_and_domains_are_limited_in_their_ascii_form() {
    let label = |count: usize| format!("a@{}.com", "d".repeat(count));
    assert_eq!(normalize(&label(63)), Ok(label(63)));
    assert_eq!(
        refused(&label(65)),
        "After the @-sign, periods cannot be separated by so many characters (2 characters too many)."
    );
    let domain = |first: usize, unit: &str| {
        format!(
            "a@{}.{}com",
            unit.repeat(first),
            format!("{}.", unit.repeat(62)).repeat(3)
        )
    };
    assert_eq!(normalize(&domain(58, "d")), Ok(domain(58, "d")));
    assert_eq!(
        refused(&domain(62, "d")),
        "The email address is too long after the @-sign (2 characters too many)."
    );
    assert_eq!(
        refused(&domain(61, "D")),
        "The email address is too long after the @-sign (1 byte too many after IDNA encoding)."
    );
    assert_eq!(
        normalize(&format!("a@{}.com", "é".repeat(55))),
        Ok(format!("a@{}.com", "é".repeat(55)))
    );
    assert_eq!(
        refused(&format!("a@{}.com", "é".repeat(80))),
        "The part after the @-sign is invalid (Label too long)."
    );
    let endless = "b.".repeat(600);
    assert_eq!(
        refused(&format!("a@{endless}co")),
        "The part after the @-sign contains invalid characters (Domain too long)."
    );
}

/// Texts that look like addresses more often than not.
fn address_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9]{1,8}",
        1 => "\\PC{1,4}",
        1 => any::<char>().prop_map(String::from),
        1 => "\\p{L}{1,3}",
        1 => "[\\p{M}\\p{Cf}\\p{Z}]",
        1 => "xn--[a-z0-9]{1,8}",
        3 => proptest::sample::select(vec![".", "@", ".com", "-", "\"", "\\", "<", ">", " ", "[", "]", "\u{338}", "\u{3002}", "\u{5d0}"])
            .prop_map(str::to_owned),
    ];
    (
        proptest::collection::vec(piece.clone(), 0..6),
        proptest::collection::vec(piece, 0..6),
    )
        .prop_map(|(local, domain)| format!("{}@{}.com", local.concat(), domain.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_a_verdict(text in any::<String>()) {
        let _ = normalize(&text);
    }

    #[test]
    fn a_stored_address_is_its_own_normal_form(text in address_like()) {
        if let Ok(stored) = normalize(&text) {
            prop_assert_eq!(normalize(&stored), Ok(stored.clone()));
        }
    }
}
