//! What an SQLite database says about its tables.

use crate::{
    store::{
        sql::driver::{
            AddressColumns, ColumnInfo, Failure, Query, TableInfo, Transaction, by_index,
        },
        tables::plain,
    },
    value::{Column, Kind, Row},
};

/// A column of `pragma_table_xinfo`.
const COLUMN: &[Column] = &[
    plain("name", Kind::Text),
    plain("type", Kind::Text),
    plain("notnull", Kind::Bool),
    plain("has_default", Kind::Bool),
    plain("is_key", Kind::Bool),
];

/// A column of an index.
const PART: &[Column] = &[plain("index", Kind::Text), plain("column", Kind::Text)];

/// An answer of one text.
const TEXT: &[Column] = &[plain("text", Kind::Text)];

pub(in crate::store) async fn has_table(
    transaction: &mut impl Transaction,
    table: &str,
) -> Result<bool, Failure> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE";
    Ok(!texts(transaction, sql, table).await?.is_empty())
}

/// Whether the database has an index of this name, on whatever table.
pub(in crate::store) async fn has_index(
    transaction: &mut impl Transaction,
    index: &str,
) -> Result<bool, Failure> {
    let sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND name = ?1 COLLATE NOCASE";
    Ok(!texts(transaction, sql, index).await?.is_empty())
}

pub(in crate::store) async fn table(
    transaction: &mut impl Transaction,
    table: &str,
    email: Option<AddressColumns>,
) -> Result<Option<TableInfo>, Failure> {
    let columns = columns(transaction, table).await?;
    if columns.is_empty() {
        return Ok(None);
    }
    let (has_email_index, index_across_tenants) = match email {
        Some(columns) => (
            has_email_index(transaction, table, columns).await?,
            index_across_tenants(transaction, table, columns).await?,
        ),
        None => (false, None),
    };
    let references = texts(
        transaction,
        "SELECT \"table\" FROM pragma_foreign_key_list(?1)",
        table,
    )
    .await?;
    let unique = unique(transaction, table).await?;
    Ok(Some(TableInfo {
        columns,
        has_email_index,
        index_across_tenants,
        unique,
        taken: Vec::new(),
        references,
        wrong_engine: None,
        reuses_ids: reuses_ids(transaction, table).await?,
        indexed: Vec::new(),
    }))
}

/// Whether a table gives ids out again: its key is the row's number, which is one more than the greatest that is there.
async fn reuses_ids(transaction: &mut impl Transaction, table: &str) -> Result<bool, Failure> {
    let sql = "SELECT upper(sql) FROM sqlite_master WHERE type = 'table' AND name = ?1 COLLATE NOCASE \
               AND (SELECT COUNT(*) = 1 AND MAX(upper(type)) = 'INTEGER' FROM pragma_table_info(?1) WHERE pk > 0)";
    let declared = texts(transaction, sql, table).await?;
    Ok(declared.iter().any(|sql| !sql.contains("AUTOINCREMENT")))
}

/// The columns of the unique indexes for every row.
async fn unique(
    transaction: &mut impl Transaction,
    table: &str,
) -> Result<Vec<Vec<String>>, Failure> {
    let sql = "SELECT list.name, COALESCE(part.name, '') FROM pragma_index_list(?1) AS list \
               JOIN pragma_index_info(list.name) AS part WHERE list.\"unique\" AND NOT list.partial ORDER BY list.seq, part.seqno";
    let rows = transaction
        .rows(Query::on_texts(sql, &[table]), PART)
        .await?;
    let part = |values| {
        let mut row = Row::new(PART, values);
        Ok((row.take(0)?, row.take(1)?))
    };
    Ok(by_index(
        rows.into_iter()
            .map(part)
            .collect::<Result<Vec<_>, Failure>>()?,
    ))
}

async fn texts(
    transaction: &mut impl Transaction,
    sql: &'static str,
    table: &str,
) -> Result<Vec<String>, Failure> {
    let rows = transaction
        .rows(Query::on_texts(sql, &[table]), TEXT)
        .await?;
    rows.into_iter()
        .map(|values| Ok(Row::new(TEXT, values).take(0)?))
        .collect()
}

async fn columns(
    transaction: &mut impl Transaction,
    table: &str,
) -> Result<Vec<ColumnInfo>, Failure> {
    let sql = "SELECT name, type, \"notnull\", dflt_value IS NOT NULL OR hidden > 1, pk > 0 FROM pragma_table_xinfo(?1)";
    let rows = transaction
        .rows(Query::on_texts(sql, &[table]), COLUMN)
        .await?;
    let column = |values| {
        let mut row = Row::new(COLUMN, values);
        let (declared, is_key): (String, bool) = (row.take(1)?, row.take(4)?);
        // Such a key is the row's number, which SQLite assigns.
        let is_row_number = is_key && declared.eq_ignore_ascii_case("integer");
        Ok(ColumnInfo {
            name: row.take(0)?,
            declared,
            not_null: row.take(2)?,
            has_default: is_row_number || row.take(3)?,
            is_key,
            narrow_charset: None,
            reference: None,
        })
    };
    rows.into_iter().map(column).collect()
}

