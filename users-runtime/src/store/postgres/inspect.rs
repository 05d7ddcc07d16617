//! What a PostgreSQL database says about its tables, found along the search path as every statement finds them.

use sqlx::{PgConnection, Row, postgres::PgRow};

use crate::store::sql::driver::{ColumnInfo, TableInfo};

pub(super) async fn has_table(connection: &mut PgConnection, table: &str) -> sqlx::Result<bool> {
    // Tables, partitioned and foreign ones, and views.
    let sql = "SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(quote_ident($1)) AND relkind IN ('r', 'p', 'f', 'v'))";
    sqlx::query_scalar(sql).bind(table).fetch_one(connection).await
}

pub(super) async fn table(connection: &mut PgConnection, table: &str, email: Option<&str>) -> sqlx::Result<Option<TableInfo>> {
    if !has_table(connection, table).await? {
        return Ok(None);
    }
    let columns = columns(connection, table).await?;
    let has_email_index = match email {
        Some(email) => has_email_index(connection, table, email).await?,
        None => false,
    };
    let sql = "SELECT other.relname::text FROM pg_constraint AS key JOIN pg_class AS other ON other.oid = key.confrelid \
               WHERE key.contype = 'f' AND key.conrelid = to_regclass(quote_ident($1))";
    let references = sqlx::query_scalar(sql).bind(table).fetch_all(connection).await?;
    Ok(Some(TableInfo { columns, has_email_index, references, indexed: Vec::new() }))
}

/// The columns; one of a domain has the type that the domain is of.
async fn columns(connection: &mut PgConnection, table: &str) -> sqlx::Result<Vec<ColumnInfo>> {
    let sql = "SELECT a.attname::text, \
                   CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(t.oid, a.atttypmod) END, \
                   a.attnotnull, \
                   a.atthasdef OR a.attidentity <> '', \
                   EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) \
               FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid \
               WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
    let rows = sqlx::query(sql).bind(table).fetch_all(connection).await?;
    let column = |row: &PgRow| {
        Ok(ColumnInfo {
            name: row.try_get(0)?,
            declared: row.try_get(1)?,
            not_null: row.try_get(2)?,
            has_default: row.try_get(3)?,
            is_key: row.try_get(4)?,
            reference: None,
        })
    };
    rows.iter().map(column).collect()
}

/// Whether a unique index is on `lower(email)` alone, for every row, and of the collation with which the store compares.
async fn has_email_index(connection: &mut PgConnection, table: &str, email: &str) -> sqlx::Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = $2 \
               WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
                   AND i.indnkeyatts = 1 AND i.indcollation[0] = a.attcollation \
                   AND pg_get_indexdef(i.indexrelid, 1, true) \
                       IN (format('lower(%I)', $2), format('lower(%I::text)', $2)))";
    sqlx::query_scalar(sql).bind(table).bind(email).fetch_one(connection).await
}
