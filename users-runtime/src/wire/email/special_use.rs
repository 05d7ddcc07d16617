//! Names with a meaning of their own: reserved domains and the mailboxes of roles.

/// Top-level domains that no mail can be sent to; their subdomains are refused too.
const RESERVED: [&str; 6] = ["arpa", "invalid", "local", "localhost", "onion", "test"];

/// Mailbox names of RFC 2142, which are the same in capitals.
const ROLES: [&str; 15] = [
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
];

/// Whether the ASCII domain ends in a reserved name.
pub(super) fn is_reserved(domain: &str) -> bool {
    domain
        .rsplit('.')
        .next()
        .is_some_and(|last| RESERVED.contains(&last))
}

/// Whether the local part names a role, in any case.
pub(super) fn is_role(local: &str) -> bool {
    ROLES.iter().any(|role| role.eq_ignore_ascii_case(local))
}
