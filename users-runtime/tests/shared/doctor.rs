//! Databases with one problem each, in SQL that every database takes. `ID` stands for the type of the ids.

use users_runtime::{
    UserModel,
    store::{Administration, Expectations, Finding, Severity, UserSearch},
};

/// A hash as it is written today.
const HASH: &str = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
const BCRYPT: &str = "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpK";

/// A table of tokens that nothing watches over.
const LOOSE_TOKENS: &str = "DROP TABLE accesstoken; CREATE TABLE accesstoken (token VARCHAR(99) PRIMARY KEY, created_at TIMESTAMP \
                            NOT NULL, user_id ID NOT NULL); ";

const LOOSE_LINKS: &str = "DROP TABLE oauth_account; CREATE TABLE oauth_account (id ID PRIMARY KEY, user_id ID NOT NULL, oauth_name \
                           VARCHAR(100) NOT NULL, access_token VARCHAR(2000) NOT NULL, expires_at BIGINT, refresh_token VARCHAR(2000), \
                           account_id VARCHAR(320) NOT NULL, account_email VARCHAR(320) NOT NULL); ";

/// What makes a problem, and what is found then.
pub(crate) struct Case {
    pub(crate) sql: String,
    pub(crate) code: &'static str,
    severity: Severity,
    count: u64,
    ids: Vec<String>,
    says: &'static str,
}

impl Case {
    fn new(code: &'static str, severity: Severity, sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            code,
            severity,
            count: 1,
            ids: vec![id(1)],
            says: "",
        }
    }

    fn ids(self, count: u64, numbers: impl IntoIterator<Item = u32>) -> Self {
        Self {
            count,
            ids: numbers.into_iter().map(id).collect(),
            ..self
        }
    }

    fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }

    /// What the system expects of the rows.
    pub(crate) fn expected(&self) -> Expectations {
        Expectations::new().hashed_tokens(self.code == "clear_access_tokens")
    }

    /// Fails unless this problem, and nothing else but what it brings along, was found.
    pub(crate) fn judge(&self, findings: &[Finding]) {
        let code = self.code;
        let shown = findings
            .iter()
            .map(Finding::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        let brings_along = |other: &str| match other {
            "missing_email_index" => code == "duplicate_emails",
            "missing_account_index" => self.sql.contains("DROP TABLE oauth_account"),
            _ => false,
        };
        let (mine, others): (Vec<_>, Vec<_>) =
            findings.iter().partition(|finding| finding.code() == code);
        assert!(
            others.iter().all(|finding| brings_along(finding.code())),
            "{code}: {shown}"
        );
        let [finding] = mine[..] else {
            panic!("{code}: {shown}")
        };
        assert_eq!(
            (finding.severity(), finding.count, &finding.ids),
            (self.severity, self.count, &self.ids),
            "{code}"
        );
        assert!(shown.contains(self.says), "{code}: {shown}");
        for secret in ["example.com", "argon2id$", "$2b$", "$6$", "token-"] {
            assert!(
                !format!("{shown}{findings:?}").contains(secret),
                "{code}: {shown}"
            );
        }
    }
}

