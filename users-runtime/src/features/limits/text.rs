//! Rules as text, for the builder.
//!
//! The derive reads the same text in the struct's attribute (`model/limits.rs` there).

use super::keys::Limited;
use crate::model::{LimitBy, LimitPeriod, LimitRule};

/// The largest number of a rule.
const MOST: u32 = 1_000_000;

/// The rules of a text such as `10/m/ip, 100/d/account`; an empty text has none.
///
/// # Errors
///
/// What is wrong, for the developer.
pub(super) fn rules(text: &str, limited: Limited) -> Result<Vec<LimitRule>, String> {
    let mut rules: Vec<LimitRule> = Vec::new();
    if text.trim().is_empty() {
        return Ok(rules);
    }
    for part in text.split(',').map(str::trim) {
        let rule = rule(part, limited)?;
        let is_same = |other: &LimitRule| other.by == rule.by && other.period == rule.period;
        if rules.iter().any(is_same) {
            return Err(format!(
                "`{part}` limits the same as a rule before it: remove one of them"
            ));
        }
        rules.push(rule);
    }
    Ok(rules)
}

fn rule(text: &str, limited: Limited) -> Result<LimitRule, String> {
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
    let period = match period {
        "s" => LimitPeriod::Second,
        "m" => LimitPeriod::Minute,
        "h" => LimitPeriod::Hour,
        "d" => LimitPeriod::Day,
        _ => {
            return Err(format!(
                "`{period}` in `{text}` is not a valid period: write `s`, `m`, `h` or `d`"
            ));
        }
    };
    let by = match by {
        "ip" => LimitBy::Ip,
        "account" => LimitBy::Account,
        "account+ip" => LimitBy::AccountAndIp,
        _ => {
            return Err(format!(
                "`{by}` in `{text}` is not a valid key: write `ip`, `account` or `account+ip`"
            ));
        }
    };
    if limited == Limited::Register && by != LimitBy::Ip {
        return Err(format!(
            "`{text}` cannot limit registrations, which have no account yet: count them by `ip`"
        ));
    }
    Ok(LimitRule::new(times, period, by))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LimitRules;

    #[test]
    fn the_defaults_are_what_their_documentation_says() {
        let read = |text, limited| rules(text, limited).expect("rules");
        let login = "10/m/ip, 5/m/account+ip, 100/d/account";
        assert_eq!(read(login, Limited::Login), LimitRules::DEFAULT.login);
        assert_eq!(
            read("20/h/ip", Limited::Register),
            LimitRules::DEFAULT.register
        );
        let letters = "20/m/ip,5/h/account";
        assert_eq!(read(letters, Limited::Forgot), LimitRules::DEFAULT.forgot);
        assert_eq!(read(letters, Limited::Verify), LimitRules::DEFAULT.verify);
        assert_eq!(read(" ", Limited::Login), []);
    }

    #[test]
    fn the_same_texts_are_valid_as_in_the_derive() {
        let table = include_str!("../../../../tests/limit_rules.txt");
        let mut lines = 0;
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let (head, text) = line.split_once(" [").expect("a line of the table");
            let text = text.strip_suffix(']').expect("a line of the table");
            let (verdict, route) = head.split_once(' ').expect("a line of the table");
            let limited = match route {
                "login" => Limited::Login,
                "register" => Limited::Register,
                "forgot" => Limited::Forgot,
                _ => Limited::Verify,
            };
            let is_valid = rules(text, limited).is_ok();
            assert_eq!(is_valid, verdict == "valid", "{line}");
            lines += 1;
        }
        assert!(lines > 20, "the table is gone");
    }
}
