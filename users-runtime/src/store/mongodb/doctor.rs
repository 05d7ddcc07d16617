//! Examining a live database.

use mongodb::{
    Collection,
    bson::{Bson, Document, RawDocumentBuf, doc, oid::ObjectId},
};

use super::{
    Documents, MongoStore,
    documents::{ACCOUNTS, parsed, shown},
    failure::failure,
    namesakes::Namesakes,
    records::Owned,
    search::{all_of, is_flag},
    values,
};
use crate::{
    model::UserModel,
    store::{
        Expectations, Finding, FindingKind as Kind, StoreError, tables::Tables, tally::Tally,
        token::HASH_MARK,
    },
    value::{Column, Role, Value},
};

/// How many users are read at once.
const PORTION: u32 = 1000;

impl<U: UserModel> MongoStore<U> {
    /// Every finding about the collections and their documents, the most severe first.
    pub(super) async fn examined(
        &self,
        expected: &Expectations,
    ) -> Result<Vec<Finding>, StoreError> {
        let mut problems = self.unfit_fields().await?;
        problems.extend(self.unfit_tokens().await?);
        problems.extend(self.unfit_records().await?);
        problems.extend(self.missing_indexes().await?);
        problems.extend(self.missing_account_index().await?);
        let mut findings: Vec<_> = problems
            .into_iter()
            .map(|problem| Finding::new(Kind::Schema(problem), 1, Vec::new()))
            .collect();
        // The index keeps them away.
        if !self.has_email_index().await? {
            findings.extend(self.duplicate_emails().await?);
        }
        findings.extend(
            self.superusers(Role::IsActive, Kind::InactiveSuperusers)
                .await?,
        );
        findings.extend(
            self.superusers(Role::IsVerified, Kind::UnverifiedSuperusers)
                .await?,
        );
        findings.extend(self.every_user(expected).await?);
        for owned in self.owned() {
            findings.extend(self.orphans(&owned).await?);
        }
        if expected.hashed_tokens {
            findings.extend(self.clear_tokens().await?);
        }
        findings.extend(self.duplicate_links().await?);
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        Ok(findings)
    }

    async fn duplicate_emails(&self) -> Result<Option<Finding>, StoreError> {
        let Namesakes { addresses, ids } = self.namesakes(Finding::LISTED).await?;
        Ok(found(Kind::DuplicateEmails, addresses, ids.concat()))
    }

    /// Superusers without one of the other flags.
    async fn superusers(&self, lacking: Role, kind: Kind) -> Result<Option<Finding>, StoreError> {
        let them = all_of(vec![
            is_flag::<U>(Role::IsSuperuser, true),
            is_flag::<U>(lacking, false),
        ]);
        let users = self.users();
        let count = users.count_documents(them.clone()).await.map_err(failure)?;
        if count == 0 {
            return Ok(None);
        }
        let listed = i64::try_from(Finding::LISTED).unwrap_or(i64::MAX);
        let some = users
            .find(them)
            .projection(doc! { "_id": 1 })
            .sort(doc! { "_id": 1 })
            .limit(listed)
            .await;
        let mut some = some.map_err(failure)?;
        let mut ids = Vec::new();
        while some.advance().await.map_err(failure)? {
            ids.push(shown::<U>(taken(&mut parsed(some.current())?, "_id")));
        }
        Ok(found(kind, count, ids))
    }

    /// Reads every user, a portion at a time, in the order of the ids.
    async fn every_user(&self, expected: &Expectations) -> Result<Vec<Finding>, StoreError> {
        let (email, hash) = (&Tables::<U>::EMAIL, &Tables::<U>::HASH);
        let users = self.users();
        let users = users
            .find(doc! {})
            .projection(doc! { ACCOUNTS: 0 })
            .sort(doc! { "_id": 1 })
            .batch_size(PORTION)
            .await;
        let (mut users, mut tally) = (users.map_err(failure)?, Tally::new(expected));
        while users.advance().await.map_err(failure)? {
            let mut user = parsed(users.current())?;
            let is_readable = Documents::<U>::read(users.current()).is_ok();
            let [email, hash] = [email, hash].map(|column| text(column, user.remove(column.name)));
            let id = taken(&mut user, "_id");
            tally.examine(&email, hash, || shown::<U>(id.clone()));
            if !is_readable {
                tally.add(Kind::UnreadableUsers, || shown::<U>(id));
            }
        }
        Ok(tally.into_findings())
    }

    /// Access tokens, or rows of a declared table, whose user is gone.
    async fn orphans(&self, owned: &Owned) -> Result<Option<Finding>, StoreError> {
        let of_users = if owned.is_optional {
            doc! { owned.owner: { "$ne": Bson::Null } }
        } else {
            doc! {}
        };
        let pipeline = [
            doc! { "$match": of_users },
            doc! { "$group": { "_id": format!("${}", owned.owner), "rows": { "$sum": 1 } } },
            doc! { "$lookup": { "from": U::TABLE, "localField": "_id", "foreignField": "_id", "as": "users" } },
            doc! { "$match": { "users": [] } },
            doc! { "$sort": { "_id": 1 } },
        ];
        let table = owned.collection.name().to_owned();
        Self::rows_by_user(&owned.collection, pipeline, Kind::Orphans { table }).await
    }

