//! What a MySQL or MariaDB database says about its tables.

use sqlx::{MySqlConnection, Row, mysql::MySqlRow};

use super::dialect::HYPHENATED;
use crate::store::sql::{
    dialect::Dialect,
    driver::{AddressColumns, ColumnInfo, TableInfo, by_index},
};

/// The character sets that have every character.
const UNICODE: [&str; 5] = ["utf8mb4", "utf16", "utf16le", "utf32", "gb18030"];

/// A part of an index.
struct Part {
    index: String,
    is_unique: bool,
    column: Option<String>,
    is_prefix: bool,
}

pub(super) async fn has_table(connection: &mut MySqlConnection, table: &str) -> sqlx::Result<bool> {
    let sql = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ? \
                   AND (@@lower_case_table_names <> 0 OR CAST(table_name AS BINARY) = CAST(? AS BINARY))";
    let count: i64 = sqlx::query_scalar(sql)
        .bind(table.to_owned())
        .bind(table.to_owned())
        .fetch_one(connection)
        .await?;
    Ok(count > 0)
}

/// Whether a table has an index of this name.
pub(super) async fn has_index(
    connection: &mut MySqlConnection,
    table: &str,
    index: &str,
) -> sqlx::Result<bool> {
    let sql = "SELECT COUNT(*) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? AND index_name = ?";
    let count: i64 = sqlx::query_scalar(sql)
        .bind(table.to_owned())
        .bind(index.to_owned())
        .fetch_one(connection)
        .await?;
    Ok(count > 0)
}

pub(super) async fn table(
    connection: &mut MySqlConnection,
    table: &str,
    email: Option<AddressColumns>,
) -> sqlx::Result<Option<TableInfo>> {
    if !has_table(connection, table).await? {
        return Ok(None);
    }
    let columns = columns(connection, table).await?;
    let indexes = indexes(connection, table).await?;
    let has_email_index = email.is_some_and(|address| has_email_index(&columns, &indexes, address));
    let index_across_tenants = email.and_then(|address| index_across_tenants(&indexes, address));
    let sql = "SELECT DISTINCT CONVERT(referenced_table_name USING utf8mb4) FROM information_schema.key_column_usage \
               WHERE table_schema = DATABASE() AND table_name = ? AND referenced_table_name IS NOT NULL";
    let rows = sqlx::query(sql)
        .bind(table.to_owned())
        .fetch_all(&mut *connection)
        .await?;
    let references = rows
        .iter()
        .map(|row| row.try_get_unchecked(0))
        .collect::<sqlx::Result<_>>()?;
    let begins = |(position, part): (usize, &Part)| {
        let is_first = position == 0 || indexes[position - 1].index != part.index;
        if is_first && !part.is_prefix {
            part.column.clone()
        } else {
            None
        }
    };
    let begun = indexes.iter().enumerate().filter_map(begins).collect();
    // The beginning of a column is no column.
    let whole = |part: &Part| {
        part.column
            .clone()
            .filter(|_| !part.is_prefix)
            .unwrap_or_default()
    };
    let unique = by_index(
        indexes
            .iter()
            .filter(|part| part.is_unique)
            .map(|part| (part.index.clone(), whole(part))),
    );
    let wrong_engine = wrong_engine(connection, table).await?;
    Ok(Some(TableInfo {
        columns,
        has_email_index,
        index_across_tenants,
        unique,
        taken: Vec::new(),
        references,
        wrong_engine,
        reuses_ids: false,
        indexed: begun,
    }))
}

/// The storage engine of a table, if it is not the one that keeps transactions and foreign keys. A view has none.
async fn wrong_engine(
    connection: &mut MySqlConnection,
    table: &str,
) -> sqlx::Result<Option<String>> {
    let sql = "SELECT CONVERT(engine USING utf8mb4) FROM information_schema.tables \
               WHERE table_schema = DATABASE() AND table_name = ? AND engine <> 'InnoDB'";
    let row = sqlx::query(sql)
        .bind(table.to_owned())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.try_get_unchecked(0)).transpose()
}

