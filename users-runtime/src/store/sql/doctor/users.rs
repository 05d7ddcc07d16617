//! Examining users: their addresses, their hashes, their flags.

use super::{Examination, shown};
use crate::{
    model::UserModel,
    store::{
        FindingKind, SchemaProblemKind, StoreError,
        sql::{
            driver::{Argument, Driver, Rows, TableInfo, Transaction},
            search::is_flag,
            tables::Tables,
            text::selected,
        },
        tally::Tally,
    },
    value::{Column, Kind, Role, Row, Value},
};

/// How many users are read at once.
const PORTION: usize = 1000;

/// What is read of every user.
#[derive(Clone, Copy)]
struct Selection {
    columns: &'static [Column],
    /// Where in it the id, the address and the hash are.
    places: [usize; 3],
    is_whole: bool,
}

impl<U: UserModel> Tables<U> {
    /// What is read where the table does not fit the struct.
    const LEAST: Selection = Selection {
        columns: &[Self::ID, Self::EMAIL, Self::HASH],
        places: [0, 1, 2],
        is_whole: false,
    };
    const WHOLE: Selection = Selection {
        columns: U::COLUMNS,
        places: [
            Self::position(Role::Id),
            Self::position(Role::Email),
            Self::position(Role::HashedPassword),
        ],
        is_whole: true,
    };

    /// The id as it is stored, which is read as this.
    fn stored_id(stored: Kind) -> &'static [Column] {
        match stored {
            Kind::Bytes => &[Column {
                kind: Kind::Bytes,
                ..Self::ID
            }],
            Kind::Text => &[Column {
                kind: Kind::Text,
                ..Self::ID
            }],
            _ => &[Self::ID],
        }
    }

    /// The columns that every user has.
    pub(super) fn roles() -> Vec<&'static str> {
        U::COLUMNS
            .iter()
            .filter(|column| column.role != Role::Extra)
            .map(|column| column.name)
            .collect()
    }
}

