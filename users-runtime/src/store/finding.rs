//! What an examination of a database finds.

use std::fmt;

use super::{SchemaProblem, SchemaProblemKind};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing; nothing needs to be done.
    Info,
    /// Some users or rows are not as they should be.
    Warning,
    /// Requests fail or may be answered wrongly.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something that an examination of a database has found, as a sentence that says what to do.
///
/// It names rows by the ids of their users, and shows no address, token or hash.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// How many there are.
    pub count: u64,
    /// The ids of some of them as text, at most [`LISTED`](Self::LISTED).
    pub ids: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FindingKind {
    /// A table does not fit the struct.
    Schema(SchemaProblem),
    /// E-mail addresses that belong to more than one user when case is ignored; the ids are these users'.
    DuplicateEmails,
    /// Accounts at providers that are linked more than once; the ids are the links'.
    DuplicateLinks {
        /// The table.
        table: String,
    },
    /// Access tokens or links whose user is gone; the ids are these users'.
    Orphans {
        /// The table.
        table: String,
    },
    /// A table that gives the id of a deleted user to the next.
    ReusedIds {
        /// The table.
        table: String,
    },
    /// Password hashes that the default hasher cannot read.
    UnreadableHashes {
        /// The format's name.
        format: &'static str,
    },
    /// Password hashes that demand more work than the default limits allow.
    CostlyHashes {
        /// The format's name.
        format: &'static str,
    },
    /// Password hashes that are weaker than new ones.
    OutdatedHashes {
        /// The format's name.
        format: &'static str,
    },
    /// Access tokens that are longer than the column allows; the ids are their users'.
    LongAccessTokens,
    /// Access tokens that are stored in clear although the system stores hashes; the ids are their users'.
    ClearAccessTokens,
    /// Links with a provider's token that is longer than the original's columns allow; the ids are their users'.
    LongProviderTokens,
    /// Columns of text whose character set has not every character, so that what has others is refused; it counts them.
    NarrowCharset {
        /// The table.
        table: String,
        /// The character set.
        charset: String,
    },
    /// E-mail addresses that the rules of registration refuse.
    RefusedEmails,
    /// E-mail addresses that a registration would store in another form.
    OtherEmailForms,
    /// Superusers that are not active.
    InactiveSuperusers,
    /// Superusers whose address is not verified.
    UnverifiedSuperusers,
    /// Users whose rows or documents cannot be read, because a value is invalid for its field.
    UnreadableUsers,
    /// Users whose id is not stored in the form in which the store looks for it.
    UnfindableIds,
    /// Access tokens or links whose user's id is not stored in the form in which the store looks for it; the ids are these users'.
    UnfindableOwners {
        /// The table.
        table: String,
    },
}

impl Finding {
    /// A finding lists the ids of at most this number of rows.
    pub const LISTED: usize = 10;

    /// The number of occurrences of a finding, with the ids of the first ten.
    pub fn new(kind: FindingKind, count: u64, mut ids: Vec<String>) -> Self {
        ids.truncate(Self::LISTED);
        Self { kind, count, ids }
    }

    /// A name for programs, which stays the same between versions.
    pub fn code(&self) -> &'static str {
        use FindingKind as Kind;
        match &self.kind {
            Kind::Schema(problem) => problem.kind.code(),
            Kind::DuplicateEmails => "duplicate_emails",
            Kind::DuplicateLinks { .. } => "duplicate_links",
            Kind::Orphans { .. } => "orphans",
            Kind::ReusedIds { .. } => "reused_ids",
            Kind::UnreadableHashes { .. } => "unreadable_hashes",
            Kind::CostlyHashes { .. } => "costly_hashes",
            Kind::OutdatedHashes { .. } => "outdated_hashes",
            Kind::LongAccessTokens => "long_access_tokens",
            Kind::ClearAccessTokens => "clear_access_tokens",
            Kind::LongProviderTokens => "long_provider_tokens",
            Kind::NarrowCharset { .. } => "narrow_charset",
            Kind::RefusedEmails => "refused_emails",
            Kind::OtherEmailForms => "other_email_forms",
            Kind::InactiveSuperusers => "inactive_superusers",
            Kind::UnverifiedSuperusers => "unverified_superusers",
            Kind::UnreadableUsers => "unreadable_users",
            Kind::UnfindableIds => "unfindable_ids",
            Kind::UnfindableOwners { .. } => "unfindable_owners",
        }
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        use FindingKind as Kind;
        match &self.kind {
            // What is missing keeps nothing from working.
            Kind::Schema(SchemaProblem {
                kind: SchemaProblemKind::MissingAccountIndex,
                ..
            })
            | Kind::Orphans { .. }
            | Kind::ReusedIds { .. }
            | Kind::UnreadableHashes { .. }
            | Kind::CostlyHashes { .. }
            | Kind::LongAccessTokens
            | Kind::ClearAccessTokens
            | Kind::RefusedEmails
            | Kind::NarrowCharset { .. } => Severity::Warning,
            Kind::Schema(_)
            | Kind::DuplicateEmails
            | Kind::DuplicateLinks { .. }
            | Kind::UnreadableUsers
            | Kind::UnfindableIds
            | Kind::UnfindableOwners { .. } => Severity::Error,
            Kind::OutdatedHashes { .. }
            | Kind::LongProviderTokens
            | Kind::OtherEmailForms
            | Kind::InactiveSuperusers
            | Kind::UnverifiedSuperusers => Severity::Info,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence(f)?;
        if self.ids.is_empty() {
            return Ok(());
        }
        let more = if u64::try_from(self.ids.len()).is_ok_and(|listed| listed < self.count) {
            ", …"
        } else {
            ""
        };
        write!(f, " (ids: {}{more})", self.ids.join(", "))
    }
}

