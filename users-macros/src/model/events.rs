//! How long events are kept.

use syn::LitStr;

use crate::{
    attr::{EventsAttr, Keyed},
    error::Errors,
};

/// That events are stored in a table.
#[derive(Debug)]
pub(crate) struct Events {
    /// How many hours they are kept.
    pub(crate) keep: u64,
}

/// The units of a time, in hours.
const UNITS: [(char, u64); 2] = [('d', 24), ('h', 1)];
/// How long events are kept unless the struct says otherwise: 90 days, in hours.
const DEFAULT: u64 = 90 * 24;
/// The longest time: 100 years, in hours. An instant so long ago can still be computed.
const LONGEST: u64 = 36_500 * 24;

/// The declared table. A time with a mistake is replaced by the default.
pub(super) fn read(attr: Keyed<EventsAttr>, errors: &mut Errors) -> Events {
    let keep = attr.into_inner().keep;
    let keep = keep.and_then(|text| match hours(&text) {
        Ok(hours) => Some(hours),
        Err(message) => {
            errors.at(&text, message);
            None
        }
    });
    Events {
        keep: keep.unwrap_or(DEFAULT),
    }
}

fn hours(text: &LitStr) -> Result<u64, String> {
    let text = text.value();
    let invalid = || {
        format!(
            "`{text}` is not a valid time: write a whole number and `d` for days or `h` for hours, e.g. `keep = \"90d\"`"
        )
    };
    let mut units = UNITS.iter();
    let found = units.find_map(|(unit, length)| Some((text.strip_suffix(*unit)?, *length)));
    // `parse` takes a sign, too.
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (number, length) = found
        .filter(|(number, _)| is_number(number))
        .ok_or_else(invalid)?;
    let number = number.parse::<u64>().ok();
    number
        .and_then(|number| number.checked_mul(length))
        .filter(|hours| (1..=LONGEST).contains(hours))
        .ok_or_else(|| format!("`{text}` must be at least `1h` and at most `36500d`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<u64> {
        hours(&LitStr::new(text, proc_macro2::Span::call_site())).ok()
    }

    #[test]
    fn a_time_is_a_number_and_a_unit() {
        assert_eq!(read("90d"), Some(DEFAULT));
        assert_eq!(read("1h"), Some(1));
        assert_eq!(read("36500d"), Some(LONGEST));
        for text in [
            "",
            "d",
            "90",
            "0d",
            "-1d",
            "+1d",
            "1.5d",
            "9 d",
            " 90d",
            "90dd",
            "90D",
            "2w",
            "36501d",
            "99999999999999999999d",
            "90d ",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