impl<U: UserModel, D: Driver> Examination<'_, U, D> {
    pub(super) async fn users(&mut self, found: &TableInfo) -> Result<(), StoreError> {
        // The index keeps them away.
        if !found.has_email_index {
            self.duplicate_emails().await?;
        }
        self.superusers(Role::IsActive, FindingKind::InactiveSuperusers)
            .await?;
        self.superusers(Role::IsVerified, FindingKind::UnverifiedSuperusers)
            .await?;
        self.unfindable_ids().await?;
        let selection = if self.is_wholly_readable() {
            Tables::<U>::WHOLE
        } else {
            Tables::<U>::LEAST
        };
        self.every_user(selection).await
    }

    /// Whether every column can be asked for: none is missing, none is of a type of which the store reads nothing.
    fn is_wholly_readable(&self) -> bool {
        use SchemaProblemKind::{MissingColumn, WrongType};
        let hinders = |kind: &FindingKind| {
            matches!(kind, FindingKind::Schema(problem)
                if problem.table == U::TABLE && matches!(problem.kind, MissingColumn { .. } | WrongType { .. }))
        };
        !self.findings.iter().any(|finding| hinders(&finding.kind))
    }

    async fn unfindable_ids(&mut self) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let Some(other) = dialect.has_other_form(Tables::<U>::ID.kind, &id) else {
            return Ok(());
        };
        let rest = format!("FROM {} WHERE {other}", dialect.quote(U::TABLE));
        let count = self
            .count(self.draft(format!("SELECT COUNT(*) {rest}")))
            .await?;
        if count > 0 {
            let ids = self
                .ids(self.draft(format!("SELECT {id} {rest} ORDER BY {id}")))
                .await?;
            self.found(FindingKind::UnfindableIds, count, ids);
        }
        Ok(())
    }

    async fn duplicate_emails(&mut self) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let table = dialect.quote(U::TABLE);
        // Not what the index is on, which a database that was taken over may lack.
        let mut key = dialect.email_key(&dialect.qualified(U::TABLE, Tables::<U>::EMAIL.name));
        if let Some(tenant) = Tables::<U>::TENANT {
            key = format!("{key}, {}", dialect.qualified(U::TABLE, tenant.name));
        }
        let shared = format!("SELECT {key} FROM {table} GROUP BY {key} HAVING COUNT(*) > 1");
        let count = self
            .count(self.draft(format!("SELECT COUNT(*) FROM ({shared}) AS shared")))
            .await?;
        if count > 0 {
            let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
            let sql = format!(
                "SELECT {id} FROM {table} WHERE ({key}) IN ({shared}) ORDER BY {key}, {id}"
            );
            let ids = self.ids(self.draft(sql)).await?;
            self.found(FindingKind::DuplicateEmails, count, ids);
        }
        Ok(())
    }

    /// Superusers without one of the other flags.
    async fn superusers(&mut self, lacking: Role, kind: FindingKind) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let of = |what: &str, this: &Self| {
            let mut draft = this.draft(format!("SELECT {what} FROM {}", dialect.quote(U::TABLE)));
            let is_superuser = is_flag::<U>(&mut draft, dialect, Role::IsSuperuser, true);
            let lacks = is_flag::<U>(&mut draft, dialect, lacking, false);
            draft.add(format_args!(" WHERE {is_superuser} AND {lacks}"));
            draft
        };
        let count = self.count(of("COUNT(*)", self)).await?;
        if count > 0 {
            let mut draft = of(&id, self);
            draft.add(format_args!(" ORDER BY {id}"));
            let ids = self.ids(draft).await?;
            self.found(kind, count, ids);
        }
        Ok(())
    }

    /// Reads every user, a portion at a time, in the order of the ids as they are stored.
    async fn every_user(&mut self, mut selection: Selection) -> Result<(), StoreError> {
        let (mut tally, mut last) = (Tally::new(self.expected), None);
        loop {
            let rows = match self.portion(selection.columns, last.as_ref()).await {
                // A driver does not say in whose row it met what it has no value for, such as MySQL's date of no month.
                Err(StoreError::Database(_)) if selection.is_whole => {
                    selection = Tables::<U>::LEAST;
                    tally.add(FindingKind::UnreadableUsers, || "unknown".to_owned());
                    self.portion(selection.columns, last.as_ref()).await?
                }
                rows => rows?,
            };
            let is_full = rows.len() == PORTION;
            for row in rows {
                examine::<U>(&mut tally, selection, row);
            }
            if !is_full {
                break;
            }
            last = self.end_of_portion(last.as_ref()).await?;
        }
        self.findings.extend(tally.into_findings());
        Ok(())
    }

    async fn portion(
        &mut self,
        columns: &'static [Column],
        last: Option<&Value>,
    ) -> Result<Rows, StoreError> {
        self.behind(last, columns, PORTION, 0).await
    }

    /// The last id of a portion.
    async fn end_of_portion(&mut self, last: Option<&Value>) -> Result<Option<Value>, StoreError> {
        let columns =
            Tables::<U>::stored_id(self.store.driver.dialect().as_stored(Tables::<U>::ID.kind));
        let rows = self.behind(last, columns, 1, PORTION - 1).await?;
        Ok(rows.into_iter().flatten().next())
    }

    /// Users behind an id, which is as it is stored.
    async fn behind(
        &mut self,
        last: Option<&Value>,
        columns: &'static [Column],
        limit: usize,
        offset: usize,
    ) -> Result<Rows, StoreError> {
        let dialect = self.store.driver.dialect();
        let selection = selected(dialect, U::TABLE, columns);
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let mut draft = self.draft(format!(
            "SELECT {selection} FROM {}",
            dialect.quote(U::TABLE)
        ));
        if let Some(last) = last {
            let kind = dialect.as_stored(Tables::<U>::ID.kind);
            let last = draft.bind(Argument::new(kind, last.clone()));
            draft.add(format_args!(" WHERE {id} > {last}"));
        }
        draft.add(format_args!(" ORDER BY {id} LIMIT {limit} OFFSET {offset}"));
        Ok(self.transaction.try_rows(draft.finish(), columns).await?)
    }
}

fn examine<U: UserModel>(tally: &mut Tally<'_>, selection: Selection, row: Vec<Value>) {
    let [id, email, hash] = selection.places.map(|place| row[place].clone());
    let [email, hash] = [email, hash].map(|value| match value {
        Value::Text(text) => text,
        // Where the table allows it, which is a finding of its own.
        _ => String::new(),
    });
    tally.examine(&email, hash, || shown::<U>(id.clone()));
    if selection.is_whole && U::from_row(&mut Row::new(U::COLUMNS, row)).is_err() {
        tally.add(FindingKind::UnreadableUsers, || shown::<U>(id));
    }
}
