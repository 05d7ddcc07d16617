//! Statements of MariaDB that make, lack and add what the store's tables have.

use users_runtime::store::SchemaProblemKind as Kind;

/// The columns of the suite's users as the store makes them: the six, and the others.
pub(crate) const SIX: &str = "id CHAR(36) NOT NULL, email VARCHAR(320) NOT NULL, hashed_password VARCHAR(1024) NOT NULL, \
                              is_active BOOL NOT NULL, is_superuser BOOL NOT NULL, is_verified BOOL NOT NULL";
pub(crate) const EXTRAS: &str = "nickname LONGTEXT, is_curious BOOL, small SMALLINT, medium INTEGER, `order` BIGINT, ratio DOUBLE, \
                                 avatar LONGBLOB, tenant CHAR(36), seen_at DATETIME(6), born_on DATE, wakes_at TIME(6), settings JSON, \
                                 plan VARCHAR(10) NOT NULL";

/// Parts of the text of the schema.
pub(crate) const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS `user` (\n\t`id` CHAR(36) NOT NULL,\n\t`email` VARCHAR(320) NOT NULL,",
    "\n\t`hashed_password` VARCHAR(1024) NOT NULL,\n\t`is_active` BOOL NOT NULL,",
    "\n\t`email_key` VARBINARY(1280) GENERATED ALWAYS AS (CAST(LOWER(CONVERT(`email` USING utf8mb4) COLLATE utf8mb4_bin) AS BINARY)) \
         STORED,\n\tPRIMARY KEY (`id`),",
    "\n\tUNIQUE INDEX `ix_user_email` (`email`),\n\tUNIQUE INDEX `ix_user_email_lower` (`email_key`)\n) ENGINE=InnoDB",
    "\n\t`token` VARCHAR(43) NOT NULL,\n\t`created_at` DATETIME(6) NOT NULL,\n\t`user_id` CHAR(36) NOT NULL,",
    "\n\tFOREIGN KEY(`user_id`) REFERENCES `user` (`id`) ON DELETE CASCADE,\n\tINDEX `ix_accesstoken_created_at` (`created_at`),",
];

/// What adds the column that the rows get a value for.
pub(crate) const ADD_PLAN: &str =
    "ALTER TABLE `user` ADD COLUMN `plan` VARCHAR(10) NOT NULL DEFAULT ('it''s free')";

/// What adds the fields that a struct has got.
pub(crate) const COLUMNS: [&str; 3] = [
    "ALTER TABLE `user` ADD COLUMN `name` VARCHAR(100)",
    "ALTER TABLE `user` ADD COLUMN `motto` LONGTEXT NOT NULL DEFAULT ('it''s new')",
    "ALTER TABLE `user` ADD COLUMN `points` INTEGER NOT NULL DEFAULT (7)",
];

/// What drops two indexes, and what is pending then.
pub(crate) const LOST_INDEXES: &str =
    "DROP INDEX ix_accesstoken_created_at ON accesstoken; DROP INDEX ix_user_email_lower ON user";
pub(crate) const PENDING_INDEXES: &str = "CREATE UNIQUE INDEX `ix_user_email_lower` ON `user` (`email_key`);\n\n\
                                          CREATE INDEX `ix_accesstoken_created_at` ON `accesstoken` (`created_at`);\n";

/// What adds the keys and their indexes.
pub(crate) const KEYS: [&str; 4] = [
    "ALTER TABLE `user` ADD COLUMN `email_key` VARBINARY(1280) GENERATED ALWAYS AS (CAST(LOWER(CONVERT(`email` USING utf8mb4) \
     COLLATE utf8mb4_bin) AS BINARY)) STORED;\n",
    "CREATE UNIQUE INDEX `ix_user_email_lower` ON `user` (`email_key`);\n",
    "ALTER TABLE `oauth_account` ADD COLUMN `account_id_key` VARBINARY(1280) GENERATED ALWAYS AS (CAST(CONVERT(`account_id` USING \
     utf8mb4) AS BINARY)) STORED;\n",
    "CREATE UNIQUE INDEX `uq_oauth_account_account` ON `oauth_account` (`oauth_name`, `account_id_key`);\n",
];

/// What drops an index.
pub(crate) fn drop_index(index: &str, table: &str) -> String {
    format!("DROP INDEX `{index}` ON `{table}`")
}

/// What counts the users, and what deletes them.
pub(crate) const COUNT_USERS: &str = "SELECT COUNT(*) FROM user";
pub(crate) const DELETE_USERS: &str = "DELETE FROM user";

/// Addresses of which the first two are one, whatever the collation of their column takes for one; which are found while both are
/// there, and once the first is gone.
pub(crate) const ADDRESSES: &[&str] = &[
    "Zoë@example.com",
    "zoË@example.com",
    "zoe@example.com",
    "zoe@example.com ",
];
pub(crate) const FOUND_BEFORE: &[&str] = &[];
pub(crate) const FOUND_AFTERWARDS: &[&str] =
    &["zoë@example.com", "zoe@example.com", "zoe@example.com "];

/// Columns, and what is put in their place that does not fit.
pub(crate) const WRONG: &[(&str, &str)] = &[
    (
        "is_verified BOOL NOT NULL",
        "is_verified BOOL, invited_by VARCHAR(9) NOT NULL",
    ),
    ("nickname LONGTEXT", "nickname VARCHAR(9)"),
    ("ratio DOUBLE", "ratio FLOAT"),
    ("seen_at DATETIME(6)", "seen_at TIMESTAMP NULL"),
    ("small SMALLINT", "small SMALLINT NOT NULL"),
    ("wakes_at TIME(6)", "wakes_at TIME(6) AS ('01:02:03')"),
];

/// What is told of them.
pub(crate) fn wrong_kinds() -> Vec<Kind> {
    let wrong = |column: &str, found: &str, expected: &str| Kind::WrongType {
        column: column.into(),
        found: found.into(),
        expected: expected.into(),
    };
    let column = |name: &str| name.to_owned();
    vec![
        Kind::Nullable {
            column: column("is_verified"),
        },
        wrong("nickname", "varchar(9)", "LONGTEXT"),
        Kind::NotNullable {
            column: column("small"),
        },
        wrong("ratio", "float", "DOUBLE"),
        wrong(
            "wakes_at",
            "time(6) generated always as ('01:02:03')",
            "TIME(6)",
        ),
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
    ("UNIQUE INDEX mine ON user (email_key)", true),
    ("INDEX mine ON user (email_key)", false),
    ("UNIQUE INDEX mine ON user (email_key(100))", false),
    ("UNIQUE INDEX mine ON user (email_key, plan)", false),
    ("UNIQUE INDEX mine ON user (email)", false),
];
pub(crate) const WITHOUT_EMAIL_INDEXES: &str =
    "DROP INDEX IF EXISTS mine ON user; DROP INDEX IF EXISTS ix_user_email_lower ON user";
