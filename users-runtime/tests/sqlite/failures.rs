//! Tables of SQLite on which statements fail, and what is told of it.

/// Unique columns of the application's own, and which constraint a name conflicts with beside `Ada`. SQLite checks the indexes in an
/// order of its own.
pub(crate) const UNIQUE_NICKNAME: &str = "CREATE UNIQUE INDEX nick ON user (nickname); CREATE UNIQUE INDEX lower_nick ON user (lower(nickname))";
pub(crate) const CONFLICTS: &[(&str, &[&str])] = &[
    ("Ada", &["nickname", "lower_nick"]),
    ("ADA", &["lower_nick"]),
];

/// An index of the application's own in place of the store's.
pub(crate) const OWN_EMAIL_INDEX: &str = "DROP INDEX ix_user_email; DROP INDEX ix_user_email_lower; CREATE UNIQUE INDEX mine ON user (lower(email))";

/// A row that is no user.
pub(crate) const UNREADABLE: &str = "UPDATE user SET is_active = 'secret'";

/// What is told of a column that is missing.
pub(crate) const MISSING_COLUMN: &str = "no such column: user.nickname";

/// Tables of numbered users, without cascades, and the id that the database gives once the first one is gone.
pub(crate) const PLAIN_TABLES: &str = "
CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at TIMESTAMP NOT NULL, user_id INTEGER NOT NULL);
CREATE TABLE oauth_account (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id))";
pub(crate) const NEXT_ID: i64 = 2;

/// A table that keeps its users.
pub(crate) const POSTS: &str = "CREATE TABLE post (user_id CHAR(36) REFERENCES user (id)); INSERT INTO post SELECT id FROM user";

/// A constraint that is judged when the transaction ends.
pub(crate) const DEFERRED: &str = "
ALTER TABLE user ADD COLUMN invited_by CHAR(36) DEFAULT NULL REFERENCES user (id) DEFERRABLE INITIALLY DEFERRED;
CREATE TRIGGER invite AFTER INSERT ON user BEGIN UPDATE user SET invited_by = 'nobody' WHERE id = new.id; END";
