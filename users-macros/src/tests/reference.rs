//! The reference has an entry for every key and for every word, and states each one's default and what it conflicts with.

use quote::{ToTokens as _, format_ident, quote};
use syn::{Expr, ImplItem, Item, Lit};

use crate::{
    attr::{
        BackendAttr, EventsAttr, FieldKeys, LengthAttr, LimitRulesAttr, RangeAttr, RoutesAttr,
        SchemaChecksAttr, SchemasAttr, StructKeys,
    },
    expand::expand,
};

const REFERENCE: &str = include_str!("../docs/reference.md");
const VALUES: &str = include_str!("../attr/values.rs");

/// Every list of keys; the key in whose section they stand, or `None` for keys with sections of their own.
const KEYS: [(&[&str], Option<&str>); 10] = [
    (StructKeys::KNOWN, None),
    (FieldKeys::KNOWN, None),
    (SchemasAttr::KNOWN, Some("schemas")),
    (SchemaChecksAttr::KNOWN, Some("validate_schemas")),
    (BackendAttr::KNOWN, Some("backend")),
    (RoutesAttr::KNOWN, Some("routes")),
    (LimitRulesAttr::KNOWN, Some("limits")),
    (EventsAttr::KNOWN, Some("events")),
    (LengthAttr::KNOWN, Some("length")),
    (RangeAttr::KNOWN, Some("range")),
];

/// Every type of words, and the key in whose section the words stand.
const WORDS: [(&str, &str); 5] = [
    ("Transport", "backend"),
    ("Strategy", "backend"),
    ("Audience", "read"),
    ("Access", "access"),
    ("RouteName", "routes"),
];

fn items() -> Vec<Item> {
    let file = syn::parse_file(VALUES).unwrap_or_else(|error| panic!("{error}"));
    file.items
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
        if header.starts_with("impl Words for")
            && item.self_ty.to_token_stream().to_string() == name
        {
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
    let mut sections = REFERENCE.split("\n### ").skip(1);
    let is_its = |section: &&str| {
        section
            .lines()
            .next()
            .is_some_and(|heading| heading.contains(&format!("`{key}`")))
    };
    sections.find(is_its).unwrap_or_else(|| {
        panic!("the reference has no entry `{key}`: add `### `{key}`` to src/docs/reference.md")
    })
}

#[test]
fn every_key_has_an_entry() {
    for (keys, within) in KEYS {
        for key in keys {
            let Some(within) = within else {
                let example = section(key).split("```\n").nth(1).unwrap_or_default();
                assert!(
                    example.contains("#[fastapi_users("),
                    "the entry `{key}` of the reference has no example that compiles"
                );
                assert!(
                    !told(key, "Default").is_empty(),
                    "the entry `{key}` of the reference tells no default"
                );
                continue;
            };
            let row = format!("\n| `{key}` |");
            assert!(
                section(within).contains(&row),
                "the entry `{within}` of the reference has no row for `{key}`"
            );
            let defaults = section(within).contains("| Default |\n");
            assert!(
                defaults,
                "the keys of the entry `{within}` of the reference have no column of defaults"
            );
        }
    }
}

#[test]
fn every_word_is_explained() {
    for (name, within) in WORDS {
        for word in words_of(name) {
            assert!(
                section(within).contains(&format!("`{word}`")),
                "the entry `{within}` of the reference lacks `{word}`"
            );
        }
    }
}

/// The six marks, which the reference calls by one name.
const ROLES: [&str; 6] = [
    "id",
    "email",
    "hashed_password",
    "is_active",
    "is_superuser",
    "is_verified",
];

/// Every key of a field as it is written, where a value is needed.
const WRITTEN: [(&str, &str); 11] = [
    ("rename", "rename = \"c\""),
    ("column", "column = \"c\""),
    ("access", "access = public"),
    ("read", "read = public"),
    ("create", "create = public"),
    ("update", "update = public"),
    ("length", "length(max = 9)"),
    ("range", "range(max = 9)"),
    ("pattern", "pattern = \"x\""),
    ("validate", "validate = judge"),
    ("example", "example = \"x\""),
];

/// What an entry says under this name, up to the end of the sentence.
fn told(key: &str, name: &str) -> &'static str {
    let told = section(key)
        .split_once(&format!("**{name}:** "))
        .map(|(_, rest)| rest);
    let told =
        told.unwrap_or_else(|| panic!("the entry `{key}` of the reference has no **{name}:**"));
    told.split(['.', ';', '\n']).next().unwrap_or_default()
}

/// Whether the reference says that a key does not stand beside the other.
fn is_told_to_conflict(key: &str, other: &str) -> bool {
    let told = told(key, "Not together with");
    let is_named = told.contains(&format!("`{other}`"));
    if told.starts_with("every") {
        !is_named
    } else {
        is_named || told.contains("a role's mark") && ROLES.contains(&other)
    }
}

/// Whether a field with these keys is refused.
fn is_refused(keys: &[&str]) -> bool {
    let marked = ROLES.iter().find(|role| keys.contains(role));
    let keys = keys.iter().map(|key| {
        WRITTEN
            .iter()
            .find(|(name, _)| name == key)
            .map_or(*key, |(_, written)| written)
    });
    let attribute: proc_macro2::TokenStream = keys
        .collect::<Vec<_>>()
        .join(", ")
        .parse()
        .unwrap_or_else(|error| panic!("{error}"));
    let types = [
        quote!(i64),
        quote!(String),
        quote!(PasswordHash),
        quote!(bool),
        quote!(bool),
        quote!(bool),
    ];
    let fields = ROLES.iter().zip(&types).map(|(role, ty)| {
        let is_tried = marked == Some(role);
        let name = if is_tried {
            format_ident!("tried")
        } else {
            format_ident!("{role}")
        };
        let attribute = is_tried.then(|| quote!(#[fastapi_users(#attribute)]));
        quote!(#attribute #name: #ty)
    });
    let own = marked
        .is_none()
        .then(|| quote!(#[fastapi_users(#attribute)] tried: Option<String>));
    let user = quote! {
        #[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
        struct User { #(#fields,)* #own }
    };
    expand(user).to_string().contains("compile_error")
}

#[test]
fn every_conflict_of_a_fields_keys_is_told() {
    let keys = FieldKeys::KNOWN;
    for key in keys {
        assert!(!is_refused(&[key]), "`{key}` alone is refused");
        for other in keys.iter().filter(|other| *other != key) {
            let is = if is_refused(&[key, other]) {
                "conflicts"
            } else {
                "does not conflict"
            };
            let told = if is_told_to_conflict(key, other) {
                "conflicts"
            } else {
                "does not conflict"
            };
            assert_eq!(
                told, is,
                "whether `{key}` conflicts with `{other}`, as the reference tells and as it is"
            );
        }
    }
}

#[test]
fn no_key_of_the_struct_conflicts_with_another_one() {
    for key in StructKeys::KNOWN {
        assert_eq!(told(key, "Not together with"), "–", "the entry `{key}`");
    }
    let (_, generated) = super::expanded(include_str!("../../snapshots/input/everything.rs"));
    assert!(
        !generated.contains("compile_error"),
        "the struct with all of them is refused"
    );
}
