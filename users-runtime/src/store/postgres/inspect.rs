//! What a PostgreSQL database says about its tables, found along the search path as every statement finds them.

use crate::{
    store::{
        sql::driver::{
            AddressColumns, ColumnInfo, Failure, Query, TableInfo, Transaction, by_index,
        },
        tables::plain,
    },
    value::{Column, Kind, Row},
};

/// A column of a table.
const COLUMN: &[Column] = &[
    plain("attname", Kind::Text),
    plain("format_type", Kind::Text),
    plain("attnotnull", Kind::Bool),
    plain("has_default", Kind::Bool),
    plain("is_key", Kind::Bool),
];

/// A column of an index.
const PART: &[Column] = &[plain("index", Kind::Text), plain("attname", Kind::Text)];

/// An answer of one truth value.
const EXISTS: &[Column] = &[plain("exists", Kind::Bool)];

/// An answer of one text.
const TEXT: &[Column] = &[plain("relname", Kind::Text)];

pub(in crate::store) async fn has_table(
    transaction: &mut impl Transaction,
    table: &str,
) -> Result<bool, Failure> {
    // Tables, partitioned and foreign ones, and views.
    let sql = "SELECT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass(quote_ident($1)) AND relkind IN ('r', 'p', 'f', 'v'))";
    exists(transaction, Query::on_texts(sql, &[table])).await
}

/// Whether the schema of a table has an index of this name, or anything else that takes the name.
pub(in crate::store) async fn has_index(
    transaction: &mut impl Transaction,
    table: &str,
    index: &str,
) -> Result<bool, Failure> {
    let sql = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = $2 \
               AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass(quote_ident($1))))";
    exists(transaction, Query::on_texts(sql, &[table, index])).await
}

pub(in crate::store) async fn table(
    transaction: &mut impl Transaction,
    table: &str,
    email: Option<AddressColumns>,
) -> Result<Option<TableInfo>, Failure> {
    if !has_table(transaction, table).await? {
        return Ok(None);
    }
    let columns = columns(transaction, table).await?;
    let (has_email_index, index_across_tenants) = match email {
        Some(columns) => (
            has_email_index(transaction, table, columns).await?,
            index_across_tenants(transaction, table, columns).await?,
        ),
        None => (false, None),
    };
    let sql = "SELECT other.relname::text FROM pg_constraint AS key JOIN pg_class AS other ON other.oid = key.confrelid \
               WHERE key.contype = 'f' AND key.conrelid = to_regclass(quote_ident($1))";
    let rows = transaction
        .rows(Query::on_texts(sql, &[table]), TEXT)
        .await?;
    let references = rows
        .into_iter()
        .map(|values| Ok(Row::new(TEXT, values).take(0)?))
        .collect::<Result<_, Failure>>()?;
    let unique = unique(transaction, table).await?;
    Ok(Some(TableInfo {
        columns,
        has_email_index,
        index_across_tenants,
        unique,
        taken: Vec::new(),
        references,
        wrong_engine: None,
        reuses_ids: false,
        indexed: Vec::new(),
    }))
}

/// The columns of the unique indexes for every row.
async fn unique(
    transaction: &mut impl Transaction,
    table: &str,
) -> Result<Vec<Vec<String>>, Failure> {
    let sql = "SELECT i.indexrelid::text, COALESCE(a.attname::text, '') \
               FROM pg_index AS i CROSS JOIN generate_series(0, i.indnkeyatts - 1) AS part \
               LEFT JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[part] AND a.attnum > 0 \
               WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
               ORDER BY i.indexrelid, part";
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

async fn exists(transaction: &mut impl Transaction, query: Query) -> Result<bool, Failure> {
    let row = transaction
        .rows(query, EXISTS)
        .await?
        .pop()
        .unwrap_or_default();
    Ok(Row::new(EXISTS, row).take(0)?)
}

/// The columns; one of a domain has the type that the domain is of, and an enumeration says that it is one.
async fn columns(
    transaction: &mut impl Transaction,
    table: &str,
) -> Result<Vec<ColumnInfo>, Failure> {
    let sql = "SELECT a.attname::text, \
                   CASE WHEN 'e' IN (t.typtype, base.typtype) THEN 'enum ' ELSE '' END || \
                   CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(t.oid, a.atttypmod) END, \
                   a.attnotnull, \
                   a.atthasdef OR a.attidentity <> '', \
                   EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey)) \
               FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid LEFT JOIN pg_type AS base ON base.oid = t.typbasetype \
               WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
    let rows = transaction
        .rows(Query::on_texts(sql, &[table]), COLUMN)
        .await?;
    let column = |values| {
        let mut row = Row::new(COLUMN, values);
        Ok(ColumnInfo {
            name: row.take(0)?,
            declared: row.take(1)?,
            not_null: row.take(2)?,
            has_default: row.take(3)?,
            is_key: row.take(4)?,
            narrow_charset: None,
            reference: None,
        })
    };
    rows.into_iter().map(column).collect()
}

/// Whether a unique index is on `lower(email)`, after the tenant where there is one, for every row, and of the collation with which the
/// store compares.
async fn has_email_index(
    transaction: &mut impl Transaction,
    table: &str,
    AddressColumns { email, tenant }: AddressColumns,
) -> Result<bool, Failure> {
    let alone = "SELECT EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = $2 \
               WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
                   AND i.indnkeyatts = 1 AND i.indcollation[0] = a.attcollation \
                   AND pg_get_indexdef(i.indexrelid, 1, true) \
                       IN (format('lower(%I)', $2), format('lower(%I::text)', $2)))";
    let of_tenant = "SELECT EXISTS (SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attname = $2 \
               WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL \
                   AND i.indnkeyatts = 2 AND i.indcollation[1] = a.attcollation \
                   AND pg_get_indexdef(i.indexrelid, 1, true) = format('%I', $3) \
                   AND pg_get_indexdef(i.indexrelid, 2, true) \
                       IN (format('lower(%I)', $2), format('lower(%I::text)', $2)))";
    let query = match tenant {
        None => Query::on_texts(alone, &[table, email]),
        Some(tenant) => Query::on_texts(of_tenant, &[table, email, tenant]),
    };
    exists(transaction, query).await
}

/// A unique index on the address alone, where users belong to tenants.
async fn index_across_tenants(
    transaction: &mut impl Transaction,
    table: &str,
    AddressColumns { email, tenant }: AddressColumns,
) -> Result<Option<String>, Failure> {
    if tenant.is_none() {
        return Ok(None);
    }
    let sql = "SELECT c.relname::text FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid \
               WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisunique AND i.indpred IS NULL AND i.indnkeyatts = 1 \
                   AND pg_get_indexdef(i.indexrelid, 1, true) \
                       IN (format('%I', $2), format('lower(%I)', $2), format('lower(%I::text)', $2)) ORDER BY 1";
    let rows = transaction
        .rows(Query::on_texts(sql, &[table, email]), TEXT)
        .await?;
    let name = |values| Ok(Row::new(TEXT, values).take(0)?);
    rows.into_iter().next().map(name).transpose()
}
