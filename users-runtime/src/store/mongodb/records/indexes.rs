//! The indexes of declared tables.

use mongodb::bson::{Binary, Bson, DateTime, Document, doc, oid::ObjectId, spec::BinarySubtype};

use super::layout::column;
use crate::{
    model::UserModel,
    store::mongodb::{MongoStore, documents::name, indexes::Index},
    value::{Column, Kind, Table},
};

/// The first millisecond of the year 1: what a field can have.
const FIRST_INSTANT: i64 = -62_135_596_800_000;

impl<U: UserModel> MongoStore<U> {
    /// Every index of a declared table: the unique ones, the declared ones, and one on the owner, by which rows are deleted with
    /// their user.
    ///
    /// A column that the table does not have is left out: the operations on it report it.
    pub(in crate::store::mongodb) fn declared_indexes(&self, table: &Table) -> Vec<Index> {
        let collection = self.names.declared(table);
        let of_these = |names: &[&str]| {
            let columns = names.iter().flat_map(|name| column::<U>(table, name));
            columns.collect::<Vec<_>>()
        };
        let unique = table.unique.iter();
        let mut indexes = unique
            .map(|names| unique_index(&collection, &of_these(names)))
            .collect::<Vec<_>>();
        let owner = table.owner().map(|owner| vec![owner.name]);
        let declared = table.indexes.iter().map(|names| names.to_vec());
        for names in declared.chain(owner) {
            let columns = of_these(&names);
            if !indexes.iter().any(|index| serves(index, &columns)) {
                indexes.push(index(&collection, &columns, doc! {}));
            }
        }
        indexes
    }
}

/// `NULL`s differ from one another, as on SQL: a document is in the index if none of its fields is `null`.
///
/// The condition is a comparison, which an equality implies, so that the index also serves look-ups.
fn unique_index(collection: &str, columns: &[Column]) -> Index {
    let nullable = columns.iter().filter(|column| column.nullable);
    let not_null = nullable
        .map(|column| (name(column).to_owned(), least(column.kind)))
        .collect::<Document>();
    let mut options = doc! { "unique": true };
    if !not_null.is_empty() {
        options.insert("partialFilterExpression", not_null);
    }
    index(collection, columns, options)
}

fn index(collection: &str, columns: &[Column], options: Document) -> Index {
    let keys = columns
        .iter()
        .map(|column| (name(column).to_owned(), Bson::Int32(1)))
        .collect::<Document>();
    let name = keys.keys().map(|key| format!("{key}_1"));
    let name = name.collect::<Vec<_>>().join("_");
    Index::new(collection, keys, &name, options)
}

/// Whether an index begins with these columns and has every document that an equality of them finds.
fn serves(index: &Index, columns: &[Column]) -> bool {
    let fields = columns.iter().map(name).collect::<Vec<_>>();
    let begins = index
        .keys
        .keys()
        .take(fields.len())
        .eq(fields.iter().copied());
    let partial = index.options.get_document("partialFilterExpression");
    begins
        && partial.map_or(true, |partial| {
            partial.keys().all(|key| fields.contains(&&**key))
        })
}

/// At least the least value of a kind, with which only values of its type are compared.
fn least(kind: Kind) -> Bson {
    let least = match kind {
        Kind::Bool => Bson::Boolean(false),
        Kind::SmallInt | Kind::Int | Kind::BigInt | Kind::Float => Bson::Double(f64::NEG_INFINITY),
        Kind::Text | Kind::Time => Bson::String(String::new()),
        Kind::Bytes | Kind::Uuid => Bson::Binary(Binary {
            subtype: BinarySubtype::Generic,
            bytes: Vec::new(),
        }),
        Kind::ObjectId => Bson::ObjectId(ObjectId::from_bytes([0; 12])),
        Kind::Timestamp | Kind::Date => Bson::DateTime(DateTime::from_millis(FIRST_INSTANT)),
        // Of any type, so that one `null` is allowed only.
        _ => return Bson::Document(doc! { "$exists": true }),
    };
    Bson::Document(doc! { "$gte": least })
}
