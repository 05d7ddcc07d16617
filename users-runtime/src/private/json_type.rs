//! What the generated code does with the type of a field that is stored as JSON. See [`super::field_type`] for how a type that cannot be
//! one is reported exactly once.

use core::{fmt, marker::PhantomData};

use serde_json::Value as Json;

use super::{Unsupported, field_type::Shown};
use crate::value::{AsJson, Column, Field, JsonField, Row, RowError, Value};

/// The type of a field that is stored as JSON; `NULLABLE` where it is an `Option`.
#[derive(Debug)]
pub struct JsonType<T, const NULLABLE: bool>(PhantomData<T>);

/// A type that is stored as JSON.
#[derive(Debug)]
pub struct StoredAsJson<T, const NULLABLE: bool>(PhantomData<T>);

impl<T: JsonField, const NULLABLE: bool> JsonType<T, NULLABLE> {
    /// What schemas do with the type.
    pub const SHOWN: StoredAsJson<T, NULLABLE> = StoredAsJson(PhantomData);

    /// Takes the field out of a row.
    pub fn take(row: &mut Row, column: usize) -> Result<T, RowError> {
        row.take::<AsJson<T, NULLABLE>>(column)
            .map(|AsJson(value)| value)
    }

    /// The stored form of a default.
    pub fn value(default: T) -> Value {
        AsJson::<T, NULLABLE>(default).to_value()
    }

    /// An example as JSON, as a client is shown it.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "it gives an expression its type"
    )]
    pub fn example(example: T) -> Json {
        serde_json::to_value(&example).unwrap_or_default()
    }
}

impl<T, const NULLABLE: bool> Unsupported for JsonType<T, NULLABLE> {
    type Field = T;
}

impl<T, const NULLABLE: bool> StoredAsJson<T, NULLABLE> {
    /// A type that schemas can show. `V` is `T`, named once more.
    pub const fn shown<V: fmt::Debug + serde::Serialize + 'static>(self) -> Shown<V> {
        let Self(_) = self;
        Shown::json::<NULLABLE>()
    }
}

/// The column of a field that is stored as JSON.
pub const fn json_column<T: JsonField, const NULLABLE: bool>(field: &'static str) -> Column {
    Column::new::<AsJson<T, NULLABLE>>(field)
}

/// The type of a computed field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown to clients: derive `Debug` and `serde::Serialize` for it",
    label = "this type needs `Debug` and `serde::Serialize`"
)]
pub trait ComputedField: fmt::Debug + serde::Serialize + 'static {}

#[diagnostic::do_not_recommend]
impl<T: fmt::Debug + serde::Serialize + 'static> ComputedField for T {}

/// What schemas do with a computed field of this type.
pub const fn computed<T: ComputedField>(json_schema: fn() -> Json) -> Shown<T> {
    Shown::json::<false>().documented(json_schema)
}

/// A type whose JSON schema is asked for.
#[derive(Debug)]
pub struct SchemaOf<T>(PhantomData<fn() -> T>);

impl<T> SchemaOf<T> {
    /// The question.
    pub const NEW: Self = Self(PhantomData);
}

impl<T: Field> SchemaOf<T> {
    /// The schema of a type that is a field without `json`.
    pub fn json_schema(&self) -> Json {
        let schema = T::json_schema();
        if T::NULLABLE {
            crate::value::json_schema::nullable(schema)
        } else {
            schema
        }
    }
}

/// The schema of a type that utoipa knows. Without the feature `openapi` no type has it.
pub trait DocumentedSchema {
    /// The schema, without references.
    fn json_schema(&self) -> Json;
}

#[cfg(feature = "openapi")]
impl<T: utoipa::ToSchema> DocumentedSchema for SchemaOf<T> {
    fn json_schema(&self) -> Json {
        crate::openapi::inlined::<T>()
    }
}

/// The schema of a type of which nothing is known.
pub trait UnknownSchema {
    /// A schema that allows anything.
    fn json_schema(&self) -> Json {
        Json::Object(serde_json::Map::new())
    }
}

impl<T> UnknownSchema for &SchemaOf<T> {}
