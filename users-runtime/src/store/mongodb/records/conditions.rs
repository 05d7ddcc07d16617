//! Conditions as filters, and assignments as updates.

use mongodb::{
    bson::{Bson, Document, doc},
    options::UpdateModifications,
};

use super::layout::column;
use crate::{
    model::UserModel,
    store::{
        StoreError, check_value,
        error::unexpected,
        mongodb::{documents::name, values},
        records::{Assignment, Change, Condition, Record},
    },
    value::{Table, Value},
};

/// The documents that meet the conditions; `None` where an argument is one that no document can have.
///
/// # Errors
///
/// [`StoreError::Database`] where an argument is missing, or the table has no such column.
pub(super) fn filter<U: UserModel>(
    table: &Table,
    conditions: &[Condition],
    arguments: &Record,
) -> Result<Option<Document>, StoreError> {
    let (mut filter, mut more) = (Document::new(), Vec::new());
    for condition in conditions {
        let (name, argument) = condition.parts();
        let column = column::<U>(table, name)?;
        let mut compared = Bson::Null;
        if let Some(argument) = argument {
            let value = arguments
                .get(argument)
                .ok_or_else(|| unexpected("an argument of an operation is missing"))?;
            let checked = check_value(&column, value, true);
            match checked.and_then(|()| values::bson(&column, value.clone())) {
                Ok(bson) => compared = bson,
                Err(_) => return Ok(None),
            }
        }
        let Some(comparison) = compare(*condition, compared) else {
            return Ok(None);
        };
        let field = self::name(&column);
        if filter.contains_key(field) {
            more.push(doc! { field: comparison });
        } else {
            filter.insert(field, comparison);
        }
    }
    if !more.is_empty() {
        filter.insert("$and", more);
    }
    Ok(Some(filter))
}

/// What a field is compared with. As on SQL, nothing is equal to `NULL`, less or greater.
fn compare(condition: Condition, with: Bson) -> Option<Bson> {
    let is_null = with == Bson::Null;
    Some(match condition {
        Condition::IsNull(_) => Bson::Null,
        Condition::IsNotNull(_) => doc! { "$ne": Bson::Null }.into(),
        Condition::IsNot(..) if is_null => Bson::Null,
        Condition::IsNot(..) => doc! { "$ne": with }.into(),
        _ if is_null => return None,
        // By itself, a document with a dollar sign would be an operator.
        Condition::Is(..) if matches!(with, Bson::Document(_)) => doc! { "$eq": with }.into(),
        Condition::Is(..) => with,
        Condition::Less(..) => doc! { "$lt": with }.into(),
        Condition::Greater(..) => doc! { "$gt": with }.into(),
    })
}

/// Whether the conditions name one document by its primary key.
pub(super) fn is_by_key(table: &Table, conditions: &[Condition]) -> bool {
    let key = table.key().name;
    conditions
        .iter()
        .any(|condition| matches!(condition, Condition::Is(column, _) if *column == key))
}

/// What a change does to a document.
///
/// Adding to `NULL` leaves it as it is, as on SQL: `$inc` refuses it, a pipeline does not.
pub(super) fn update<U: UserModel>(
    change: &Change,
    arguments: &Record,
) -> Result<UpdateModifications, StoreError> {
    let (mut set, mut add) = (Document::new(), Vec::new());
    let mut adds_to_null = false;
    for assignment in change.set {
        let column = column::<U>(change.table, assignment.column())?;
        let value = match assignment {
            Assignment::To(_, argument) => arguments.get(argument).cloned().unwrap_or(Value::Null),
            Assignment::Null(_) => Value::Null,
            Assignment::Add(_, number) => {
                adds_to_null |= column.nullable;
                add.push((name(&column), Bson::Int64(*number)));
                continue;
            }
        };
        check_value(&column, &value, true)?;
        set.insert(name(&column), values::bson(&column, value)?);
    }
    if adds_to_null {
        // Literal: a text may begin with a dollar sign.
        let literals = set
            .into_iter()
            .map(|(field, value)| (field, Bson::from(doc! { "$literal": value })));
        let sums = add.into_iter().map(|(field, number)| {
            let sum = doc! { "$add": [format!("${field}"), number] };
            (field.to_owned(), Bson::from(sum))
        });
        let stage = doc! { "$set": literals.chain(sums).collect::<Document>() };
        return Ok(UpdateModifications::Pipeline(vec![stage]));
    }
    let mut update = Document::new();
    if !set.is_empty() {
        update.insert("$set", set);
    }
    if !add.is_empty() {
        let add = add
            .into_iter()
            .map(|(field, number)| (field.to_owned(), number));
        update.insert("$inc", add.collect::<Document>());
    }
    Ok(UpdateModifications::Document(update))
}
