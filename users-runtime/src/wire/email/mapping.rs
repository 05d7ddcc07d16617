//! The mapping of UTS 46, by the crate `idna`.

use std::borrow::Cow;

use idna::uts46::{AsciiDenyList, Hyphens, Uts46};

/// The mapping of one character; nothing if it is disallowed.
pub(super) fn map_character(c: char) -> Option<String> {
    // A mark needs a letter in front, digits of right-to-left scripts a letter of their direction. Neither letter
    // composes with any mark.
    ["", "q", "\u{5d0}"].into_iter().find_map(|lead| {
        let framed = format!("{lead}{c}");
        let mapped = process(&framed)?;
        mapped.strip_prefix(lead).map(str::to_owned)
    })
}

/// Gives the text to the crate `idna`; nothing if it finds a fault.
pub(super) fn process(text: &str) -> Option<Cow<'_, str>> {
    let (mapped, verdict) =
        Uts46::new().to_unicode(text.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow);
    verdict.is_ok().then_some(mapped)
}
