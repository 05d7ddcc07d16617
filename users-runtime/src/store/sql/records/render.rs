//! The text of the statements on declared tables.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::{Slot, Statement, columns};
use crate::{
    model::UserModel,
    store::{
        StoreError,
        error::unexpected,
        records::{Assignment, Change, Condition, Delete, Find, List, Take},
        sql::{dialect::Dialect, text::selected},
        tables::{Tables, plain},
    },
    value::{Column, Kind, Table},
};

/// The name of the argument with the instant before which rows are purged.
pub(super) const BEFORE: &str = "before";
/// The name of the argument with the greatest number of rows.
pub(super) const LIMIT: &str = "limit";
/// The name of the argument with the number of rows that are left out.
pub(super) const OFFSET: &str = "offset";

/// A statement in the making: names are quoted by the dialect, values are arguments.
pub(super) struct Rendering<'a> {
    pub(super) dialect: &'a dyn Dialect,
    /// The table's name in the database.
    name: &'a str,
    /// The table's name in quotes.
    pub(super) table: String,
    columns: Vec<Column>,
    slots: Vec<Slot>,
}

impl<'a> Rendering<'a> {
    pub(super) fn new<U: UserModel>(
        dialect: &'a dyn Dialect,
        name: &'a str,
        table: &Table,
    ) -> Self {
        Self {
            dialect,
            name,
            table: dialect.quote(name),
            columns: columns::<U>(table),
            slots: Vec::new(),
        }
    }

    pub(super) fn column(&self, name: &str) -> Result<Column, StoreError> {
        let found = self.columns.iter().find(|column| column.name == name);
        found
            .copied()
            .ok_or_else(|| unexpected("an operation names a column that its table does not have"))
    }

    /// A column with its table.
    pub(super) fn qualified(&self, name: &str) -> String {
        self.dialect.qualified(self.name, name)
    }

    fn selected(&self) -> String {
        selected(self.dialect, self.name, &self.columns)
    }

    /// The placeholder of one more argument.
    pub(super) fn bind(&mut self, argument: &'static str, column: Column) -> String {
        self.push(argument, column, 1, false)
    }

    fn push(
        &mut self,
        argument: &'static str,
        column: Column,
        times: usize,
        is_sought: bool,
    ) -> String {
        self.slots.push(Slot {
            argument,
            column,
            times,
            is_sought,
        });
        self.dialect.placeholder(self.slots.len())
    }

    /// The condition that a column is an argument; texts are compared exactly.
    pub(super) fn equals(
        &mut self,
        name: &str,
        argument: &'static str,
    ) -> Result<String, StoreError> {
        let (column, qualified) = (self.column(name)?, self.qualified(name));
        if column.kind == Kind::Text {
            let times = self.dialect.arguments_of_text_equals();
            let placeholder = self.push(argument, column, times, true);
            return Ok(self.dialect.text_equals(&qualified, &placeholder));
        }
        let placeholder = self.push(argument, column, 1, true);
        Ok(format!("{qualified} = {placeholder}"))
    }

    fn condition(&mut self, condition: Condition) -> Result<String, StoreError> {
        let (name, argument) = condition.parts();
        let (column, qualified) = (self.column(name)?, self.qualified(name));
        Ok(match (condition, argument) {
            (Condition::Is(..), Some(argument)) => self.equals(name, argument)?,
            (Condition::IsNot(..), Some(argument)) => {
                let equals = self.equals(name, argument)?;
                if column.nullable {
                    format!("({qualified} IS NULL OR NOT ({equals}))")
                } else {
                    format!("NOT ({equals})")
                }
            }
            (Condition::Less(..), Some(argument)) => {
                format!("{qualified} < {}", self.push(argument, column, 1, true))
            }
            (Condition::Greater(..), Some(argument)) => {
                format!("{qualified} > {}", self.push(argument, column, 1, true))
            }
            (Condition::IsNull(_), _) => format!("{qualified} IS NULL"),
            _ => format!("{qualified} IS NOT NULL"),
        })
    }