impl Finding {
    fn sentence(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FindingKind as Kind;
        let count = self.count;
        match &self.kind {
            Kind::Schema(problem) => write!(f, "{problem}"),
            Kind::DuplicateEmails => write!(
                f,
                "e-mail addresses that belong to more than one user when case is ignored: {count}; change or delete users until each \
                 is left once, then migrate"
            ),
            Kind::DuplicateLinks { table } => write!(
                f,
                "accounts at providers that are linked more than once in `{table}`: {count}; delete links until each is left once, \
                 for nothing says which of their users a login is of, then migrate"
            ),
            Kind::Orphans { table } => write!(
                f,
                "rows of `{table}` whose user is gone: {count}; delete them, for a user who gets the same id would get them, too, \
                 and give the table a foreign key that cascades where the database has them"
            ),
            Kind::ReusedIds { table } => write!(
                f,
                "table `{table}` gives the id of a deleted user to the next, whom a JSON web token or a session in Redis of the \
                 deleted one then lets in; make the table again with `INTEGER PRIMARY KEY AUTOINCREMENT`, as the page about \
                 databases shows"
            ),
            Kind::NarrowCharset { table, charset } => write!(
                f,
                "columns of `{table}` in the character set {charset}, which has not every character, so that texts with others are \
                 refused: {count}; drop the foreign keys to the users' table, run `ALTER TABLE `{table}` CONVERT TO CHARACTER SET \
                 utf8mb4`, and the same for the tables on both sides of these keys, and make the keys again, while nothing writes"
            ),
            Kind::UnfindableOwners { table } => write!(
                f,
                "rows of `{table}` whose `user_id` is stored in another form than the one that is looked for: {count}; rewrite it in \
                 that form, for until then they outlive their users, and what ends all of a user's sessions leaves theirs"
            ),
            Kind::UnreadableHashes { format } => write!(
                f,
                "password hashes that the default hasher cannot read ({format}): {count}; have these users reset their passwords, or \
                 give the system a `PasswordHasher` that reads them"
            ),
            Kind::CostlyHashes { format } => write!(
                f,
                "password hashes that demand more work than the default limits allow ({format}): {count}; raise the `HashLimits` of \
                 the hasher, or have these users reset their passwords"
            ),
            Kind::OutdatedHashes { format } => write!(
                f,
                "password hashes that are weaker than new ones ({format}): {count}; nothing needs to be done, a login replaces its \
                 user's"
            ),
            _ => self.sentence_on_users(f),
        }
    }

    fn sentence_on_users(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use FindingKind as Kind;
        let text = match &self.kind {
            Kind::LongAccessTokens => {
                "access tokens that are longer than the column allows: COUNT; delete them, for this library has not written them"
            }
            Kind::ClearAccessTokens => {
                "access tokens that are stored in clear although new ones are stored as hashes: COUNT; delete them with \
                 `purge-tokens` once they have expired, or now: with `accept_clear_tokens` their owners then log in again, without it \
                 they are not valid"
            }
            Kind::LongProviderTokens => {
                "links with a provider's token of more than 1024 characters: COUNT; nothing needs to be done unless FastAPI Users \
                 shares the database, whose columns hold no more"
            }
            Kind::RefusedEmails => {
                "e-mail addresses that could not be registered: COUNT; change them, or accept their domains with \
                 `allow_special_use_domains`: these users can log in, but cannot ask for a new password or a verification"
            }
            Kind::OtherEmailForms => {
                "e-mail addresses that a registration would store in another form: COUNT; nothing needs to be done, clients are \
                 shown that form"
            }
            Kind::InactiveSuperusers => {
                "superusers that are not active: COUNT; nothing needs to be done if that is meant"
            }
            Kind::UnverifiedSuperusers => {
                "superusers whose address is not verified: COUNT; nothing needs to be done if their addresses are known otherwise"
            }
            Kind::UnreadableUsers => {
                "users who cannot be read, since a value is invalid for its field: COUNT; correct it, for every request of theirs fails, \
                 and every list that comes to them; the log of such a request names the column"
            }
            _ => {
                "users whose id is stored in another form than the one that is looked for: COUNT; rewrite it in that form, here and \
                 where tables refer to it, for they are not found by it"
            }
        };
        f.write_str(&text.replace("COUNT", &self.count.to_string()))
    }
}
