//! What a filled schema says, by the fields' names.

use chrono::{DateTime, Utc};

use crate::{
    model::UserModel,
    password::Password,
    schema::{FieldView, Schema, Visitor},
    store::ColumnValue,
    value::{Presence, Role, Value},
};

/// The fields that a schema sets.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) values: Vec<(&'static str, Value)>,
    pub(crate) password: Option<Password>,
}

impl Fields {
    pub(crate) fn of(schema: &impl Schema) -> Self {
        let mut fields = Self::default();
        schema.visit(&mut fields);
        fields
    }

    /// The e-mail address, where the schema sets one.
    pub(crate) fn email(&self) -> Option<&str> {
        match self.get("email") {
            Some(Value::Text(email)) => Some(email),
            _ => None,
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.values
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value)
    }

    /// The flag of this role, where the schema sets it.
    pub(crate) fn flag<U: UserModel>(&self, role: Role) -> Option<bool> {
        match self.get(name_of::<U>(role)) {
            Some(Value::Bool(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// The value, which counts as not set from now on.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value> {
        let position = self.values.iter().position(|(field, _)| *field == name)?;
        Some(self.values.swap_remove(position).1)
    }
}

impl Visitor for Fields {
    fn field(&mut self, name: &'static str, field: &dyn FieldView) {
        if let Some(password) = field.password() {
            self.password = Some(password.clone());
        } else if let Presence::Present(value) = field.value() {
            self.values.push((name, value));
        }
    }
}

/// The name of a role's field in the schemas.
pub(crate) fn name_of<U: UserModel>(role: Role) -> &'static str {
    let column = U::COLUMNS.iter().find(|column| column.role == role);
    column.map_or("", |column| column.field)
}

/// A value for the column of this role.
pub(crate) fn role_value<U: UserModel>(role: Role, value: Value) -> Option<ColumnValue> {
    let column = U::COLUMNS.iter().position(|column| column.role == role)?;
    Some(ColumnValue { column, value })
}

/// The columns of a change with those that store its instant; a change of nothing stays one.
pub(crate) fn with_instant<U: UserModel>(
    mut columns: Vec<ColumnValue>,
    now: DateTime<Utc>,
) -> Vec<ColumnValue> {
    if columns.is_empty() {
        return columns;
    }
    for (column, known) in U::COLUMNS.iter().enumerate() {
        if known.is_updated_at && columns.iter().all(|changed| changed.column != column) {
            let value = Value::Timestamp(now);
            columns.push(ColumnValue { column, value });
        }
    }
    columns
}

/// A value for the column of this field.
pub(crate) fn column_value<U: UserModel>(field: &str, value: Value) -> Option<ColumnValue> {
    let column = U::COLUMNS.iter().position(|column| column.field == field)?;
    Some(ColumnValue { column, value })
}