    /// ` WHERE …`, or nothing without conditions.
    fn conditions(&mut self, conditions: &[Condition]) -> Result<String, StoreError> {
        let texts = conditions
            .iter()
            .map(|condition| self.condition(*condition))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(if texts.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", texts.join(" AND "))
        })
    }

    /// A statement that answers with nothing.
    pub(super) fn silent(self, text: String) -> Statement {
        self.answering(text, Vec::new())
    }

    /// A statement that answers with these columns.
    pub(super) fn answering(self, text: String, columns: Vec<Column>) -> Statement {
        Statement {
            sql: AssertSqlSafe(Arc::<str>::from(text)).into_sql_str(),
            slots: self.slots,
            columns,
        }
    }

    /// A statement that answers with rows of the table.
    fn whole(self, text: String) -> Statement {
        let columns = self.columns.clone();
        self.answering(text, columns)
    }

    /// Stores a row. Columns without a value become `NULL`, so that one statement serves for all rows.
    pub(super) fn insert(mut self) -> Statement {
        let columns = self.columns.clone();
        let quoted = |column: &Column| self.dialect.quote(column.name);
        let names = columns.iter().map(quoted).collect::<Vec<_>>().join(", ");
        let values = columns
            .iter()
            .map(|column| self.bind(column.name, *column))
            .collect::<Vec<_>>()
            .join(", ");
        let text = format!("INSERT INTO {} ({names}) VALUES ({values})", self.table);
        self.silent(text)
    }

    pub(super) fn find(mut self, find: &Find) -> Result<Statement, StoreError> {
        let columns = self.wanted(find)?;
        let selected = selected(self.dialect, self.name, &columns);
        let conditions = self.conditions(find.by)?;
        let text = format!("SELECT {selected} FROM {}{conditions}", self.table);
        Ok(self.answering(text, columns))
    }

    /// Finds a row with its user, whose columns follow the row's.
    pub(super) fn find_with_user<U: UserModel>(
        mut self,
        find: &Find,
    ) -> Result<Statement, StoreError> {
        let owner = find
            .table
            .owner()
            .ok_or_else(|| unexpected("a table without an owner has no users"))?;
        let id = self.dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let (users, of) = (self.dialect.quote(U::TABLE), self.qualified(owner.name));
        let user = selected(self.dialect, U::TABLE, U::COLUMNS);
        let columns = self.wanted(find)?;
        let selected = selected(self.dialect, self.name, &columns);
        let conditions = self.conditions(find.by)?;
        let text = format!(
            "SELECT {selected}, {user} FROM {} JOIN {users} ON {id} = {of}{conditions}",
            self.table
        );
        let columns = [&columns, U::COLUMNS].concat();
        Ok(self.answering(text, columns))
    }

    /// The columns of the table that an answer has.
    fn wanted(&self, find: &Find) -> Result<Vec<Column>, StoreError> {
        if find.columns.is_empty() {
            return Ok(self.columns.clone());
        }
        let columns = find.columns.iter();
        columns.map(|name| self.column(name)).collect()
    }

    pub(super) fn list(mut self, list: &List) -> Result<Statement, StoreError> {
        let by = self.qualified(self.column(list.by)?.name);
        let key = self.qualified(list.table.key().name);
        let (selected, conditions) = (self.selected(), self.conditions(list.of)?);
        let direction = if list.descending { " DESC" } else { "" };
        let [limit, offset] =
            [LIMIT, OFFSET].map(|argument| self.bind(argument, plain(argument, Kind::BigInt)));
        let text = format!(
            "SELECT {selected} FROM {}{conditions} ORDER BY {by}{direction}, {key}{direction} LIMIT {limit} OFFSET {offset}",
            self.table
        );
        Ok(self.whole(text))
    }

    pub(super) fn change(mut self, change: &Change) -> Result<Statement, StoreError> {
        let mut sets = Vec::with_capacity(change.set.len());
        for assignment in change.set {
            let column = self.column(assignment.column())?;
            let name = self.dialect.quote(column.name);
            sets.push(match assignment {
                Assignment::To(_, argument) => format!("{name} = {}", self.bind(argument, column)),
                Assignment::Null(_) => format!("{name} = NULL"),
                Assignment::Add(_, number) => {
                    format!("{name} = {} + ({number})", self.qualified(column.name))
                }
            });
        }
        let conditions = self.conditions(change.by)?;
        let text = format!("UPDATE {} SET {}{conditions}", self.table, sets.join(", "));
        Ok(self.silent(text))
    }

    /// Deletes a row and answers with it, or where the database does not answer to that, reads the row and keeps it from others.
    pub(super) fn take(mut self, take: &Take) -> Result<Statement, StoreError> {
        let (selected, conditions) = (self.selected(), self.conditions(take.by)?);
        let returning = self.dialect.returning(&selected);
        let text = if returning.is_empty() {
            let lock = self.dialect.for_update();
            format!("SELECT {selected} FROM {}{conditions}{lock}", self.table)
        } else {
            format!("DELETE FROM {}{conditions}{returning}", self.table)
        };
        Ok(self.whole(text))
    }

    pub(super) fn delete(mut self, delete: &Delete) -> Result<Statement, StoreError> {
        let conditions = self.conditions(delete.of)?;
        let text = format!("DELETE FROM {}{conditions}", self.table);
        Ok(self.silent(text))
    }

    /// Deletes the rows of an owner, who is the argument of the column's name.
    pub(super) fn delete_of(mut self, owner: &'static str) -> Result<Statement, StoreError> {
        let of = self.equals(owner, owner)?;
        let text = format!("DELETE FROM {} WHERE {of}", self.table);
        Ok(self.silent(text))
    }

    /// Deletes the row with a key, which is the argument of the key column's name.
    pub(super) fn delete_by_key(mut self, table: &'static Table) -> Result<Statement, StoreError> {
        let by_key = self.equals(table.key().name, table.key().name)?;
        let text = format!("DELETE FROM {} WHERE {by_key}", self.table);
        Ok(self.silent(text))
    }

    /// Deletes some of the rows that have expired, the oldest first.
    pub(super) fn purge(mut self, table: &Table, expiry: &str) -> Result<Statement, StoreError> {
        let column = self.column(expiry)?;
        let (expiry, key) = (self.qualified(expiry), self.qualified(table.key().name));
        let before = self.bind(BEFORE, column);
        let limit = self.bind(LIMIT, plain(LIMIT, Kind::BigInt));
        let portion = format!("WHERE {expiry} < {before} ORDER BY {expiry} LIMIT {limit}");
        let text = if self.dialect.deletes_portions() {
            format!("DELETE FROM {} {portion}", self.table)
        } else {
            // The expiry is compared again: it may have been put off since the portion was chosen.
            format!(
                "DELETE FROM {} WHERE {expiry} < {before} AND {key} IN (SELECT {key} FROM {} {portion})",
                self.table, self.table
            )
        };
        Ok(self.silent(text))
    }
}
