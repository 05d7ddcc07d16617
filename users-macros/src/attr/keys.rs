//! Lists of keys, as they stand in `#[fastapi_users(…)]` and in parentheses: what can be read of a list is read, whatever else is
//! wrong with it.

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, Ident, Lit, LitBool, Meta, Token,
    ext::IdentExt as _,
    parse::{ParseStream, Parser as _, discouraged::Speculative as _},
};

use super::{nearest::nearest, synonyms::synonym};
use crate::error::{Errors, Result};

/// An item of a list: a key, or a literal in its place.
#[derive(Debug)]
pub(super) enum Item {
    Key(Meta),
    Literal(Lit),
}

/// One item, which ends with the list or before a comma.
fn item(input: ParseStream<'_>) -> syn::Result<Item> {
    let is_key_of_a_keyword = input.peek(LitBool) && input.peek2(Token![=]);
    let item = if input.peek(Lit) && !is_key_of_a_keyword {
        Item::Literal(input.parse()?)
    } else if input.peek(Ident::peek_any) || input.peek(Token![::]) {
        Item::Key(input.parse()?)
    } else {
        return Err(input.error("expected a key"));
    };
    if input.is_empty() || input.peek(Token![,]) {
        Ok(item)
    } else {
        Err(input.error("expected `,`"))
    }
}

/// The items of a list. One that cannot be parsed is a mistake and ends at the next comma.
pub(super) fn items(tokens: TokenStream, errors: &mut Errors) -> Vec<Item> {
    let parse = |input: ParseStream<'_>| {
        let mut items = Vec::new();
        while !input.is_empty() {
            let attempt = input.fork();
            match attempt.call(item) {
                Ok(item) => {
                    items.push(item);
                    input.advance_to(&attempt);
                }
                Err(error) => {
                    let message =
                        format!("{error}: write `key`, `key = …` or `key(…)`, with commas between");
                    errors.at(&error.span(), message);
                    while !input.is_empty() && !input.peek(Token![,]) {
                        input.parse::<TokenTree>()?;
                    }
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(items)
    };
    match parse.parse2(tokens) {
        Ok(items) => items,
        Err(error) => {
            errors.at(&error.span(), &error);
            Vec::new()
        }
    }
}

/// The items of all `#[fastapi_users(…)]`.
pub(super) fn items_of(attributes: &[Attribute], errors: &mut Errors) -> Vec<Item> {
    let mut all = Vec::new();
    for attribute in attributes {
        if !attribute.path().is_ident("fastapi_users") {
            continue;
        }
        match &attribute.meta {
            Meta::Path(_) => {}
            Meta::List(list) => all.extend(items(list.tokens.clone(), errors)),
            Meta::NameValue(pair) => errors.at(
                &pair.path,
                "the keys stand in parentheses: write `#[fastapi_users(key = …)]`",
            ),
        }
    }
    all
}

/// A list whose keys are taken one by one.
pub(super) struct Keys<'e> {
    items: Vec<Meta>,
    /// The keys that unknown ones probably mean.
    meant: Vec<&'static str>,
    errors: &'e mut Errors,
}

impl<'e> Keys<'e> {
    /// Reports what is no key of this list; `repeatable` are the keys that may stand there more than once.
    pub(super) fn new(
        items: Vec<Item>,
        known: &[&'static str],
        repeatable: &[&str],
        errors: &'e mut Errors,
    ) -> Self {
        let mut keys = Self {
            items: Vec::new(),
            meant: Vec::new(),
            errors,
        };
        for item in items {
            let meta = match item {
                Item::Key(meta) => meta,
                Item::Literal(literal) => {
                    keys.errors
                        .at(&literal, "a value needs its key: write `key = …`");
                    continue;
                }
            };
            let name = name(&meta);
            if !known.contains(&name.as_str()) {
                keys.unknown(&meta, &name, known);
            } else if keys.find(&name).is_some() && !repeatable.contains(&name.as_str()) {
                let message = format!("`{name}` stands here twice: remove one");
                keys.errors.at(meta.path(), message);
            } else {
                keys.items.push(meta);
            }
        }
        keys
    }

    /// The keys in a key's parentheses; none where it has no parentheses.
    pub(super) fn within(meta: &Meta, known: &[&'static str], errors: &'e mut Errors) -> Self {
        let items = match meta {
            Meta::List(list) => items(list.tokens.clone(), errors),
            _ => Vec::new(),
        };
        Self::new(items, known, &[], errors)
    }

    fn unknown(&mut self, meta: &Meta, name: &str, known: &[&'static str]) {
        let message = if let Some((meant, instead)) = synonym(name, known) {
            self.meant.push(meant);
            format!("there is no key `{name}` here: {instead}")
        } else if let Some(meant) = nearest(name, known) {
            self.meant.push(meant);
            format!("there is no key `{name}` here; did you mean `{meant}`?")
        } else if known.len() <= FEW {
            let all: Vec<_> = known.iter().map(|key| format!("`{key}`")).collect();
            format!(
                "there is no key `{name}` here; the keys are {}",
                all.join(", ")
            )
        } else {
            format!(
                "there is no key `{name}` here; the documentation of `UserModel` lists all keys"
            )
        };
        self.errors.at(meta.path(), message);
    }

    fn find(&self, key: &str) -> Option<&Meta> {
        self.items.iter().find(|meta| name(meta) == key)
    }

    /// Whether the key is there, even if it is misspelt or has a mistake.
    pub(super) fn is_given(&self, key: &str) -> bool {
        self.meant.contains(&key) || self.find(key).is_some()
    }

    /// The value of a key; `None` if it is missing or has a mistake.
    pub(super) fn value<T>(&mut self, key: &str, read: fn(&Meta) -> Result<T>) -> Option<T> {
        let meta = self.find(key)?;
        let value = read(meta);
        self.errors.handle(value)
    }

    /// The value of a key that has keys of its own, without those that have mistakes.
    pub(super) fn group<T>(
        &mut self,
        key: &str,
        read: fn(&Meta, &mut Errors) -> Option<T>,
    ) -> Option<T> {
        self.groups(key, read).into_iter().next()
    }

    /// The values of a key that may be repeated.
    pub(super) fn groups<T>(
        &mut self,
        key: &str,
        read: fn(&Meta, &mut Errors) -> Option<T>,
    ) -> Vec<T> {
        let (items, errors) = (&self.items, &mut *self.errors);
        let of_key = items.iter().filter(|meta| name(meta) == key);
        of_key.filter_map(|meta| read(meta, errors)).collect()
    }
}

/// A list of more keys than this is not written out in an error.
const FEW: usize = 8;

/// The key as it is written.
pub(super) fn name(meta: &Meta) -> String {
    meta.path()
        .get_ident()
        .map(ToString::to_string)
        .unwrap_or_default()
}
