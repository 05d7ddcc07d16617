//! Whether the stored documents have the fields that the struct wants.

use mongodb::{
    Collection,
    bson::{Bson, Document, RawDocumentBuf, doc},
};

use super::{
    documents::{ACCOUNTS, missing, name, parsed},
    failure::failure,
};
use crate::{
    model::{Column, Kind, Role, Value},
    store::{SchemaProblem, SchemaProblemKind, StoreError},
};

/// Names that no field can have, or only the id.
pub(super) fn reserved(table: &str, columns: &[Column]) -> Vec<SchemaProblem> {
    let is_reserved = |column: &&Column| {
        let name = column.name;
        column.role != Role::Id && (["_id", ACCOUNTS, ""].contains(&name) || name.starts_with('$') || name.contains(['.', '\0']))
    };
    let problem = |column: &Column| SchemaProblem {
        table: table.to_owned(),
        kind: SchemaProblemKind::ReservedName { column: column.name.to_owned() },
        fix: "give the column another name".to_owned(),
    };
    columns.iter().filter(is_reserved).map(problem).collect()
}

/// Every field that some document lacks or has of a type that the struct cannot hold.
pub(super) async fn problems(users: &Collection<RawDocumentBuf>, columns: &[Column]) -> Result<Vec<SchemaProblem>, StoreError> {
    let unfit = columns.iter().filter_map(|column| Some((column, unfit(column)?))).collect::<Vec<_>>();
    // One pass over the documents says whether there is anything to tell.
    let any = unfit.iter().map(|(_, filter)| filter.clone()).collect::<Vec<_>>();
    let users = users.clone();
    if any.is_empty() || users.find_one(doc! { "$or": any }).projection(doc! { "_id": 1 }).await.map_err(failure)?.is_none() {
        return Ok(Vec::new());
    }
    let mut problems = Vec::new();
    for (column, filter) in unfit {
        let found = users.find_one(filter).projection(doc! { name(column): 1 }).await.map_err(failure)?;
        if let Some(document) = found {
            problems.push(problem(users.name(), column, parsed(&document)?.get(name(column))));
        }
    }
    Ok(problems)
}

/// The documents that do not fit a column.
fn unfit(column: &Column) -> Option<Document> {
    let is_required = !column.nullable && missing(column) == Value::Null;
    let other = types(column).map(|mut types| {
        if column.nullable {
            types.push("null");
        }
        doc! { "$type": types }
    });
    let condition = match (is_required, other) {
        (true, Some(fits)) => doc! { "$not": fits },
        (true, None) => doc! { "$exists": false },
        (false, Some(fits)) => doc! { "$exists": true, "$not": fits },
        (false, None) => return None,
    };
    Some(doc! { name(column): condition })
}

/// The types that are read as a column's kind; `None` where every type is.
fn types(column: &Column) -> Option<Vec<&'static str>> {
    Some(match column.kind {
        Kind::Bool => vec!["bool"],
        Kind::SmallInt | Kind::Int | Kind::BigInt | Kind::Float => vec!["int", "long", "double"],
        Kind::Text | Kind::Time => vec!["string"],
        Kind::Bytes | Kind::Uuid => vec!["binData"],
        Kind::ObjectId => vec!["objectId"],
        Kind::Timestamp | Kind::Date => vec!["date"],
        Kind::Json => return None,
    })
}

fn problem(table: &str, column: &Column, found: Option<&Bson>) -> SchemaProblem {
    let field = name(column).to_owned();
    let (kind, fix) = match found {
        None => (
            SchemaProblemKind::MissingColumn { column: field },
            "give the field a default or make it an `Option`, so that the documents that are there get a value",
        ),
        Some(Bson::Null) => {
            (SchemaProblemKind::Nullable { column: field }, "make the field an `Option`, or change the documents")
        }
        Some(other) => {
            let expected = types(column).unwrap_or_default().join(" or ");
            let found = type_name(other).to_owned();
            (SchemaProblemKind::WrongType { column: field, found, expected }, "change the documents, or the field's type")
        }
    };
    SchemaProblem { table: table.to_owned(), kind, fix: fix.to_owned() }
}

/// The name that `$type` has for the type of a value.
fn type_name(value: &Bson) -> &'static str {
    match value {
        Bson::Double(_) => "double",
        Bson::String(_) => "string",
        Bson::Array(_) => "array",
        Bson::Document(_) => "object",
        Bson::Boolean(_) => "bool",
        Bson::Null => "null",
        Bson::RegularExpression(_) => "regex",
        Bson::Int32(_) => "int",
        Bson::Int64(_) => "long",
        Bson::Timestamp(_) => "timestamp",
        Bson::Binary(_) => "binData",
        Bson::ObjectId(_) => "objectId",
        Bson::DateTime(_) => "date",
        Bson::Decimal128(_) => "decimal",
        _ => "another type",
    }
}