pub(crate) fn id(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// The SQL that stores an active user who has nothing wrong.
pub(crate) fn user(number: u32, email: &str, hash: &str) -> String {
    with_flags(number, email, hash, "TRUE, FALSE, FALSE")
}

fn with_flags(number: u32, email: &str, hash: &str, flags: &str) -> String {
    format!(
        "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan) VALUES \
         ('{}', '{email}', '{hash}', {flags}, 'free'); ",
        id(number)
    )
}

fn token(token: &str, user: u32) -> String {
    format!(
        "INSERT INTO accesstoken (token, created_at, user_id) VALUES ('{token}', '2026-01-01 00:00:00', '{}'); ",
        id(user)
    )
}

fn link(number: u32, user: u32, account: &str, token: &str) -> String {
    format!(
        "INSERT INTO oauth_account (id, user_id, oauth_name, access_token, account_id, account_email) VALUES ('{}', '{}', 'github', \
         '{token}', '{account}', 'x@example.com'); ",
        id(number),
        id(user)
    )
}

/// Users, a token and a link with which nothing is wrong.
pub(crate) fn healthy() -> String {
    user(9100, "Grace@example.com", HASH)
        + &with_flags(9101, "root@example.com", HASH, "TRUE, TRUE, TRUE")
        + &with_flags(9102, "former@example.com", HASH, "FALSE, FALSE, FALSE")
        + &token("$token-of-grace", 9100)
        + &link(9200, 9100, "7", "token-of-github")
        + &link(9201, 9100, "8", "token-of-github")
}

/// Every problem that SQL can make, one at a time.
pub(crate) fn cases() -> Vec<Case> {
    let ada = || user(1, "ada@example.com", HASH);
    let mut cases = vec![
        Case::new(
            "duplicate_emails",
            Severity::Error,
            format!(
                "DROP INDEX ix_user_email_lower; {}{}",
                ada(),
                user(2, "ADA@example.com", HASH)
            ),
        )
        .ids(1, [1, 2])
        .says("change or delete users until each is left once"),
        Case::new(
            "duplicate_links",
            Severity::Error,
            LOOSE_LINKS.to_owned()
                + &ada()
                + &link(5, 1, "1", "t")
                + &link(6, 1, "1", "t")
                + &link(7, 1, "2", "t"),
        )
        .ids(1, [5, 6])
        .says("`oauth_account`"),
        Case::new(
            "orphans",
            Severity::Warning,
            LOOSE_TOKENS.to_owned() + &token("token-1", 8) + &token("token-2", 8),
        )
        .ids(2, [8])
        .says("rows of `accesstoken` whose user is gone: 2"),
        Case::new(
            "orphans",
            Severity::Warning,
            LOOSE_LINKS.to_owned() + &link(5, 8, "1", "t"),
        )
        .ids(1, [8])
        .says("rows of `oauth_account` whose user is gone: 1"),
        Case::new(
            "missing_account_index",
            Severity::Warning,
            "DROP INDEX uq_oauth_account_account",
        )
        .ids(1, [])
        .says("CREATE UNIQUE INDEX"),
        Case::new(
            "long_access_tokens",
            Severity::Warning,
            LOOSE_TOKENS.to_owned() + &ada() + &token(&"x".repeat(44), 1),
        ),
        Case::new(
            "clear_access_tokens",
            Severity::Warning,
            ada() + &token("token-1", 1) + &token("token-2", 1) + &token("$token-3", 1),
        )
        .ids(2, [1])
        .says("are stored in clear although new ones are stored as hashes: 2"),
        Case::new(
            "long_provider_tokens",
            Severity::Info,
            ada() + &link(5, 1, "1", &"x".repeat(1025)),
        ),
        Case::new(
            "inactive_superusers",
            Severity::Info,
            with_flags(1, "a@example.com", HASH, "FALSE, TRUE, TRUE"),
        ),
        Case::new(
            "unverified_superusers",
            Severity::Info,
            with_flags(1, "a@example.com", HASH, "TRUE, TRUE, FALSE"),
        ),
    ];
    cases.extend(of_users());
    cases.extend(of_tables());
    cases
}

fn of_users() -> Vec<Case> {
    let hashed = |hash: &str| user(1, "ada@example.com", hash);
    let many = (1..=2500)
        .map(|number| user(number, &format!("user{number}@example.com"), BCRYPT))
        .collect::<String>();
    vec![
        Case::new(
            "unreadable_hashes",
            Severity::Warning,
            hashed("$6$salt$hash"),
        )
        .says("(sha512-crypt): 1;"),
        Case::new("unreadable_hashes", Severity::Warning, hashed("plain text"))
            .says("(unknown): 1;"),
        Case::new(
            "costly_hashes",
            Severity::Warning,
            hashed(&BCRYPT.replace("$04$", "$31$")),
        )
        .says("(bcrypt): 1;"),
        Case::new(
            "outdated_hashes",
            Severity::Info,
            hashed(&HASH.replace("t=3", "t=2")),
        )
        .says("(argon2id): 1;"),
        Case::new("outdated_hashes", Severity::Info, many)
            .ids(2500, 1..=10)
            .says("(bcrypt): 2500;"),
        Case::new(
            "refused_emails",
            Severity::Warning,
            user(1, "root@localhost", HASH),
        ),
        Case::new("refused_emails", Severity::Warning, user(1, "", HASH)),
        Case::new(
            "other_email_forms",
            Severity::Info,
            user(1, "ada@Example.COM", HASH),
        ),
    ]
}

fn of_tables() -> Vec<Case> {
    let case = |code, sql: &str| Case::new(code, Severity::Error, sql).ids(1, []);
    vec![
        case("missing_table", "DROP TABLE accesstoken").says("there is no table `accesstoken`"),
        case(
            "missing_column",
            "ALTER TABLE \"user\" DROP COLUMN nickname",
        )
        .says("ADD COLUMN"),
        // Nothing can be asked of the rows then.
        case(
            "missing_column",
            "ALTER TABLE \"user\" DROP COLUMN is_verified",
        ),
        case("missing_email_index", "DROP INDEX ix_user_email_lower").says("CREATE UNIQUE INDEX"),
        case(
            "unknown_required_column",
            &LOOSE_LINKS.replace("(id", "(team VARCHAR(9) NOT NULL, id"),
        )
        .says("`oauth_account.team`"),
    ]
}

/// The healthy users, and one whose hash cannot be read.
pub(crate) fn with_unreadable_hash() -> String {
    healthy() + &user(1, "ada@example.com", "hash")
}

/// Fails unless a store that may only read finds that one hash, counts every user, and tells that nothing is pending.
pub(crate) async fn is_answered<U: UserModel>(reader: &dyn Administration<U>) {
    let findings = reader.doctor().await.expect("an answer");
    assert_eq!(
        findings.iter().map(Finding::code).collect::<Vec<_>>(),
        ["unreadable_hashes"]
    );
    assert_eq!(
        reader.count(&UserSearch::new()).await.expect("an answer"),
        4
    );
    assert_eq!(reader.pending().await.expect("an answer"), "");
}
