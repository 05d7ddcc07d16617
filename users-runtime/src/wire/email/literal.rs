//! Addresses in brackets after the @-sign: always refused, yet a malformed one has a reason of its own.
//!
//! The sentences in parentheses are those of the Python module ipaddress.

use super::{
    Reason,
    characters::{self, repr},
};

/// The number of groups in an address of IPv6.
const GROUPS: usize = 8;

/// Why the text between the brackets is refused.
pub(super) fn refusal(inside: &str) -> Reason {
    let numeric = !inside.is_empty() && inside.chars().all(|c| c == '.' || c.is_ascii_digit());
    if numeric {
        if let Err(text) = check_v4(inside) {
            return format!(
                "The address in brackets after the @-sign is not valid: It is not an IPv4 address ({text}) or is missing an address literal tag."
            );
        }
    } else if let Some(address) = inside.strip_prefix("IPv6:") {
        if let Err(text) = check_v6(address) {
            return format!("The IPv6 address in brackets after the @-sign is not valid ({text}).");
        }
    } else if !inside.contains(':') {
        return "The part after the @-sign in brackets is not an IPv4 address and has no address literal tag.".to_owned();
    } else if let Some(list) =
        characters::listed(inside.chars().filter(|c| !matches!(c, '!'..='\u{fa}')))
    {
        return format!(
            "The part after the @-sign contains invalid characters in brackets: {list}."
        );
    } else {
        return "The part after the @-sign contains an invalid address literal tag in brackets."
            .to_owned();
    }
    "A bracketed IP address after the @-sign is not allowed here.".to_owned()
}

/// Checks an address of IPv4; the callers made sure that it has neither a slash nor nothing at all.
fn check_v4(address: &str) -> Result<(), String> {
    if address.split('.').count() != 4 {
        return Err(format!("Expected 4 octets in {}", repr(address)));
    }
    address
        .split('.')
        .try_for_each(check_octet)
        .map_err(|text| format!("{text} in {}", repr(address)))
}

/// Checks one number of an address of IPv4.
fn check_octet(octet: &str) -> Result<(), String> {
    if octet.is_empty() {
        return Err("Empty octet not permitted".to_owned());
    }
    if !octet.chars().all(|c| c.is_ascii_digit()) {
        return Err(format!("Only decimal digits permitted in {}", repr(octet)));
    }
    if octet.len() > 3 {
        return Err(format!("At most 3 characters permitted in {}", repr(octet)));
    }
    if octet != "0" && octet.starts_with('0') {
        return Err(format!(
            "Leading zeros are not permitted in {}",
            repr(octet)
        ));
    }
    match octet.parse::<u8>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("Octet {octet} (> 255) not permitted")),
    }
}

/// Checks an address of IPv6, which may have a zone behind a percent sign.
fn check_v6(typed: &str) -> Result<(), String> {
    if typed.contains('/') {
        return Err(format!("Unexpected '/' in {}", repr(typed)));
    }
    let address = match typed.split_once('%') {
        Some((_, zone)) if zone.is_empty() || zone.contains('%') => {
            return Err(format!("Invalid IPv6 address: \"{}\"", repr(typed)));
        }
        Some((address, _)) => address,
        None => typed,
    };
    if address.is_empty() {
        return Err("Address cannot be empty".to_owned());
    }
    let groups = v6_groups(address)?;
    let last = groups.len().saturating_sub(1);
    let mut gaps = groups
        .iter()
        .enumerate()
        .filter(|(at, group)| *at > 0 && *at < last && group.is_empty());
    let gap = gaps.next().map(|(at, _)| at);
    if gaps.next().is_some() {
        return Err(format!("At most one '::' permitted in {}", repr(address)));
    }
    check_ends(&groups, gap).map_err(|text| format!("{text} in {}", repr(address)))?;
    let ends = |at: usize| gap.is_some() && (at == 0 || at == last);
    let mut written = groups
        .iter()
        .enumerate()
        .filter(|(at, group)| !(group.is_empty() && (ends(*at) || gap == Some(*at))));
    written
        .try_for_each(|(_, group)| check_group(group))
        .map_err(|text| format!("{text} in {}", repr(address)))
}

/// The groups of an address of IPv6; an address of IPv4 at the end counts as two.
fn v6_groups(address: &str) -> Result<Vec<&str>, String> {
    let mut groups: Vec<&str> = address.split(':').collect();
    if groups.len() < 3 {
        return Err(format!("At least 3 parts expected in {}", repr(address)));
    }
    if let Some(old) = groups.pop_if(|last| last.contains('.')) {
        check_v4(old).map_err(|text| format!("{text} in {}", repr(address)))?;
        groups.extend(["0", "0"]);
    }
    if groups.len() > GROUPS + 1 {
        return Err(format!(
            "At most {GROUPS} colons permitted in {}",
            repr(address)
        ));
    }
    Ok(groups)
}

/// Checks the number of groups, and that an empty one at an end belongs to the gap.
fn check_ends(groups: &[&str], gap: Option<usize>) -> Result<(), String> {
    let last = groups.len().saturating_sub(1);
    let open_start = groups.first().is_some_and(|group| group.is_empty());
    let open_end = groups.last().is_some_and(|group| group.is_empty());
    if gap.is_none() && groups.len() != GROUPS {
        return Err(format!("Exactly {GROUPS} parts expected without '::'"));
    }
    if open_start && gap != Some(1) {
        return Err("Leading ':' only permitted as part of '::'".to_owned());
    }
    if open_end && gap.is_none_or(|at| at + 1 != last) {
        return Err("Trailing ':' only permitted as part of '::'".to_owned());
    }
    let written = groups.len() - usize::from(open_start) - usize::from(open_end) - 1;
    if gap.is_some() && written > GROUPS - 1 {
        return Err(format!(
            "Expected at most {} other parts with '::'",
            GROUPS - 1
        ));
    }
    Ok(())
}

/// Checks one group of an address of IPv6.
fn check_group(group: &str) -> Result<(), String> {
    if !group.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(format!("Only hex digits permitted in {}", repr(group)));
    }
    if group.len() > 4 {
        return Err(format!("At most 4 characters permitted in {}", repr(group)));
    }
    Ok(())
}
