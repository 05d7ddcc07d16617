//! Whether the stored documents have the fields that the struct wants.

use mongodb::{
    Collection,
    bson::{Binary, Bson, Document, RawDocumentBuf, doc, spec::BinarySubtype},
};

use super::{
    documents::{ACCOUNTS, missing, name, parsed},
    failure::failure,
    values::{LAST_WHOLE, number, value},
};
use crate::{
    store::{SchemaProblem, SchemaProblemKind, StoreError},
    value::{Column, Kind, Role, Value},
};

/// What mends values that do not fit.
const FIX: &str = "change the documents, or the field's type";
/// How to fix UUIDs in a legacy format.
const UUID_FIX: &str = "a client with another `uuidRepresentation` than `standard`, e.g. `pythonLegacy`, has written it: convert the \
                        documents, as the page on coming from FastAPI Users shows, and have every client write `uuidRepresentation=standard`";

/// Names that no field can have, or only the id.
pub(super) fn reserved(table: &str, columns: &[Column]) -> Vec<SchemaProblem> {
    let is_reserved = |column: &&Column| {
        let name = column.name;
        column.role != Role::Id
            && (["_id", ACCOUNTS, ""].contains(&name)
                || name.starts_with('$')
                || name.contains(['.', '\0']))
    };
    let problem = |column: &Column| SchemaProblem {
        table: table.to_owned(),
        kind: SchemaProblemKind::ReservedName {
            column: column.name.to_owned(),
        },
        fix: "give the column another name".to_owned(),
    };
    columns.iter().filter(is_reserved).map(problem).collect()
}

/// Every field that some document lacks or has in a form that the struct cannot hold.
pub(super) async fn problems(
    users: &Collection<RawDocumentBuf>,
    columns: &[Column],
) -> Result<Vec<SchemaProblem>, StoreError> {
    let unfit = columns
        .iter()
        .filter_map(|column| Some((column, unfit(column)?)))
        .collect::<Vec<_>>();
    // One pass over the documents says whether there is anything to tell.
    let any = unfit
        .iter()
        .map(|(_, filter)| filter.clone())
        .collect::<Vec<_>>();
    let users = users.clone();
    let is_any = !any.is_empty()
        && users
            .find_one(doc! { "$or": any })
            .projection(doc! { "_id": 1 })
            .await
            .map_err(failure)?
            .is_some();
    let mut problems = Vec::new();
    for (column, filter) in unfit {
        let mut found = None;
        if is_any {
            found = users
                .find_one(filter)
                .projection(doc! { name(column): 1 })
                .await
                .map_err(failure)?;
        }
        if found.is_none() && column.kind == Kind::Uuid {
            found = no_uuid(&users, column).await?;
        }
        if let Some(document) = found {
            problems.push(problem(
                users.name(),
                column,
                parsed(&document)?.get(name(column)),
            ));
        }
    }
    Ok(problems)
}

/// A document whose binary is not a UUID. Binaries are in the order of their lengths, then of their subtypes, then of their bytes:
/// if the first and the last are UUIDs, all are. No condition can check subtypes; an index on the field makes this two look-ups.
async fn no_uuid(
    users: &Collection<RawDocumentBuf>,
    column: &Column,
) -> Result<Option<RawDocumentBuf>, StoreError> {
    let field = name(column);
    for direction in [1, -1] {
        let first = users
            .find_one(doc! { field: { "$type": "binData" } })
            .sort(doc! { field: direction });
        let Some(document) = first.projection(doc! { field: 1 }).await.map_err(failure)? else {
            return Ok(None);
        };
        let stored = parsed(&document)?.remove(field);
        if !matches!(
            stored.map(|stored| value(column, stored)),
            Some(Value::Uuid(_))
        ) {
            return Ok(Some(document));
        }
    }
    Ok(None)
}

/// The documents that do not fit a column; `None` where every document does.
fn unfit(column: &Column) -> Option<Document> {
    let field = name(column);
    let is_required = !column.nullable && missing(column) == Value::Null;
    if column.kind == Kind::Json && !is_required {
        return None;
    }
    let mut fits = vec![readable(column)];
    if column.nullable {
        fits.push(doc! { field: { "$type": "null" } });
    }
    if !is_required {
        fits.push(doc! { field: { "$exists": false } });
    }
    Some(doc! { "$nor": fits })
}

