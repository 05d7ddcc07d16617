//! `--field NAME=VALUE`: a field of the application's own.

use crate::{
    model::UserModel,
    value::{Kind, Role},
    wire::json::{self, Json},
};

/// A field and what was typed for it.
#[derive(Clone)]
pub(super) struct FieldArgument {
    pub(super) name: String,
    text: String,
}

/// Reads `NAME=VALUE`.
pub(super) fn parse(argument: &str) -> Result<FieldArgument, &'static str> {
    let (name, text) = argument.split_once('=').ok_or("write NAME=VALUE")?;
    if name.is_empty() {
        return Err("write a name before the `=`");
    }
    Ok(FieldArgument {
        name: name.to_owned(),
        text: text.to_owned(),
    })
}

impl FieldArgument {
    /// Whether the user type has such a field of its own.
    pub(super) fn is_known<U: UserModel>(&self) -> bool {
        self.kind::<U>().is_some()
    }

    fn kind<U: UserModel>(&self) -> Option<Kind> {
        let column = U::COLUMNS
            .iter()
            .find(|column| column.role == Role::Extra && column.field == self.name)?;
        Some(column.kind)
    }

    /// What was typed as JSON, or else as plain text. Where the field is text, numbers and truth values are plain text, too.
    pub(super) fn value<U: UserModel>(&self) -> Json {
        let plain = || Json::Text(self.text.clone());
        let is_text = !matches!(
            self.kind::<U>(),
            Some(Kind::Bool | Kind::SmallInt | Kind::Int | Kind::BigInt | Kind::Float | Kind::Json)
        );
        match json::read(self.text.as_bytes()) {
            Ok(Json::Bool(_) | Json::Int(_) | Json::BigInt(_) | Json::Float(_)) if is_text => {
                plain()
            }
            Ok(json) => json,
            Err(_) => plain(),
        }
    }
}
