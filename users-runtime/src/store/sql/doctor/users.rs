//! Examining users: their addresses, their hashes, their flags.

use super::{Examination, shown};
use crate::{
    model::{Column, Kind, Role, UserModel, Value},
    store::{
        FindingKind, StoreError,
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

impl<U: UserModel> Tables<U> {
    /// What is read of every user; the id comes first as it is stored, which is read as this.
    fn examined(stored: Kind) -> &'static [Column] {
        match stored {
            Kind::Bytes => &[Column { kind: Kind::Bytes, ..Self::ID }, Self::ID, Self::EMAIL, Self::HASH],
            Kind::Text => &[Column { kind: Kind::Text, ..Self::ID }, Self::ID, Self::EMAIL, Self::HASH],
            _ => &[Self::ID, Self::ID, Self::EMAIL, Self::HASH],
        }
    }

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
        self.superusers(Role::IsActive, FindingKind::InactiveSuperusers).await?;
        self.superusers(Role::IsVerified, FindingKind::UnverifiedSuperusers).await?;
        self.unfindable_ids().await?;
        self.every_user().await
    }

    async fn unfindable_ids(&mut self) -> Result<(), StoreError> {
        let dialect = self.store.driver.dialect();
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let Some(other) = dialect.has_other_form(Tables::<U>::ID.kind, &id) else { return Ok(()) };
        let rest = format!("FROM {} WHERE {other}", dialect.quote(U::TABLE));
        let count = self.count(self.draft(format!("SELECT COUNT(*) {rest}"))).await?;
        if count > 0 {
            let ids = self.ids(self.draft(format!("SELECT {id} {rest} ORDER BY {id}"))).await?;
            self.found(FindingKind::UnfindableIds, count, ids);
        }
        Ok(())
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

    /// Reads every user's address and hash, a portion at a time, in the order of the ids as they are stored.
    async fn every_user(&mut self) -> Result<(), StoreError> {
        let (mut tally, mut last) = (Tally::default(), None);
        loop {
            let rows = self.portion(last.take()).await?;
            let is_full = rows.len() == PORTION;
            last = rows.last().map(|row| row[0].clone());
            for row in rows {
                examine::<U>(&mut tally, row);
            }
            if !is_full {
                break;
            }
        }
        self.findings.extend(tally.into_findings());
        Ok(())
    }

    async fn portion(&mut self, last: Option<Value>) -> Result<Rows, StoreError> {
        let dialect = self.store.driver.dialect();
        let read = Tables::<U>::examined(dialect.as_stored(Tables::<U>::ID.kind));
        let columns = selected(dialect, U::TABLE, read);
        let id = dialect.qualified(U::TABLE, Tables::<U>::ID.name);
        let mut draft = self.draft(format!("SELECT {columns} FROM {}", dialect.quote(U::TABLE)));
        if let Some(value) = last {
            let last = draft.bind(Argument { kind: read[0].kind, value });
            draft.add(format_args!(" WHERE {id} > {last}"));
        }
        draft.add(format_args!(" ORDER BY {id} LIMIT {PORTION}"));
        Ok(self.transaction.rows(draft.finish(), read).await?)
    }
}

fn examine<U: UserModel>(tally: &mut Tally, row: Vec<Value>) {
    let mut values = row.into_iter().skip(1);
    let id = values.next().unwrap_or(Value::Null);
    let [email, hash] = [values.next(), values.next()].map(|value| match value {
        Some(Value::Text(text)) => text,
        // Where the table allows it, which is a finding of its own.
        _ => String::new(),
    });
    tally.examine(&email, hash, || shown::<U>(id.clone()));
}
