//! What can be wrong with a database's tables.

use std::fmt;

use super::StoreError;

/// Why a database's tables do not fit the struct.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The tables differ from the struct; nothing was changed.
    #[error("the database does not match the struct:{}", list(.0))]
    Mismatch(Vec<SchemaProblem>),
    /// Several users have e-mail addresses that differ only in case, so the address cannot be made unique; nothing was changed.
    ///
    /// Change or delete users until each address is left once, then migrate again.
    #[error(
        "{addresses} e-mail addresses belong to more than one user when case is ignored; the ids of these users, address by \
         address: {}",
        groups(.ids, *.addresses)
    )]
    DuplicateEmails {
        /// How many addresses are affected.
        addresses: usize,
        /// The ids of the users that share an address, at most ten of each, for at most a hundred addresses.
        ids: Vec<Vec<String>>,
    },
    /// The database did not answer, or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One difference between a table and the struct.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaProblem {
    /// The table.
    pub table: String,
    /// What is different.
    pub kind: SchemaProblemKind,
    /// What mends it: SQL to run, or what to change in the struct.
    pub fix: String,
}

/// How a table differs from the struct.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaProblemKind {
    /// The table does not exist.
    MissingTable,
    /// The table lacks a column.
    MissingColumn {
        /// The column.
        column: String,
    },
    /// The column has a type that cannot hold the field.
    WrongType {
        /// The column.
        column: String,
        /// The column's type.
        found: String,
        /// The type that the field needs.
        expected: String,
    },
    /// The column may be `NULL`, but the field is not an `Option`.
    Nullable {
        /// The column.
        column: String,
    },
    /// The field is an `Option`, but the column is `NOT NULL`.
    NotNullable {
        /// The column.
        column: String,
    },
    /// The table requires a value for a column that the struct does not have.
    UnknownRequiredColumn {
        /// The column.
        column: String,
    },
    /// No unique index on the e-mail address without regard to case.
    MissingEmailIndex,
    /// A unique index on the e-mail address alone, although users belong to tenants: two tenants cannot have users with the same address.
    EmailIndexAcrossTenants {
        /// The index.
        index: String,
    },
    /// No unique index on the accounts at providers, so that two users could link one account in the same instant.
    ///
    /// Only the doctor reports it: a migrated table works without it.
    MissingAccountIndex,
    /// No unique index on a field without which the store would search everything, or keep something twice.
    MissingIndex {
        /// The field.
        column: String,
    },
    /// The table's storage engine has no transactions, so that what fails in between is left half done, and no foreign keys.
    WrongEngine {
        /// The engine.
        found: String,
    },
    /// The database keeps the name for something else.
    ReservedName {
        /// The column.
        column: String,
    },
    /// The table belongs to another table's users.
    ForeignTable {
        /// The table that it refers to.
        references: String,
    },
}

impl SchemaProblemKind {
    /// A name for programs, which stays the same between versions.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingTable => "missing_table",
            Self::MissingColumn { .. } => "missing_column",
            Self::WrongType { .. } => "wrong_type",
            Self::Nullable { .. } => "nullable_column",
            Self::NotNullable { .. } => "not_nullable_column",
            Self::UnknownRequiredColumn { .. } => "unknown_required_column",
            Self::MissingEmailIndex => "missing_email_index",
            Self::EmailIndexAcrossTenants { .. } => "email_index_across_tenants",
            Self::MissingAccountIndex => "missing_account_index",
            Self::MissingIndex { .. } => "missing_index",
            Self::WrongEngine { .. } => "wrong_engine",
            Self::ReservedName { .. } => "reserved_name",
            Self::ForeignTable { .. } => "foreign_table",
        }
    }
}

impl fmt::Display for SchemaProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use SchemaProblemKind as Kind;
        let Self { table, kind, fix } = self;
        match kind {
            Kind::MissingTable => write!(f, "there is no table `{table}`"),
            Kind::MissingColumn { column } => write!(f, "table `{table}` has no column `{column}`"),
            Kind::WrongType {
                column,
                found,
                expected,
            } => write!(
                f,
                "column `{table}.{column}` is {found} where the field needs {expected}"
            ),
            Kind::Nullable { column } => write!(
                f,
                "column `{table}.{column}` may be NULL, but the field is not an `Option`"
            ),
            Kind::NotNullable { column } => write!(
                f,
                "column `{table}.{column}` is NOT NULL, but the field is an `Option`"
            ),
            Kind::UnknownRequiredColumn { column } => write!(
                f,
                "column `{table}.{column}` is NOT NULL without a default, and the struct has no field for it"
            ),
            Kind::MissingEmailIndex => write!(
                f,
                "table `{table}` has no unique index on the e-mail address without regard to case"
            ),
            Kind::EmailIndexAcrossTenants { index } => write!(
                f,
                "the unique index `{index}` of table `{table}` is on the e-mail address alone, so one address cannot belong to users of two tenants"
            ),
            Kind::MissingAccountIndex => write!(
                f,
                "table `{table}` has no unique index on accounts at providers, so two users can link one in the same instant"
            ),
            Kind::MissingIndex { column } => {
                write!(f, "table `{table}` has no unique index on `{column}`")
            }
            Kind::WrongEngine { found } => write!(
                f,
                "table `{table}` is kept by the engine {found}, which has no transactions with foreign keys"
            ),
            Kind::ReservedName { column } => {
                write!(f, "no field of `{table}` can be called `{column}`")
            }
            Kind::ForeignTable { references } => {
                write!(f, "table `{table}` belongs to the users of `{references}`")
            }
        }?;
        write!(f, "; {fix}")
    }
}

fn list(problems: &[SchemaProblem]) -> String {
    problems
        .iter()
        .flat_map(|problem| ["\n- ".to_owned(), problem.to_string()])
        .collect()
}

fn groups(ids: &[Vec<String>], addresses: usize) -> String {
    let mut text = ids
        .iter()
        .map(|group| group.join(" and "))
        .collect::<Vec<_>>()
        .join("; ");
    if ids.len() < addresses {
        text.push_str("; …");
    }
    text
}

crate::error_debug::debug_as_sentence!(SchemaError);
