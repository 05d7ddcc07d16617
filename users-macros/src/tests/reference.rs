//! The reference has an entry for every key and for every word.

use quote::ToTokens as _;
use syn::{Attribute, Expr, File, ImplItem, Item, Lit};

const REFERENCE: &str = include_str!("../docs/reference.md");
const SOURCES: [&str; 3] = [include_str!("../attr/user.rs"), include_str!("../attr/field.rs"), include_str!("../attr/values.rs")];

/// Every struct of keys; the key in whose section its keys stand, or `None` for keys with sections of their own.
const KEYS: [(&str, Option<&str>); 7] = [
    ("StructKeys", None),
    ("FieldKeys", None),
    ("SchemasAttr", Some("schemas")),
    ("BackendAttr", Some("backend")),
    ("RoutesAttr", Some("routes")),
    ("LengthAttr", Some("length")),
    ("RangeAttr", Some("range")),
];

/// Every type of words, and the key in whose section the words stand.
const WORDS: [(&str, &str); 4] = [("Transport", "backend"), ("Strategy", "backend"), ("Audience", "read"), ("Access", "access")];

fn items() -> Vec<Item> {
    let files = SOURCES.map(|source| syn::parse_file(source).unwrap_or_else(|error| panic!("{error}")));
    files.into_iter().flat_map(|File { items, .. }| items).collect()
}

/// The name of a field's key: the one that `rename` gives, or the field's.
fn key(field: &syn::Field) -> String {
    let renamed = |attribute: &Attribute| {
        let tokens = attribute.meta.to_token_stream().to_string();
        let (_, name) = tokens.split_once("rename = \"")?;
        Some(name.split('"').next()?.to_owned())
    };
    let name = || field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    field.attrs.iter().find_map(renamed).unwrap_or_else(name)
}

/// The keys of a struct, in its order.
fn keys_of(name: &str) -> Vec<String> {
    let keys = items().into_iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(item.fields.iter().map(key).collect()),
        _ => None,
    });
    keys.unwrap_or_else(|| panic!("`{name}` is no struct of keys anymore"))
}

/// The words of a type, read from its `impl Words`.
fn words_of(name: &str) -> Vec<String> {
    fn texts(expr: &Expr, found: &mut Vec<String>) {
        match expr {
            Expr::Reference(reference) => texts(&reference.expr, found),
            Expr::Array(array) => array.elems.iter().for_each(|element| texts(element, found)),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|element| texts(element, found)),
            Expr::Lit(literal) => {
                if let Lit::Str(text) = &literal.lit {
                    found.push(text.value());
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for item in items() {
        let Item::Impl(item) = item else { continue };
        let header = item.to_token_stream().to_string();
        if header.starts_with("impl Words for") && item.self_ty.to_token_stream().to_string() == name {
            for member in item.items {
                if let ImplItem::Const(member) = member {
                    texts(&member.expr, &mut found);
                }
            }
        }
    }
    assert!(!found.is_empty(), "`{name}` has no words anymore");
    found
}

/// The text from a key's heading to the next one.
fn section(key: &str) -> &'static str {
    let is_heading = |line: &str| line.starts_with("### ") && line.contains(&format!("`{key}`"));
    let mut sections = REFERENCE.split("\n#").filter(|section| {
        let heading = section.lines().next().unwrap_or_default();
        is_heading(&format!("#{heading}"))
    });
    sections.next().unwrap_or_else(|| panic!("the reference has no entry `{key}`: add `### `{key}`` to src/docs/reference.md"))
}

#[test]
fn every_key_has_an_entry() {
    for (name, within) in KEYS {
        for key in keys_of(name) {
            let Some(within) = within else {
                assert!(section(&key).contains("```rust,ignore"), "the entry `{key}` of the reference has no example");
                continue;
            };
            let row = format!("\n| `{key}` |");
            assert!(section(within).contains(&row), "the entry `{within}` of the reference has no row for `{key}`");
        }
    }
}

#[test]
fn every_word_is_explained() {
    for (name, within) in WORDS {
        for word in words_of(name) {
            assert!(section(within).contains(&format!("`{word}`")), "the entry `{within}` of the reference lacks `{word}`");
        }
    }
}
