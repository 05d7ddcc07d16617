//! Searching users on SQL.

use super::{
    SqlStore,
    draft::{COUNT, Draft},
    driver::{Argument, Driver, Query, Rows},
    tables::Tables,
    text::selected,
    users::users,
};
use crate::{
    model::UserModel,
    store::{Cursor, StoreError, UserSearch, admin::searched, error::unexpected, guard},
    value::{Column, Field as _, Kind, Role, UserId as _, Value},
};

/// What stands before a character of a pattern that means itself. No backslash: databases differ in what that means in a literal.
const ESCAPE: char = '!';

impl<U: UserModel, D: Driver> SqlStore<U, D> {
    pub(super) async fn found(&self, search: &UserSearch) -> Result<Vec<U>, StoreError> {
        let Some(query) = self.portion_of(search)? else {
            return Ok(Vec::new());
        };
        users(self.driver.rows(query, U::COLUMNS).await?)
    }

    /// The statement of a search; `None` when it finds no user.
    pub(in crate::store) fn portion_of(
        &self,
        search: &UserSearch,
    ) -> Result<Option<Query>, StoreError> {
        let dialect = self.driver.dialect();
        let mut draft = Draft::new(
            dialect,
            format!(
                "SELECT {} FROM {}",
                selected(dialect, U::TABLE, U::COLUMNS),
                dialect.quote(U::TABLE)
            ),
        );
        let Some(mut conditions) = self.conditions(&mut draft, search)? else {
            return Ok(None);
        };
        let key = self.email_key();
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        if let Some(cursor) = &search.after {
            conditions.push(self.behind(&mut draft, cursor, &key, &id)?);
        }
        draft.add(format_args!("{}", all_of(&conditions)));
        let limit = draft.bind(Argument::new(Kind::BigInt, Value::Int(search.limit.into())));
        draft.add(format_args!(" ORDER BY {key}, {id} LIMIT {limit}"));
        Ok(Some(draft.finish()))
    }

    pub(super) async fn found_count(&self, search: &UserSearch) -> Result<u64, StoreError> {
        let dialect = self.driver.dialect();
        let mut draft = Draft::new(
            dialect,
            format!("SELECT COUNT(*) FROM {}", dialect.quote(U::TABLE)),
        );
        let Some(conditions) = self.conditions(&mut draft, search)? else {
            return Ok(0);
        };
        draft.add(format_args!("{}", all_of(&conditions)));
        count(self.driver.rows(draft.finish(), COUNT).await?)
    }

    /// The form of stored addresses that is compared, ordered by, and indexed.
    fn email_key(&self) -> String {
        self.driver
            .dialect()
            .indexed_email(U::TABLE, Tables::<U>::EMAIL.name)
    }

    /// The same of an argument.
    fn wanted_email(&self, placeholder: &str) -> String {
        self.driver
            .dialect()
            .wanted_email(U::TABLE, Tables::<U>::EMAIL.name, placeholder)
    }

    /// What every user fulfils that is looked for; `None` when no user can.
    fn conditions(
        &self,
        draft: &mut Draft<'_>,
        search: &UserSearch,
    ) -> Result<Option<Vec<String>>, StoreError> {
        let dialect = self.driver.dialect();
        let mut conditions = Vec::new();
        if let Some(part) = &search.email {
            // What no address can be, none can have as a part. A pattern may end at a NUL.
            let address = Value::Text(part.clone());
            if part.contains('\0')
                || guard::check(&Tables::<U>::EMAIL, &address, dialect.held()).is_err()
            {
                return Ok(None);
            }
            let pattern = draft.bind(Argument::new(Kind::Text, Value::Text(pattern(part))));
            conditions.push(format!(
                "{} LIKE {} ESCAPE '{ESCAPE}'",
                self.email_key(),
                self.wanted_email(&pattern)
            ));
        }
        let flags = [
            (Role::IsActive, search.is_active),
            (Role::IsSuperuser, search.is_superuser),
            (Role::IsVerified, search.is_verified),
        ];
        for (role, flag) in flags {
            if let Some(flag) = flag {
                conditions.push(is_flag::<U>(draft, dialect, role, flag));
            }
        }
        for (name, value) in &search.fields {
            let column = searched::<U>(name)?;
            let condition = if *value == Value::Null {
                format!("{} IS NULL", dialect.qualified(U::TABLE, column.name))
            } else if guard::check(column, value, dialect.held()).is_ok() {
                self.is_value(draft, column, value)
            } else {
                // A value that no row can have.
                return Ok(None);
            };
            conditions.push(condition);
        }
        Ok(Some(conditions))
    }

    /// Whether a column has this value.
    fn is_value(&self, draft: &mut Draft<'_>, column: &Column, value: &Value) -> String {
        let dialect = self.driver.dialect();
        let name = dialect.qualified(U::TABLE, column.name);
        let argument = Argument::of(column, value.clone());
        let mut placeholders: Vec<_> = self
            .compared(argument)
            .map(|argument| draft.bind(argument))
            .collect();
        // Where a text is bound twice, the placeholders are all `?`.
        let placeholder = placeholders.pop().unwrap_or_default();
        if column.kind == Kind::Text {
            dialect.text_equals(&name, &placeholder)
        } else {
            format!("{name} = {placeholder}")
        }
    }

    fn behind(
        &self,
        draft: &mut Draft<'_>,
        cursor: &Cursor,
        key: &str,
        id: &str,
    ) -> Result<String, StoreError> {
        let none = |column| StoreError::Value {
            column,
            reason: "no user can have it",
        };
        let last = U::Id::parse(&cursor.id).and_then(|id| self.id_argument(&id));
        let last = last.ok_or(none(Tables::<U>::ID.name))?;
        let email = self
            .text_argument(&cursor.email)
            .ok_or(none(Tables::<U>::EMAIL.name))?;
        let from = self.wanted_email(&draft.bind(email.clone()));
        let beyond = self.wanted_email(&draft.bind(email));
        let last = draft.bind(last);
        // Its first half alone can be looked up in the index.
        Ok(format!(
            "{key} >= {from} AND ({key} > {beyond} OR {id} > {last})"
        ))
    }
}

/// Whether the flag of a role is set or not.
pub(super) fn is_flag<U: UserModel>(
    draft: &mut Draft<'_>,
    dialect: &dyn super::dialect::Dialect,
    role: Role,
    flag: bool,
) -> String {
    let name = U::COLUMNS
        .iter()
        .find(|column| column.role == role)
        .map_or("", |column| column.name);
    let value = draft.bind(Argument::new(Kind::Bool, flag.to_value()));
    format!("{} = {value}", dialect.qualified(U::TABLE, name))
}

fn all_of(conditions: &[String]) -> String {
    if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {}", conditions.join(" AND "))
    }
}

/// What an answer of one number says.
pub(super) fn count(rows: Rows) -> Result<u64, StoreError> {
    match rows.into_iter().next().and_then(|mut values| values.pop()) {
        Some(Value::Int(number)) => {
            u64::try_from(number).map_err(|_| unexpected("a count is negative"))
        }
        _ => Err(unexpected("a count is not a number")),
    }
}

/// Every text that has this part, whose characters stand for themselves.
fn pattern(part: &str) -> String {
    let mut pattern = "%".to_owned();
    for character in part.chars() {
        if ['%', '_', ESCAPE].contains(&character) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(pattern("a%_!\\b"), "%a!%!_!!\\b%");
        assert_eq!(pattern(""), "%%");
    }
}
