//! What the derive generates, held as files that a person reads and a test of the workspace compiles.

#![allow(clippy::panic, reason = "a test that cannot go on panics")]

mod reference;

use expect_test::expect_file;
use quote::ToTokens as _;
use syn::{DeriveInput, File, Item};

use crate::expand::expand;

/// The budget of a struct with the six roles and two fields of its own.
const MOST_LINES: usize = 201;

/// The struct as it is without this derive, and everything that is generated for it.
fn expanded(source: &str) -> (String, String) {
    let file: File = syn::parse_file(source).unwrap_or_else(|error| panic!("{error}"));
    let annotated: DeriveInput =
        syn::parse2(file.items[0].to_token_stream()).unwrap_or_else(|error| panic!("{error}"));
    let generated: File =
        syn::parse2(expand(annotated.to_token_stream())).unwrap_or_else(|error| panic!("{error}"));
    let mut plain = file;
    let Item::Struct(item) = &mut plain.items[0] else {
        panic!("a struct comes first")
    };
    item.attrs
        .retain(|attribute| !attribute.path().is_ident("fastapi_users"));
    // The other derives stay, as they do for the user.
    for attribute in item
        .attrs
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        *attribute = syn::parse_quote!(#[derive(Clone, Debug)]);
    }
    for field in &mut item.fields {
        field
            .attrs
            .retain(|attribute| attribute.path().is_ident("doc"));
    }
    (
        prettyplease::unparse(&plain),
        prettyplease::unparse(&generated),
    )
}

fn snapshot(source: &str) -> String {
    let (plain, generated) = expanded(source);
    format!("{plain}\n{generated}")
}

#[test]
fn the_quickstart_is_as_it_was_reviewed() {
    let snapshot = snapshot(include_str!("../snapshots/input/quickstart.rs"));
    expect_file!["../snapshots/quickstart.rs"].assert_eq(&snapshot);
}

#[test]
fn every_attribute_is_as_it_was_reviewed() {
    let snapshot = snapshot(include_str!("../snapshots/input/everything.rs"));
    expect_file!["../snapshots/everything.rs"].assert_eq(&snapshot);
}

#[test]
fn mistakes_leave_stand_ins() {
    let snapshot = snapshot(include_str!("../snapshots/input/mistakes.rs"));
    expect_file!["../snapshots/mistakes.rs.txt"].assert_eq(&snapshot);
}

#[test]
fn the_quickstart_is_read_in_two_minutes() {
    let (_, generated) = expanded(include_str!("../snapshots/input/quickstart.rs"));
    let lines = generated.lines().count();
    assert!(
        lines <= MOST_LINES,
        "{lines} lines are generated for six roles and two fields; {MOST_LINES} are the most"
    );
}

#[test]
fn the_generated_code_names_nothing_but_the_runtime() {
    // Every path of the implementations starts at the runtime, at a type of the user's, or is a local.
    let (_, generated) = expanded(include_str!("../snapshots/input/quickstart.rs"));
    for word in [
        "Some(",
        "None",
        "Ok(",
        "String",
        "Option<",
        "Result<",
        "Default::",
        "Clone::",
        "Into::",
    ] {
        for (position, _) in generated.match_indices(word) {
            let before = &generated[..position];
            let is_ours = before.ends_with("__rt::");
            let is_users = word == "Option<"
                || word == "String"
                || before.ends_with(|letter: char| letter.is_alphanumeric());
            assert!(
                is_ours || is_users,
                "`{word}` at {position} comes from the prelude"
            );
        }
    }
}
