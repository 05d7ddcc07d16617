//! Which code points IDNA 2008 (RFC 5892) allows in a label, derived from their general categories.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use super::mapping::map_character;

/// The first character of the label that is refused, by itself or for its neighbours.
///
/// Joiners pass here: their rule is checked together with the one for directions.
pub(super) fn first_refused(label: &str) -> Option<char> {
    let characters: Vec<char> = label.chars().collect();
    let allowed =
        |at: usize, c: char| is_valid(c) || is_joiner(c) || fits_context(&characters, at, c);
    characters
        .iter()
        .enumerate()
        .find(|(at, c)| !allowed(*at, **c))
        .map(|(_, c)| *c)
}

/// ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether the code point is valid wherever it stands.
fn is_valid(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit(),
        '\u{df}' | '\u{3c2}' | '\u{6fd}' | '\u{6fe}' | '\u{f0b}' | '\u{3007}' => true,
        // The capitals of Cherokee, which are what its small letters map to.
        '\u{13a0}'..='\u{13f5}' => c.general_category() == GeneralCategory::UppercaseLetter,
        _ if is_excluded(c) || needs_context(c) => false,
        _ => is_letter_or_digit(c) && is_stable(c),
    }
}

/// Letters without capitals, marks and digits.
fn is_letter_or_digit(c: char) -> bool {
    use GeneralCategory::{
        DecimalNumber, LowercaseLetter, ModifierLetter, NonspacingMark, OtherLetter, SpacingMark,
    };
    matches!(
        c.general_category(),
        LowercaseLetter
            | ModifierLetter
            | OtherLetter
            | NonspacingMark
            | SpacingMark
            | DecimalNumber
    )
}

/// Whether mapping leaves the character alone.
fn is_stable(c: char) -> bool {
    map_character(c).is_some_and(|mapped| mapped.chars().eq([c]))
}

/// Characters of the right category that are excluded one by one or with their block.
fn is_excluded(c: char) -> bool {
    matches!(c,
        // Exceptions of RFC 5892, section 2.6.
        '\u{640}' | '\u{7fa}' | '\u{302e}' | '\u{302f}' | '\u{3031}'..='\u{3035}' | '\u{303b}'
        // Characters that are not shown (section 2.3).
        | '\u{34f}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0000}'..='\u{e0fff}'
        // Combining marks for symbols, and marks of musical notation (section 2.4).
        | '\u{20d0}'..='\u{20ff}' | '\u{1d100}'..='\u{1d1ff}' | '\u{1d200}'..='\u{1d24f}'
        // Conjoining Hangul (section 2.9).
        | '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}')
}

/// Whether the code point is valid only beside certain others.
fn needs_context(c: char) -> bool {
    matches!(c, '\u{b7}' | '\u{375}' | '\u{5f3}' | '\u{5f4}' | '\u{30fb}' | '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

/// Whether a code point that needs certain neighbours has them (RFC 5892, appendix A.3 to A.9).
fn fits_context(label: &[char], at: usize, c: char) -> bool {
    let before = at.checked_sub(1).and_then(|at| label.get(at)).copied();
    let after = label.get(at + 1).copied();
    match c {
        '\u{b7}' => before == Some('l') && after == Some('l'),
        '\u{375}' => after.is_some_and(is_greek),
        '\u{5f3}' | '\u{5f4}' => before.is_some_and(is_hebrew),
        '\u{30fb}' => label.iter().copied().any(is_japanese),
        '\u{660}'..='\u{669}' => !label
            .iter()
            .any(|other| matches!(other, '\u{6f0}'..='\u{6f9}')),
        '\u{6f0}'..='\u{6f9}' => !label
            .iter()
            .any(|other| matches!(other, '\u{660}'..='\u{669}')),
        _ => false,
    }
}

/// Characters of the Greek script, as far as a label may contain them.
fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3e1}' | '\u{3f0}'..='\u{3ff}' | '\u{1d26}'..='\u{1d2a}' | '\u{1f00}'..='\u{1fff}' | '\u{ab65}')
}

/// Characters of the Hebrew script, as far as a label may contain them.
fn is_hebrew(c: char) -> bool {
    matches!(c, '\u{591}'..='\u{5f4}' | '\u{fb1d}'..='\u{fb4f}')
}

/// Characters of the scripts Hiragana, Katakana and Han, as far as a label may contain them.
fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309d}' | '\u{309e}' | '\u{30a1}'..='\u{30fa}'
        | '\u{30fd}' | '\u{30fe}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{16ff0}' | '\u{16ff1}' | '\u{1aff0}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}
