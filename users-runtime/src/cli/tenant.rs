//! `--tenant`: the users of one tenant.

use super::failure::Failure;
use crate::{
    model::UserModel,
    store::{check_value, tenant_column},
    users::Users,
    value::{Kind, Value},
};

/// The users whom a command is about: those of a tenant, where one was typed.
pub(super) fn in_tenant<U: UserModel>(
    users: &Users<U>,
    text: Option<&str>,
) -> Result<Users<U>, Failure> {
    let Some(text) = text else {
        return Ok(users.clone());
    };
    let Some((_, column)) = tenant_column::<U>() else {
        let sentence = "users belong to no tenant: leave out `--tenant`";
        return Err(Failure::new("INVALID_TENANT", sentence));
    };
    let value = match column.kind {
        Kind::Text => Some(Value::Text(text.to_owned())),
        Kind::Uuid => text.parse().ok().map(Value::Uuid),
        _ => text.parse().ok().map(Value::Int),
    };
    let value = value.filter(|value| check_value(column, value, false).is_ok());
    let invalid = || {
        let sentence = format!("`{text}` is not a valid value of `{}`", column.field);
        Failure::new("INVALID_TENANT", sentence)
    };
    Ok(users.in_stored_tenant(value.ok_or_else(invalid)?))
}