    /// Access tokens that are stored in clear. The hashes are those from the mark up to the character behind it.
    async fn clear_tokens(&self) -> Result<Option<Finding>, StoreError> {
        let behind = char::from_u32(u32::from(HASH_MARK) + 1).unwrap_or(char::MAX);
        let clear = [
            doc! { "token": { "$lt": HASH_MARK.to_string() } },
            doc! { "token": { "$gte": behind.to_string() } },
        ];
        let pipeline = [
            doc! { "$match": { "$or": clear.to_vec() } },
            doc! { "$group": { "_id": "$user_id", "rows": { "$sum": 1 } } },
            doc! { "$sort": { "_id": 1 } },
        ];
        Self::rows_by_user(&self.tokens(), pipeline, Kind::ClearAccessTokens).await
    }

    /// Access tokens or rows that a pipeline counts user by user.
    async fn rows_by_user(
        collection: &Collection<RawDocumentBuf>,
        pipeline: impl IntoIterator<Item = Document>,
        kind: Kind,
    ) -> Result<Option<Finding>, StoreError> {
        let (mut count, mut ids) = (0, Vec::new());
        let mut groups = grouped(collection, pipeline).await?;
        while groups.advance().await.map_err(failure)? {
            let mut group = parsed(groups.current())?;
            count += number(&group, "rows");
            if ids.len() < Finding::LISTED {
                ids.push(shown::<U>(taken(&mut group, "_id")));
            }
        }
        Ok(found(kind, count, ids))
    }

    /// Accounts that are linked more than once, which the original allows.
    async fn duplicate_links(&self) -> Result<Option<Finding>, StoreError> {
        let (mut count, mut ids) = (0, Vec::new());
        let mut groups = self.accounts_linked_twice().await?;
        while groups.advance().await.map_err(failure)? {
            count += 1;
            let of_group = parsed(groups.current())?;
            if let Ok(links) = of_group.get_array("ids") {
                ids.extend(
                    links
                        .iter()
                        .filter_map(Bson::as_object_id)
                        .map(ObjectId::to_hex)
                        .take(Finding::LISTED),
                );
                ids.truncate(Finding::LISTED);
            }
        }
        Ok(found(
            Kind::DuplicateLinks {
                table: format!("{}.{ACCOUNTS}", U::TABLE),
            },
            count,
            ids,
        ))
    }

    /// Whether any account is linked to several users, so that it cannot be unique.
    pub(super) async fn is_shared_account(&self) -> Result<bool, StoreError> {
        let mut groups = self.accounts_linked_twice().await?;
        while groups.advance().await.map_err(failure)? {
            if parsed(groups.current())?
                .get_array("users")
                .is_ok_and(|users| users.len() > 1)
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The links and the users of accounts that are linked more than once.
    async fn accounts_linked_twice(&self) -> Result<mongodb::Cursor<Document>, StoreError> {
        let field = |name| format!("{ACCOUNTS}.{name}");
        let [provider, account, id] =
            ["oauth_name", "account_id", "id"].map(|name| format!("${}", field(name)));
        let group = doc! {
            "_id": { "name": provider, "account": account },
            "ids": { "$push": id },
            "users": { "$addToSet": "$_id" },
            "links": { "$sum": 1 },
        };
        let pipeline = [
            doc! { "$match": { field("oauth_name"): { "$exists": true } } },
            doc! { "$unwind": format!("${ACCOUNTS}") },
            doc! { "$group": group },
            doc! { "$match": { "links": { "$gt": 1 } } },
            doc! { "$sort": { "_id": 1 } },
        ];
        grouped(&self.users(), pipeline).await
    }
}

fn found(kind: Kind, count: u64, ids: Vec<String>) -> Option<Finding> {
    (count > 0).then(|| Finding::new(kind, count, ids))
}

async fn grouped(
    collection: &Collection<RawDocumentBuf>,
    pipeline: impl IntoIterator<Item = Document>,
) -> Result<mongodb::Cursor<Document>, StoreError> {
    collection
        .aggregate(pipeline)
        .allow_disk_use(true)
        .await
        .map_err(failure)
}

fn taken(document: &mut Document, name: &str) -> Bson {
    document.remove(name).unwrap_or(Bson::Null)
}

fn number(document: &Document, name: &str) -> u64 {
    document
        .get(name)
        .and_then(values::number)
        .and_then(|number| u64::try_from(number).ok())
        .unwrap_or_default()
}

/// A stored text; an empty one where there is something else, which is a finding of its own.
fn text(column: &Column, stored: Option<Bson>) -> String {
    match stored.map(|stored| values::value(column, stored)) {
        Some(Value::Text(text)) => text,
        _ => String::new(),
    }
}
