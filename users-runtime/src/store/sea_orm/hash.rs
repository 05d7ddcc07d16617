//! Password hashes as a column of an entity.

use ::sea_orm::{
    ColIdx, QueryResult, TryGetError, TryGetable, Value,
    sea_query::{ArrayType, ColumnType, Nullable, StringLen, ValueType, ValueTypeErr},
};

use crate::password::PasswordHash;

impl From<PasswordHash> for Value {
    fn from(hash: PasswordHash) -> Self {
        hash.expose().into()
    }
}

impl TryGetable for PasswordHash {
    fn try_get_by<I: ColIdx>(row: &QueryResult, index: I) -> Result<Self, TryGetError> {
        String::try_get_by(row, index).map(Self::new)
    }
}

impl ValueType for PasswordHash {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        <String as ValueType>::try_from(value).map(Self::new)
    }

    fn type_name() -> String {
        "PasswordHash".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::String
    }

    fn column_type() -> ColumnType {
        ColumnType::String(StringLen::N(1024))
    }
}

impl Nullable for PasswordHash {
    fn null() -> Value {
        Value::String(None)
    }
}
