//! Statements that are made for one question.

use std::fmt::{self, Write as _};

use sqlx::{AssertSqlSafe, SqlSafeStr};

use super::{
    dialect::Dialect,
    driver::{Argument, Query},
};
use crate::value::{Column, Kind, Role};

/// The column of an answer that is a count.
pub(super) const COUNT: &[Column] = &[Column {
    field: "count",
    name: "count",
    role: Role::Extra,
    kind: Kind::BigInt,
    nullable: false,
    max_length: None,
    default: None,
    doc: "",
    example: None,
    is_updated_at: false,
    items: None,
}];

/// A statement in the making. Arguments are bound in the order in which their placeholders stand in the text.
pub(super) struct Draft<'a> {
    dialect: &'a dyn Dialect,
    /// Names and placeholders only.
    text: String,
    arguments: Vec<Argument>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(dialect: &'a dyn Dialect, text: impl Into<String>) -> Self {
        Self {
            dialect,
            text: text.into(),
            arguments: Vec::new(),
        }
    }

    /// Goes on with this text.
    pub(super) fn add(&mut self, text: fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.text.write_fmt(text);
    }

    /// The placeholder of one more argument.
    pub(super) fn bind(&mut self, argument: Argument) -> String {
        self.arguments.push(argument);
        self.dialect.placeholder(self.arguments.len())
    }

    pub(super) fn finish(self) -> Query {
        Query {
            sql: AssertSqlSafe(self.text).into_sql_str(),
            arguments: self.arguments,
        }
    }
}
