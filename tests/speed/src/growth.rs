//! Users who fill the table, so that look-ups are measured beside them.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::Result;

/// How many users one statement adds.
const PORTION: u64 = 50_000;

/// A random UUID as text: how the library stores ids on SQLite.
const SQLITE_TEXT: &str = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) \
    || '-a' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";
/// The bytes of a random UUID: how the server by hand does.
const SQLITE_BYTES: &str = "randomblob(16)";

/// Adds this number of users, whose password no one knows, to the table of a server.
pub(crate) async fn add_users(url: &str, is_by_hand: bool, number: u64) -> Result<()> {
    let portions = (0..number).step_by(usize::try_from(PORTION)?);
    let portions = portions.map(|first| (first, number.min(first + PORTION)));
    if url.starts_with("postgres:") {
        let mut connection = PgConnection::connect(url).await?;
        for (first, end) in portions {
            let numbers = format!("generate_series({first}, {}) AS n(n)", end - 1);
            let insert = insert("gen_random_uuid()", &numbers, "");
            connection.execute(AssertSqlSafe(insert)).await?;
        }
        connection.execute(r#"ANALYZE "user""#).await?;
        return Ok(());
    }
    let id = if is_by_hand {
        SQLITE_BYTES
    } else {
        SQLITE_TEXT
    };
    let mut connection = SqliteConnection::connect(url).await?;
    for (first, end) in portions {
        let with = format!(
            "WITH RECURSIVE n(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM n WHERE n + 1 < {end}) "
        );
        let insert = insert(id, "n", &with);
        connection.execute(AssertSqlSafe(insert)).await?;
    }
    Ok(())
}

/// The columns that both servers have.
fn insert(id: &str, numbers: &str, with: &str) -> String {
    format!(
        "{with}INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified) \
         SELECT {id}, 'filler' || n || '@speed.example.com', '!', TRUE, FALSE, FALSE FROM {numbers}"
    )
}
