//! Tables of PostgreSQL on which statements fail, and what is told of it.

/// A unique column of the application's own, and which constraint a name conflicts with beside `Ada`.
pub(crate) const UNIQUE_NICKNAME: &str =
    "CREATE UNIQUE INDEX lower_nick ON \"user\" (lower(nickname))";
pub(crate) const CONFLICTS: &[(&str, &[&str])] =
    &[("Ada", &["lower_nick"]), ("ADA", &["lower_nick"])];

/// An index of the application's own in place of the store's.
pub(crate) const OWN_EMAIL_INDEX: &str = "DROP INDEX ix_user_email; DROP INDEX ix_user_email_lower; CREATE UNIQUE INDEX mine ON \"user\" (lower(email))";

/// A row that is no user.
pub(crate) const UNREADABLE: &str = "ALTER TABLE \"user\" ALTER COLUMN is_active DROP NOT NULL; \
                                     UPDATE \"user\" SET is_active = NULL, email = 'secret@example.com'";

/// What is told of a column that is missing.
pub(crate) const MISSING_COLUMN: &str = "column user.nickname does not exist";

/// Tables of numbered users, without cascades, and the id that the database gives after the first one: none is given twice.
pub(crate) const PLAIN_TABLES: &str = "
CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL, user_id BIGINT NOT NULL);
CREATE TABLE oauth_account (id SERIAL PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES \"user\" (id))";
pub(crate) const NEXT_ID: i64 = 2;

/// A table that keeps its users.
pub(crate) const POSTS: &str = "CREATE TABLE post (user_id UUID REFERENCES \"user\" (id)); INSERT INTO post SELECT id FROM \"user\"";

/// A constraint that is judged when the transaction ends.
pub(crate) const DEFERRED: &str = "
ALTER TABLE \"user\" ADD COLUMN invited_by UUID DEFAULT gen_random_uuid() REFERENCES \"user\" (id)
    DEFERRABLE INITIALLY DEFERRED";

/// A table that refuses some nicknames, and what is told of each.
pub(crate) const STRICT_TABLE: &str = "
ALTER TABLE \"user\" ADD CONSTRAINT polite CHECK (nickname <> 'secret');
CREATE FUNCTION angry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF new.nickname = 'secret raise' THEN RAISE EXCEPTION 'I do not like %', new.nickname; END IF;
    IF new.nickname = 'secret syntax' THEN EXECUTE 'SELECT ' || new.nickname || ' (' ; END IF;
    IF new.nickname = 'secret cast' THEN PERFORM new.nickname::int; END IF;
    RETURN new; END $$;
CREATE TRIGGER angry BEFORE UPDATE ON \"user\" FOR EACH ROW EXECUTE FUNCTION angry();
CREATE UNIQUE INDEX nick ON \"user\" (nickname)";
pub(crate) const REFUSALS: &[(&str, &str)] = &[
    (
        "secret",
        "PostgreSQL answered with SQLSTATE 23514, table `user`, constraint `polite`",
    ),
    ("secret raise", "SQLSTATE P0001"),
    ("secret syntax", "SQLSTATE 42601"),
    ("secret cast", "SQLSTATE 22P02"),
    ("secret twin", "`nick` is unique"),
];

/// A table of tokens without a cascade.
pub(crate) const UNCASCADED_TOKENS: &str = "
DROP TABLE accesstoken; CREATE TABLE accesstoken (token VARCHAR(43) PRIMARY KEY, created_at TIMESTAMPTZ NOT NULL,
    user_id UUID NOT NULL REFERENCES \"user\" (id))";
