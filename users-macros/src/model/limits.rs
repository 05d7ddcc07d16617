//! The rules of the key `limits`.
//!
//! The runtime reads the same text when its builder overrides a rule (`features/limits/text.rs` there); `tests/limit_rules.txt` holds
//! both to the same texts.

use syn::LitStr;

use crate::{
    attr::{Keyed, LimitText, LimitsAttr},
    error::Errors,
};

/// What the struct declares about limits.
#[derive(Debug)]
pub(crate) enum Limits {
    /// No limits at all.
    Off,
    Rules(LimitRules),
}

/// Declared limits.
#[derive(Debug, Default)]
pub(crate) struct LimitRules {
    /// The routes whose rules are not the default ones.
    pub(crate) routes: Vec<RouteRules>,
    /// Whether the owner of a locked account gets a letter that unlocks it.
    pub(crate) unlock: bool,
}

/// The rules for one route.
#[derive(Debug)]
pub(crate) struct RouteRules {
    /// The name of the key, and of the field of the runtime's `LimitRules`.
    pub(crate) route: &'static str,
    pub(crate) rules: Vec<LimitRule>,
}

/// How often one client or account may try.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LimitRule {
    pub(crate) times: u32,
    pub(crate) period: Period,
    pub(crate) by: LimitBy,
}

/// In how long a time the tries come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Period {
    Second,
    Minute,
    Hour,
    Day,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitBy {
    Ip,
    Account,
    AccountAndIp,
}

impl Period {
    const ALL: [(&'static str, Self); 4] = [
        ("s", Self::Second),
        ("m", Self::Minute),
        ("h", Self::Hour),
        ("d", Self::Day),
    ];
}

impl LimitBy {
    const ALL: [(&'static str, Self); 3] = [
        ("ip", Self::Ip),
        ("account", Self::Account),
        ("account+ip", Self::AccountAndIp),
    ];
}

/// The value of a word.
fn word<T: Copy>(words: &[(&str, T)], text: &str) -> Option<T> {
    let is_it = |(word, _): &&(&str, T)| *word == text;
    words.iter().find(is_it).map(|(_, value)| *value)
}

/// The declared rules, without those that have mistakes.
pub(super) fn read(attr: Keyed<LimitsAttr>, errors: &mut Errors) -> Limits {
    let attr = match attr.into_inner() {
        LimitsAttr::Off => return Limits::Off,
        LimitsAttr::Rules(attr) => attr,
    };
    if let Some(place) = attr.unlock
        && matches!(attr.login, Some(LimitText::Off))
    {
        let message =
            "`unlock` is for accounts that the limits of logins lock, and these are off: remove it";
        errors.at(&place, message);
    }
    let unlock = attr.unlock.is_some();
    let routes = [
        ("login", attr.login),
        ("register", attr.register),
        ("forgot", attr.forgot),
        ("verify", attr.verify),
    ];
    let mut declared = Vec::new();
    for (route, text) in routes {
        let rules = match text {
            None => continue,
            Some(LimitText::Off) => Vec::new(),
            Some(LimitText::Rules(text)) => rules(&text, route, errors),
        };
        declared.push(RouteRules { route, rules });
    }
    Limits::Rules(LimitRules {
        routes: declared,
        unlock,
    })
}

/// The rules of one route.
fn rules(text: &LitStr, route: &str, errors: &mut Errors) -> Vec<LimitRule> {
    let mut rules: Vec<LimitRule> = Vec::new();
    let value = text.value();
    for part in value.split(',').map(str::trim) {
        match rule(part, route) {
            Ok(rule) => {
                let is_same =
                    |other: &LimitRule| other.by == rule.by && other.period == rule.period;
                if rules.iter().any(is_same) {
                    let message =
                        format!("`{part}` limits the same as a rule before it: remove one of them");
                    errors.at(text, message);
                }
                rules.push(rule);
            }
            Err(message) => errors.at(text, message),
        }
    }
    rules
}

fn rule(text: &str, route: &str) -> Result<LimitRule, String> {
    if text.is_empty() {
        return Err(format!(
            "a rule is missing: write `{route} = \"10/m/ip\"`, or `{route} = false` for no limits"
        ));
    }
    let parts: Vec<_> = text.split('/').map(str::trim).collect();
    let [times, period, by] = parts[..] else {
        return Err(format!(
            "`{text}` is not a valid rule: write `NUMBER/PERIOD/KEY`, e.g. `10/m/ip`"
        ));
    };
    let is_number = !times.is_empty() && times.bytes().all(|byte| byte.is_ascii_digit());
    let times = times
        .parse()
        .ok()
        .filter(|times| is_number && (1..=MOST).contains(times))
        .ok_or_else(|| {
            format!("`{times}` in `{text}` is not a valid number: write one from 1 to {MOST}")
        })?;
    let period = word(&Period::ALL, period).ok_or_else(|| {
        format!("`{period}` in `{text}` is not a valid period: write `s`, `m`, `h` or `d`")
    })?;
    let by = word(&LimitBy::ALL, by).ok_or_else(|| {
        format!("`{by}` in `{text}` is not a valid key: write `ip`, `account` or `account+ip`")
    })?;
    if route == "register" && by != LimitBy::Ip {
        return Err(format!(
            "`{text}` cannot limit registrations, which have no account yet: count them by `ip`"
        ));
    }
    Ok(LimitRule { times, period, by })
}

/// The largest number of a rule.
const MOST: u32 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_a_number_a_period_and_a_key() {
        let expected = LimitRule {
            times: 5,
            period: Period::Minute,
            by: LimitBy::AccountAndIp,
        };
        assert_eq!(rule("5/m/account+ip", "login"), Ok(expected));
    }

    /// The lines of the table that the runtime's reader is tested with as well: whether the text is valid, its route, the text.
    fn table() -> impl Iterator<Item = (bool, &'static str, &'static str)> {
        let table = include_str!("../../../tests/limit_rules.txt");
        let lines = table.lines().filter(|line| !line.starts_with('#'));
        lines.filter_map(|line| {
            let (head, text) = line.split_once(" [")?;
            let (verdict, route) = head.split_once(' ')?;
            Some((verdict == "valid", route, text.strip_suffix(']')?))
        })
    }

    #[test]
    fn the_same_texts_are_valid_as_in_the_builder() {
        let mut lines = 0;
        for (is_valid, route, text) in table() {
            let mut errors = Errors::default();
            let text = LitStr::new(text, proc_macro2::Span::call_site());
            rules(&text, route, &mut errors);
            assert_eq!(errors.is_empty(), is_valid, "{route}: {}", text.value());
            lines += 1;
        }
        assert!(lines > 20, "the table is gone");
    }
}