/// Whether a unique index is on `lower(email)`, after the tenant where there is one.
async fn has_email_index(
    transaction: &mut impl Transaction,
    table: &str,
    columns: AddressColumns,
) -> Result<bool, Failure> {
    let indexes = unique_texts(transaction, table).await?;
    Ok(indexes.iter().any(|(_, sql)| is_on_lower(sql, columns)))
}

/// A unique index on the address alone, where users belong to tenants.
async fn index_across_tenants(
    transaction: &mut impl Transaction,
    table: &str,
    columns: AddressColumns,
) -> Result<Option<String>, Failure> {
    if columns.tenant.is_none() {
        return Ok(None);
    }
    let email = columns.email;
    let alone = AddressColumns {
        email,
        tenant: None,
    };
    let indexes = unique_texts(transaction, table).await?;
    let mut on_lower = indexes.into_iter();
    if let Some((name, _)) = on_lower.find(|(_, sql)| is_on_lower(sql, alone)) {
        return Ok(Some(name));
    }
    let sql = "SELECT list.name FROM pragma_index_list(?1) AS list JOIN pragma_index_info(list.name) AS part \
               WHERE list.\"unique\" AND NOT list.partial \
               GROUP BY list.name HAVING COUNT(*) = 1 AND MAX(part.name) = ?2 COLLATE NOCASE";
    let rows = transaction
        .rows(Query::on_texts(sql, &[table, email]), TEXT)
        .await?;
    let name = |values| Ok(Row::new(TEXT, values).take(0)?);
    rows.into_iter().next().map(name).transpose()
}

/// The names and the texts of the unique indexes for every row that were created as such.
async fn unique_texts(
    transaction: &mut impl Transaction,
    table: &str,
) -> Result<Vec<(String, String)>, Failure> {
    let sql = "SELECT list.name, master.sql FROM pragma_index_list(?1) AS list JOIN sqlite_master AS master ON master.name = list.name \
               WHERE list.\"unique\" AND NOT list.partial AND master.sql IS NOT NULL";
    let rows = transaction
        .rows(Query::on_texts(sql, &[table]), PART)
        .await?;
    let index = |values| {
        let mut row = Row::new(PART, values);
        Ok((row.take(0)?, row.take(1)?))
    };
    rows.into_iter().map(index).collect()
}

/// Whether an index's text says that it is on `lower(email)` alone, or on the tenant and that, however it is written.
fn is_on_lower(sql: &str, AddressColumns { email, tenant }: AddressColumns) -> bool {
    let plain = |text: &str| {
        let kept = text
            .chars()
            .filter(|character| !character.is_whitespace() && !"\"`[]".contains(*character));
        kept.collect::<String>().to_ascii_lowercase()
    };
    let tenant = tenant.map(|tenant| format!("{},", plain(tenant)));
    plain(sql).ends_with(&format!(
        "({}lower({}))",
        tenant.unwrap_or_default(),
        plain(email)
    ))
}

#[cfg(test)]
mod tests {
    use super::{AddressColumns, is_on_lower};

    const EMAIL: AddressColumns = AddressColumns {
        email: "email",
        tenant: None,
    };
    const OF_TENANT: AddressColumns = AddressColumns {
        tenant: Some("tenant"),
        ..EMAIL
    };

    #[test]
    fn an_index_without_regard_to_case_is_recognised() {
        for sql in [
            "CREATE UNIQUE INDEX i ON user (lower(email))",
            "CREATE UNIQUE INDEX i ON \"user\" ( LOWER( \"email\" ) )",
        ] {
            assert!(is_on_lower(sql, EMAIL), "{sql}");
            assert!(!is_on_lower(sql, OF_TENANT), "{sql}");
        }
        for sql in [
            "CREATE UNIQUE INDEX i ON user (email)",
            "CREATE UNIQUE INDEX i ON user (lower(email), tenant)",
            "CREATE UNIQUE INDEX i ON user (lower(other_email))",
        ] {
            assert!(!is_on_lower(sql, EMAIL), "{sql}");
            assert!(!is_on_lower(sql, OF_TENANT), "{sql}");
        }
        let of_tenant = "CREATE UNIQUE INDEX i ON \"user\" (\"tenant\", lower(\"email\"))";
        assert!(is_on_lower(of_tenant, OF_TENANT));
        assert!(!is_on_lower(of_tenant, EMAIL));
        let of_other = "CREATE UNIQUE INDEX i ON user (other_tenant, lower(email))";
        assert!(!is_on_lower(of_other, OF_TENANT));
    }
}
