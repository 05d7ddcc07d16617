//! The cases of `rename_all`, which are serde's.

use syn::Meta;

use super::forms::{self, mistake};
use crate::error::Result;

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    /// Every case, by the name that serde has for it.
    const ALL: [(&str, Self); 8] = [
        ("lowercase", Self::Lower),
        ("UPPERCASE", Self::Upper),
        ("PascalCase", Self::Pascal),
        ("camelCase", Self::Camel),
        ("snake_case", Self::Snake),
        ("SCREAMING_SNAKE_CASE", Self::ScreamingSnake),
        ("kebab-case", Self::Kebab),
        ("SCREAMING-KEBAB-CASE", Self::ScreamingKebab),
    ];

    pub(super) fn read(meta: &Meta) -> Result<Self> {
        let text = forms::text(meta)?.value();
        if let Some((_, case)) = Self::ALL.iter().find(|(name, _)| *name == text) {
            return Ok(*case);
        }
        let all = Self::ALL
            .map(|(name, _)| format!("`\"{name}\"`"))
            .join(", ");
        Err(mistake(
            meta,
            format!("`{text}` is not a known case: write one of {all}"),
        ))
    }

    /// The name of a field, which is in snake case, in this case. `serde` does the same.
    pub(crate) fn of(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => field.split('_').map(capitalized).collect(),
            Self::Camel => {
                let pascal = Self::Pascal.of(field);
                let (first, rest) =
                    pascal.split_at(pascal.chars().next().map_or(0, char::len_utf8));
                first.to_ascii_lowercase() + rest
            }
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => Self::Upper.of(field).replace('_', "-"),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
