//! Tables of MariaDB on which statements fail, and what is told of it.

/// A unique column of the application's own, and which constraint a name conflicts with beside `Ada`.
pub(crate) const UNIQUE_NICKNAME: &str = "ALTER TABLE user MODIFY nickname VARCHAR(100) COLLATE utf8mb4_general_ci, ADD UNIQUE INDEX nick (nickname)";
pub(crate) const CONFLICTS: &[(&str, &[&str])] = &[("Ada", &["nick"]), ("ADA", &["nick"])];

/// An index of the application's own in place of the store's.
pub(crate) const OWN_EMAIL_INDEX: &str = "DROP INDEX ix_user_email ON user; DROP INDEX ix_user_email_lower ON user; CREATE UNIQUE INDEX mine ON user (email_key)";

/// A row that is no user.
pub(crate) const UNREADABLE: &str = "ALTER TABLE user MODIFY is_active BOOL; UPDATE user SET is_active = NULL, email = 'secret@example.com'";

/// What is told of a column that is missing.
pub(crate) const MISSING_COLUMN: &str = "Unknown column 'user.nickname'";

/// Tables of numbered users, without cascades, and the id that the database gives after the first one: none is given twice.
pub(crate) const PLAIN_TABLES: &str = "
CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at DATETIME(6) NOT NULL, user_id BIGINT NOT NULL);
CREATE TABLE oauth_account (id SERIAL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES user (id))";
pub(crate) const NEXT_ID: i64 = 2;

/// A table that keeps its users.
pub(crate) const POSTS: &str = "
CREATE TABLE post (user_id CHAR(36) COLLATE utf8mb4_bin, FOREIGN KEY (user_id) REFERENCES user (id));
INSERT INTO post SELECT id FROM user";

/// A table that refuses some nicknames, and what is told of each.
pub(crate) const STRICT_TABLE: &str = "
ALTER TABLE user MODIFY nickname VARCHAR(20) CHARACTER SET latin1, ADD CONSTRAINT polite CHECK (nickname <> 'secret'),
    ADD UNIQUE INDEX nick (nickname);
CREATE TRIGGER angry BEFORE UPDATE ON user FOR EACH ROW BEGIN
    IF new.nickname = 'secret raise' THEN
        SET @told = CONCAT('I do not like ', new.nickname);
        SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1054, MESSAGE_TEXT = @told;
    END IF;
END";
pub(crate) const REFUSALS: &[(&str, &str)] = &[
    (
        "secret",
        "the server answered with error 4025 (SQLSTATE 23000)",
    ),
    ("secret raise", "error 1054 (SQLSTATE 45000)"),
    (
        "secret 🦀",
        "cannot hold this value: a character that the column's character set has not",
    ),
    (
        "a secret that is far too long",
        "column `nickname` cannot hold this value: longer than the column allows",
    ),
    ("secret twin", "`nick` is unique"),
];

/// A table of tokens without a cascade.
pub(crate) const UNCASCADED_TOKENS: &str = "
DROP TABLE accesstoken; CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at DATETIME(6) NOT NULL,
    user_id CHAR(36) COLLATE utf8mb4_bin NOT NULL REFERENCES user (id))";
