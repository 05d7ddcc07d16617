//! What an SQLite database says about its tables.

use sqlx::{Row, SqliteConnection};

use crate::store::sql::driver::{ColumnInfo, TableInfo};

pub(super) async fn has_table(connection: &mut SqliteConnection, table: &str) -> sqlx::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE";
    Ok(!sqlx::query(sql).bind(table).fetch_all(connection).await?.is_empty())
}

pub(super) async fn table(
    connection: &mut SqliteConnection,
    table: &str,
    email: Option<&str>,
) -> sqlx::Result<Option<TableInfo>> {
    let columns = columns(connection, table).await?;
    if columns.is_empty() {
        return Ok(None);
    }
    let has_email_index = match email {
        Some(email) => has_email_index(connection, table, email).await?,
        None => false,
    };
    let references = sqlx::query_scalar("SELECT \"table\" FROM pragma_foreign_key_list(?1)").bind(table);
    let references = references.fetch_all(connection).await?;
    Ok(Some(TableInfo { columns, has_email_index, references, indexed: Vec::new() }))
}

async fn columns(connection: &mut SqliteConnection, table: &str) -> sqlx::Result<Vec<ColumnInfo>> {
    let sql = "SELECT name, type, \"notnull\", dflt_value IS NOT NULL OR hidden > 1, pk > 0 FROM pragma_table_xinfo(?1)";
    let rows = sqlx::query(sql).bind(table).fetch_all(connection).await?;
    let column = |row: &sqlx::sqlite::SqliteRow| {
        let (declared, is_key): (String, bool) = (row.try_get(1)?, row.try_get(4)?);
        // Such a key is the row's number, which SQLite assigns.
        let is_row_number = is_key && declared.eq_ignore_ascii_case("integer");
        Ok(ColumnInfo {
            name: row.try_get(0)?,
            declared,
            not_null: row.try_get(2)?,
            has_default: is_row_number || row.try_get(3)?,
            is_key,
            reference: None,
        })
    };
    rows.iter().map(column).collect()
}

/// Whether a unique index is on `lower(email)`.
async fn has_email_index(connection: &mut SqliteConnection, table: &str, email: &str) -> sqlx::Result<bool> {
    let sql = "SELECT master.sql FROM pragma_index_list(?1) AS list JOIN sqlite_master AS master ON master.name = list.name \
               WHERE list.\"unique\" AND NOT list.partial AND master.sql IS NOT NULL";
    let indexes: Vec<String> = sqlx::query_scalar(sql).bind(table).fetch_all(connection).await?;
    Ok(indexes.iter().any(|sql| is_on_lower(sql, email)))
}

/// Whether an index's text says that it is on `lower(column)` alone, however that is written.
fn is_on_lower(sql: &str, column: &str) -> bool {
    let plain = |text: &str| {
        let kept = text.chars().filter(|character| !character.is_whitespace() && !"\"`[]".contains(*character));
        kept.collect::<String>().to_ascii_lowercase()
    };
    plain(sql).ends_with(&format!("(lower({}))", plain(column)))
}

#[cfg(test)]
mod tests {
    use super::is_on_lower;

    #[test]
    fn an_index_without_regard_to_case_is_recognised() {
        assert!(is_on_lower("CREATE UNIQUE INDEX i ON user (lower(email))", "email"));
        assert!(is_on_lower("CREATE UNIQUE INDEX i ON \"user\" ( LOWER( \"email\" ) )", "email"));
        assert!(!is_on_lower("CREATE UNIQUE INDEX i ON user (email)", "email"));
        assert!(!is_on_lower("CREATE UNIQUE INDEX i ON user (lower(email), tenant)", "email"));
        assert!(!is_on_lower("CREATE UNIQUE INDEX i ON user (lower(other_email))", "email"));
    }
}
