//! The texts of updates of users, which depend on what changes and on what must still be stored.

use std::sync::{PoisonError, RwLock};

use sqlx::SqlStr;

use super::{
    dialect::Dialect,
    tables::Tables,
    text::{equals, selected},
};
use crate::{model::UserModel, store::Expected, value::Kind};

/// How many texts are kept. An application changes few combinations of columns.
const MOST: usize = 64;

/// The texts that were rendered before.
#[derive(Default)]
pub(super) struct Updates(RwLock<Vec<Rendered>>);

struct Rendered {
    columns: Vec<usize>,
    guarded: Guarded,
    sql: SqlStr,
}

/// Which conditions there are, whatever their values.
type Guarded = [bool; 6];

fn guarded(expected: &Expected<'_>) -> Guarded {
    [
        expected.hash.is_some(),
        expected.email.is_some(),
        expected.is_active.is_some(),
        expected.is_verified.is_some(),
        expected.is_superuser.is_some(),
        expected.free_email.is_some(),
    ]
}

impl Updates {
    /// The text for these columns and conditions, which is rendered at its first use.
    pub(super) fn get(
        &self,
        columns: &[usize],
        expected: Expected<'_>,
        render: impl FnOnce(Expected<'_>) -> SqlStr,
    ) -> SqlStr {
        let guarded = guarded(&expected);
        let rendered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let known = rendered
            .iter()
            .find(|known| known.columns == columns && known.guarded == guarded);
        if let Some(known) = known {
            return known.sql.clone();
        }
        drop(rendered);
        let sql = render(expected);
        let mut rendered = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if rendered.len() < MOST {
            rendered.push(Rendered {
                columns: columns.to_vec(),
                guarded,
                sql: sql.clone(),
            });
        }
        sql
    }
}

/// The text that changes these columns of a user, in the table `users`.
pub(super) fn update_text<U: UserModel>(
    dialect: &dyn Dialect,
    users: &str,
    columns: &[usize],
    expected: Expected<'_>,
) -> String {
    let sets = columns.iter().enumerate().map(|(position, column)| {
        format!(
            "{} = {}",
            dialect.quote(U::COLUMNS[*column].name),
            dialect.placeholder(position + 1)
        )
    });
    let sets = sets.collect::<Vec<_>>().join(", ");
    let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
    let by_id = equals::<U>(dialect, &id, &dialect.placeholder(columns.len() + 1));
    let mut guards = guards::<U>(dialect, expected, columns.len() + 2);
    if expected.free_email.is_some() {
        let position = columns.len() + 2 + expected.conditions().count();
        guards.push_str(&no_other_has::<U>(dialect, &dialect.placeholder(position)));
    }
    let tail = dialect.returning(&selected(dialect, U::TABLE, U::COLUMNS));
    format!("UPDATE {users} SET {sets} WHERE {by_id}{guards}{tail}")
}

/// The condition that no other user has an e-mail address, in whatever case.
fn no_other_has<U: UserModel>(dialect: &dyn Dialect, placeholder: &str) -> String {
    const OTHER: &str = "another_user";
    let (email, id) = (Tables::<U>::EMAIL.name, Tables::<U>::ID.name);
    let of_tenant = Tables::<U>::TENANT.map(|tenant| {
        let [theirs, own] = [OTHER, U::TABLE].map(|table| dialect.qualified(table, tenant.name));
        format!(" AND {theirs} = {own}")
    });
    format!(
        " AND NOT EXISTS (SELECT 1 FROM {users} AS {other} WHERE {indexed} = {wanted}{of_tenant} AND {other_id} <> {own_id})",
        of_tenant = of_tenant.unwrap_or_default(),
        users = dialect.quote(U::TABLE),
        other = dialect.quote(OTHER),
        indexed = dialect.indexed_email(OTHER, email),
        wanted = dialect.wanted_email(OTHER, email, placeholder),
        other_id = dialect.qualified(OTHER, id),
        own_id = dialect.qualified(U::TABLE, id),
    )
}

/// The conditions that a user fulfils what is expected, whose arguments begin at a position.
pub(super) fn guards<U: UserModel>(
    dialect: &dyn Dialect,
    expected: Expected<'_>,
    first: usize,
) -> String {
    let guard = |(position, (role, _))| {
        let column = &U::COLUMNS[Tables::<U>::position(role)];
        let name = dialect.qualified(U::TABLE, column.name);
        let placeholder = dialect.placeholder(first + position);
        match column.kind {
            Kind::Text => format!(" AND {}", dialect.text_equals(&name, &placeholder)),
            _ => format!(" AND {name} = {placeholder}"),
        }
    };
    expected.conditions().enumerate().map(guard).collect()
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, SqlSafeStr as _};

    use super::*;

    #[test]
    fn a_text_is_rendered_once_for_its_columns_and_conditions() {
        let updates = Updates::default();
        let get = |columns: &[usize], expected: Expected<'_>, text: &'static str| {
            let sql = updates.get(columns, expected, |_| AssertSqlSafe(text).into_sql_str());
            sql.as_str().to_owned()
        };
        let active = Expected::new().active(true);
        assert_eq!(get(&[1], active, "first"), "first");
        assert_eq!(get(&[1], Expected::new().active(false), "again"), "first");
        assert_eq!(get(&[1, 2], active, "second"), "second");
        assert_eq!(get(&[1], active.free_email("a@b.co"), "third"), "third");
        assert_eq!(get(&[1], Expected::new(), "fourth"), "fourth");
        assert_eq!(get(&[1], active, "again"), "first");
    }

    #[test]
    fn no_more_texts_are_kept_than_there_is_room_for() {
        let updates = Updates::default();
        for column in 0..2 * MOST {
            updates.get(&[column], Expected::new(), |_| {
                SqlStr::from_static("UPDATE")
            });
        }
        assert_eq!(updates.0.read().expect("the texts").len(), MOST);
    }
}
