//! Tables of SQLite on which statements fail.

/// A row that is no user.
pub(crate) const UNREADABLE: &str = "UPDATE user SET is_active = 'secret'";

/// A trigger that keeps its users.
pub(crate) const POSTS: &str =
    "CREATE TRIGGER no BEFORE DELETE ON user BEGIN SELECT RAISE(ABORT, 'no'); END";
