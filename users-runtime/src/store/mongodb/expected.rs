//! What must hold of a user's document for a change to take effect.

use mongodb::bson::Document;

use super::values;
use crate::{
    model::UserModel,
    store::{Expected, StoreError, tables::Tables},
};

/// Adds the conditions that a user fulfils what is expected.
pub(super) fn expect<U: UserModel>(
    filter: &mut Document,
    expected: Expected<'_>,
) -> Result<(), StoreError> {
    for (role, value) in expected.conditions() {
        let column = &U::COLUMNS[Tables::<U>::position(role)];
        filter.insert(column.name, values::bson(column, value)?);
    }
    Ok(())
}
