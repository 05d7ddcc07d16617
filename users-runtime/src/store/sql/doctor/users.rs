//! Examining users: their addresses, their hashes, their flags.

use super::{Examination, shown};
use crate::{
    model::{Column, Role, Row, UserModel, Value},
    store::{
        FindingKind as Kind, SchemaProblemKind, StoreError,
        sql::{
            driver::{Argument, Driver, Rows, TableInfo, Transaction},
            search::is_flag,
            statements::selected,
            tables::Tables,
        },
        tally::Tally,
    },
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
    const LEAST: Selection = Selection { columns: &[Self::ID, Self::EMAIL, Self::HASH], places: [0, 1, 2], is_whole: false };
    const WHOLE: Selection = Selection {
        columns: U::COLUMNS,
        places: [Self::position(Role::Id), Self::position(Role::Email), Self::position(Role::HashedPassword)],
        is_whole: true,
    };

    /// The columns that every user has.
    pub(super) fn roles() -> Vec<&'static str> {
        U::COLUMNS.iter().filter(|column| column.role != Role::Extra).map(|column| column.name).collect()
    }
}

impl<U: UserModel, D: Driver> Examination<'_, U, D> {
    pub(super) async fn users(&mut self, found: &TableInfo) -> Result<(), StoreError> {
        // The index keeps them away.
        if !found.has_email_index {
            self.duplicate_emails().await?;
        }
        self.superusers(Role::IsActive, Kind::InactiveSuperusers).await?;
        self.superusers(Role::IsVerified, Kind::UnverifiedSuperusers).await?;
        let selection = if self.is_wholly_readable() { Tables::<U>::WHOLE } else { Tables::<U>::LEAST };
        self.every_user(selection).await
    }

    /// Whether every column can be asked for: none is missing, none is of a type of which the store reads nothing.
    fn is_wholly_readable(&self) -> bool {
        use SchemaProblemKind::{MissingColumn, WrongType};
        let hinders = |kind: &Kind| {
            matches!(kind, Kind::Schema(problem)
                if problem.table == U::TABLE && matches!(problem.kind, MissingColumn { .. } | WrongType { .. }))
        };
        !self.findings.iter().any(|finding| hinders(&finding.kind))
    }

    async fn duplicate_emails(&mut self) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let table = dialect.quote(U::TABLE);
        // Not what the index is on, which a database that was taken over may lack.
        let key = dialect.email_key(&dialect.qualified(U::TABLE, Tables::<U>::EMAIL.name));
        let shared = format!("SELECT {key} FROM {table} GROUP BY {key} HAVING COUNT(*) > 1");
        let count = self.count(self.draft(format!("SELECT COUNT(*) FROM ({shared}) AS shared"))).await?;
        if count > 0 {
            let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
            let sql = format!("SELECT {id} FROM {table} WHERE {key} IN ({shared}) ORDER BY {key}, {id}");
            let ids = self.ids(self.draft(sql)).await?;
            self.found(Kind::DuplicateEmails, count, ids);
        }
        Ok(())
    }

    /// Superusers without one of the other flags.
    async fn superusers(&mut self, lacking: Role, kind: Kind) -> Result<(), StoreError> {
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

    /// Reads every user, a portion at a time, in the order of the ids.
    async fn every_user(&mut self, mut selection: Selection) -> Result<(), StoreError> {
        let (mut tally, mut last) = (Tally::default(), None);
        loop {
            let mut rows = match self.portion(selection.columns, last.as_ref()).await {
                // A driver does not say in whose row it met what it has no value for, such as MySQL's date of no month.
                Err(StoreError::Database(_)) if selection.is_whole => {
                    selection = Tables::<U>::LEAST;
                    tally.add(Kind::UnreadableUsers, || "unknown".to_owned());
                    self.portion(selection.columns, last.as_ref()).await?
                }
                rows => rows?,
            };
            let id = selection.places[0];
            let is_full = rows.len() == PORTION;
            let end = rows.last().map(|row| row[id].clone());
            // An id in another form than the one that is asked for may come again.
            rows.retain(|row| Some(&row[id]) != last.as_ref());
            for row in rows {
                examine::<U>(&mut tally, selection, row);
            }
            if !is_full {
                break;
            }
            if end == last {
                let id = end.map(shown::<U>);
                tally.add(Kind::UnfindableIds, || id.unwrap_or_default());
                break;
            }
            last = end;
        }
        self.findings.extend(tally.into_findings());
        Ok(())
    }

    async fn portion(&mut self, columns: &'static [Column], last: Option<&Value>) -> Result<Rows, StoreError> {
        let dialect = self.store.driver.dialect();
        let selection = selected(dialect, U::TABLE, columns);
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let mut draft = self.draft(format!("SELECT {selection} FROM {}", dialect.quote(U::TABLE)));
        if let Some(last) = last {
            let last = draft.bind(Argument { kind: Tables::<U>::ID.kind, value: last.clone() });
            draft.add(format_args!(" WHERE {id} > {last}"));
        }
        draft.add(format_args!(" ORDER BY {id} LIMIT {PORTION}"));
        Ok(self.transaction.rows(draft.finish(), columns).await?)
    }
}

fn examine<U: UserModel>(tally: &mut Tally, selection: Selection, row: Vec<Value>) {
    let [id, email, hash] = selection.places.map(|place| row[place].clone());
    let [email, hash] = [email, hash].map(|value| match value {
        Value::Text(text) => text,
        // Where the table allows it, which is a finding of its own.
        _ => String::new(),
    });
    tally.examine(&email, hash, || shown::<U>(id.clone()));
    if selection.is_whole && U::from_row(&mut Row::new(U::COLUMNS, row)).is_err() {
        tally.add(Kind::UnreadableUsers, || shown::<U>(id));
    }
}