/// The columns; the type of one that the server fills has the expression that it is filled with.
async fn columns(connection: &mut MySqlConnection, table: &str) -> sqlx::Result<Vec<ColumnInfo>> {
    let sql = "SELECT CONVERT(column_name USING utf8mb4), CONVERT(column_type USING utf8mb4), is_nullable = 'NO', \
                   column_default IS NOT NULL OR extra <> '', column_key = 'PRI', \
                   CONVERT(COALESCE(generation_expression, '') USING utf8mb4), \
                   CONVERT(COALESCE(character_set_name, '') USING utf8mb4), CONVERT(COALESCE(collation_name, '') USING utf8mb4) \
               FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? ORDER BY ordinal_position";
    let rows = sqlx::query(sql)
        .bind(table.to_owned())
        .fetch_all(connection)
        .await?;
    rows.iter().map(column).collect()
}

fn column(row: &MySqlRow) -> sqlx::Result<ColumnInfo> {
    let text = |index: usize| row.try_get_unchecked::<String, _>(index);
    let (declared, expression, charset, collation) = (text(1)?, text(5)?, text(6)?, text(7)?);
    let is_narrow = !charset.is_empty() && !UNICODE.contains(&&*charset);
    let narrow_charset = is_narrow.then(|| charset.clone());
    // A foreign key wants the very same type and collation.
    let reference = if collation.is_empty() {
        declared.clone()
    } else {
        format!("{declared} CHARACTER SET {charset} COLLATE {collation}")
    };
    let declared = if expression.is_empty() {
        declared
    } else {
        format!("{declared} generated always as ({expression})")
    };
    Ok(ColumnInfo {
        name: text(0)?,
        declared,
        not_null: row.try_get_unchecked(2)?,
        has_default: row.try_get_unchecked(3)?,
        is_key: row.try_get_unchecked(4)?,
        narrow_charset,
        reference: Some(reference),
    })
}

/// The parts of the indexes, index by index.
async fn indexes(connection: &mut MySqlConnection, table: &str) -> sqlx::Result<Vec<Part>> {
    let sql = "SELECT CONVERT(index_name USING utf8mb4), non_unique = 0, CONVERT(column_name USING utf8mb4), sub_part IS NOT NULL \
               FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = ? \
               ORDER BY index_name, seq_in_index";
    let rows = sqlx::query(sql)
        .bind(table.to_owned())
        .fetch_all(connection)
        .await?;
    let part = |row: &MySqlRow| {
        Ok(Part {
            index: row.try_get_unchecked(0)?,
            is_unique: row.try_get_unchecked(1)?,
            column: row.try_get_unchecked(2)?,
            is_prefix: row.try_get_unchecked(3)?,
        })
    };
    rows.iter().map(part).collect()
}

/// Whether a unique index is on the key of the e-mail address, after the tenant where there is one.
fn has_email_index(
    columns: &[ColumnInfo],
    indexes: &[Part],
    AddressColumns { email, tenant }: AddressColumns,
) -> bool {
    let key = HYPHENATED.email_key_column(email, None);
    let is_key = |column: &ColumnInfo| {
        column.name.eq_ignore_ascii_case(&key.name)
            && HYPHENATED.is_key_column(&column.declared, &key)
    };
    let wanted: Vec<_> = tenant.into_iter().chain([&*key.name]).collect();
    let mut unique = unique_parts(indexes);
    let serves = |parts: &[Part]| parts.iter().all(|part| !part.is_prefix) && is_on(parts, &wanted);
    columns.iter().any(is_key) && unique.any(serves)
}

/// A unique index on the address alone, where users belong to tenants.
fn index_across_tenants(
    indexes: &[Part],
    AddressColumns { email, tenant }: AddressColumns,
) -> Option<String> {
    tenant?;
    let key = HYPHENATED.email_key_column(email, None);
    let mut unique = unique_parts(indexes);
    let found = unique.find(|parts| is_on(parts, &[email]) || is_on(parts, &[&key.name]))?;
    found.first().map(|part| part.index.clone())
}

/// The parts of each unique index.
fn unique_parts(indexes: &[Part]) -> impl Iterator<Item = &[Part]> {
    indexes
        .chunk_by(|one, other| one.index == other.index)
        .filter(|parts| parts.iter().all(|part| part.is_unique))
}

/// Whether an index is on exactly these columns, in this order.
fn is_on(parts: &[Part], columns: &[&str]) -> bool {
    parts.len() == columns.len()
        && parts.iter().zip(columns).all(|(part, wanted)| {
            let column = part.column.as_ref();
            column.is_some_and(|column| column.eq_ignore_ascii_case(wanted))
        })
}
