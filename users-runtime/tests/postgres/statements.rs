//! Statements of PostgreSQL that make, lack and add what the store's tables have.

use users_runtime::store::SchemaProblemKind as Kind;

/// The columns of the suite's users as the store makes them: the six, and the others.
pub(crate) const SIX: &str = "id UUID NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL, \
                              is_active BOOLEAN NOT NULL, is_superuser BOOLEAN NOT NULL, is_verified BOOLEAN NOT NULL";
pub(crate) const EXTRAS: &str = "nickname VARCHAR, is_curious BOOLEAN, small SMALLINT, medium INTEGER, \"order\" BIGINT, ratio FLOAT, \
                                 avatar BYTEA, tenant UUID, seen_at TIMESTAMPTZ, born_on DATE, wakes_at TIME, settings JSON, \
                                 plan VARCHAR(10) NOT NULL";

/// Parts of the text of the schema.
pub(crate) const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS \"user\" (\n\t\"id\" UUID NOT NULL,\n\t\"email\" VARCHAR(320) NOT NULL,",
    "\n\t\"hashed_password\" VARCHAR(1024) NOT NULL,\n\t\"is_active\" BOOLEAN NOT NULL,",
    "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email\" ON \"user\" (\"email\");",
    "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email_lower\" ON \"user\" (lower(\"email\"));",
    "\n\t\"token\" VARCHAR(43) NOT NULL,\n\t\"created_at\" TIMESTAMP WITH TIME ZONE NOT NULL,\n\t\"user_id\" UUID NOT NULL,",
    "\n\tFOREIGN KEY(\"user_id\") REFERENCES \"user\" (\"id\") ON DELETE CASCADE\n);",
];

/// What adds the column that the rows get a value for.
pub(crate) const ADD_PLAN: &str =
    "ALTER TABLE \"user\" ADD COLUMN \"plan\" VARCHAR(10) NOT NULL DEFAULT 'it''s free'";

/// What adds the fields that a struct has got.
pub(crate) const COLUMNS: [&str; 3] = [
    "ALTER TABLE \"user\" ADD COLUMN \"name\" VARCHAR(100)",
    "ALTER TABLE \"user\" ADD COLUMN \"motto\" VARCHAR NOT NULL DEFAULT 'it''s new'",
    "ALTER TABLE \"user\" ADD COLUMN \"points\" INTEGER NOT NULL DEFAULT 7",
];

/// What drops two indexes, and what is pending then.
pub(crate) const LOST_INDEXES: &str =
    "DROP INDEX ix_accesstoken_user_id; DROP INDEX ix_user_email_lower";
pub(crate) const PENDING_INDEXES: &str = "CREATE UNIQUE INDEX IF NOT EXISTS \"ix_user_email_lower\" ON \"user\" (lower(\"email\"));\n\n\
                                          CREATE INDEX IF NOT EXISTS \"ix_accesstoken_user_id\" ON \"accesstoken\" (\"user_id\");\n";

/// What drops an index.
pub(crate) fn drop_index(index: &str, _table: &str) -> String {
    format!("DROP INDEX \"{index}\"")
}

/// What counts the users, and what deletes them.
pub(crate) const COUNT_USERS: &str = "SELECT COUNT(*) FROM \"user\"";
pub(crate) const DELETE_USERS: &str = "DELETE FROM \"user\"";

/// Addresses of which the first two are one; which are found while both are there, and once the first is gone.
pub(crate) const ADDRESSES: &[&str] = &["Ada@example.com", "ada@example.com", "bob@example.com"];
pub(crate) const FOUND_BEFORE: &[&str] = &["Ada@example.com", "ada@example.com"];
pub(crate) const FOUND_AFTERWARDS: &[&str] = &["ada@example.com", "bob@example.com"];

/// Columns, and what is put in their place that does not fit.
pub(crate) const WRONG: &[(&str, &str)] = &[
    (
        "is_verified BOOLEAN NOT NULL",
        "is_verified BOOLEAN, invited_by VARCHAR NOT NULL",
    ),
    ("nickname VARCHAR", "nickname VARCHAR(9)"),
    ("medium INTEGER", "\"Medium\" INTEGER"),
    ("seen_at TIMESTAMPTZ", "seen_at TIMESTAMP"),
    ("small SMALLINT", "small SMALLINT NOT NULL"),
];

/// What is told of them.
pub(crate) fn wrong_kinds() -> Vec<Kind> {
    let column = |name: &str| name.to_owned();
    vec![
        Kind::Nullable {
            column: column("is_verified"),
        },
        Kind::WrongType {
            column: column("nickname"),
            found: column("character varying(9)"),
            expected: column("VARCHAR"),
        },
        Kind::NotNullable {
            column: column("small"),
        },
        Kind::MissingColumn {
            column: column("medium"),
        },
        Kind::UnknownRequiredColumn {
            column: column("invited_by"),
        },
        Kind::MissingEmailIndex,
        Kind::MissingTable,
    ]
}
pub(crate) const WRONG_IS_TOLD: &[&str] =
    &["or the field shorter with `#[fastapi_users(length(max = …))]`"];

/// Indexes, and whether every look-up by an address is served by them.
pub(crate) const EMAIL_INDEXES: &[(&str, bool)] = &[
    ("UNIQUE INDEX mine ON \"user\" ((lower((\"email\"))))", true),
    (
        "UNIQUE INDEX mine ON \"user\" (lower(email)) INCLUDE (id)",
        true,
    ),
    ("INDEX mine ON \"user\" (lower(email))", false),
    (
        "UNIQUE INDEX mine ON \"user\" (lower(email)) WHERE is_active",
        false,
    ),
    ("UNIQUE INDEX mine ON \"user\" (lower(email), plan)", false),
    ("UNIQUE INDEX mine ON \"user\" (lower(nickname))", false),
    ("UNIQUE INDEX mine ON \"user\" (upper(email))", false),
    (
        "UNIQUE INDEX mine ON \"user\" (lower(email) COLLATE \"POSIX\")",
        false,
    ),
];
pub(crate) const WITHOUT_EMAIL_INDEXES: &str = "DROP INDEX IF EXISTS mine, ix_user_email_lower";