/// The documents whose value is read as a column's kind.
fn readable(column: &Column) -> Document {
    let field = name(column);
    let condition = match column.kind {
        Kind::Json => doc! { "$exists": true },
        Kind::SmallInt => return is_whole(field, i16::MIN.into(), i16::MAX.into()),
        Kind::Int => return is_whole(field, i32::MIN.into(), i32::MAX.into()),
        Kind::BigInt => return is_whole(field, i64::MIN, i64::MAX),
        _ => doc! { "$type": types(column) },
    };
    // The conditions are those of an array's elements, too.
    doc! { "$and": [{ field: condition }, { field: { "$not": { "$type": "array" } } }] }
}

/// The documents with a whole number within these bounds.
fn is_whole(field: &str, least: i64, greatest: i64) -> Document {
    let value = format!("${field}");
    let within = |least: Bson, greatest: Bson| {
        vec![
            doc! { "$gte": [&value, least] },
            doc! { "$lte": [&value, greatest] },
        ]
    };
    // Beyond that a double cannot be distinguished from its neighbours, and is not read.
    let exact = |bound: i64| bound.clamp(-LAST_WHOLE, LAST_WHOLE);
    let mut is_exact = within(exact(least).into(), exact(greatest).into());
    is_exact.push(doc! { "$eq": [&value, { "$trunc": &value }] });
    let integer = doc! { "case": { "$in": [{ "$type": &value }, ["int", "long"]] }, "then": { "$and": within(least.into(), greatest.into()) } };
    let double =
        doc! { "case": { "$eq": [{ "$type": &value }, "double"] }, "then": { "$and": is_exact } };
    doc! { "$expr": { "$switch": { "branches": [integer, double], "default": false } } }
}

/// The types of which a column's kind is read, though not of every value.
fn types(column: &Column) -> &'static [&'static str] {
    match column.kind {
        Kind::Bool => &["bool"],
        Kind::SmallInt | Kind::Int | Kind::BigInt | Kind::Float => &["int", "long", "double"],
        Kind::Text | Kind::Time => &["string"],
        Kind::Bytes | Kind::Uuid => &["binData"],
        Kind::ObjectId => &["objectId"],
        Kind::Timestamp | Kind::Date => &["date"],
        Kind::Json => &[],
    }
}

fn problem(table: &str, column: &Column, found: Option<&Bson>) -> SchemaProblem {
    let field = name(column).to_owned();
    let wrong = |found: String, expected: String| SchemaProblemKind::WrongType {
        column: field.clone(),
        found,
        expected,
    };
    let (kind, fix) = match (column.kind, found) {
        (_, None) => (
            SchemaProblemKind::MissingColumn { column: field },
            "give the field a default or make it an `Option`, so that the documents that are there get a value",
        ),
        (_, Some(Bson::Null)) => (
            SchemaProblemKind::Nullable { column: field },
            "make the field an `Option`, or change the documents",
        ),
        (Kind::Uuid, Some(Bson::Binary(binary))) => (
            wrong(form(binary), "binData of subtype 4".to_owned()),
            UUID_FIX,
        ),
        (
            Kind::SmallInt | Kind::Int | Kind::BigInt,
            Some(Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_)),
        ) => {
            let expected = format!("a whole number of {} bits", bits(column.kind));
            let found = found.and_then(number);
            let found = found.map_or(
                "a number with a fraction or beyond 53 bits",
                |_| "a number beyond these bits",
            );
            (wrong(found.to_owned(), expected), FIX)
        }
        (_, Some(other)) => (
            wrong(type_name(other).to_owned(), types(column).join(" or ")),
            FIX,
        ),
    };
    SchemaProblem {
        table: table.to_owned(),
        kind,
        fix: fix.to_owned(),
    }
}

fn bits(kind: Kind) -> u32 {
    match kind {
        Kind::SmallInt => i16::BITS,
        Kind::Int => i32::BITS,
        _ => i64::BITS,
    }
}

/// How a binary differs from a UUID's.
fn form(binary: &Binary) -> String {
    match binary.subtype {
        BinarySubtype::Uuid => format!("binData of {} bytes", binary.bytes.len()),
        other => format!("binData of subtype {}", u8::from(other)),
    }
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
