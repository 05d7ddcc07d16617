//! What migrating would run now.

use mongodb::bson::doc;

use super::{
    MongoStore,
    documents::{missing, name, parsed},
    failure::failure,
    indexes::{Index, email_keys},
    shell::command,
    values,
};
use crate::{
    model::UserModel,
    store::{SchemaError, SchemaProblem, SchemaProblemKind, StoreError},
    value::Value,
};

impl<U: UserModel> MongoStore<U> {
    /// The commands for the shell, in the order in which [`migrate`](Self::migrate) runs them.
    pub(super) async fn pending_script(&self) -> Result<String, SchemaError> {
        let unfit = self.unfit_fields().await?;
        if !unfit.is_empty() {
            return Err(SchemaError::Mismatch(unfit));
        }
        if !self.has_email_index().await? {
            self.refuse_duplicates().await?;
        }
        let lacking = self.lacking_indexes().await?;
        let mut blocked = self.missing_indexes().await?;
        blocked.retain(|problem| !lacking.iter().any(|index| mends::<U>(index, problem)));
        if !blocked.is_empty() {
            return Err(SchemaError::Mismatch(blocked));
        }
        let mut script = lacking.iter().map(Index::script).collect::<String>();
        script.push_str(&self.filling().await?);
        if let Some(last) = self.last_uncounted().await? {
            let counters = &self.names.counters;
            let (filter, raise) = (doc! { "_id": U::TABLE }, doc! { "$max": { "last": last } });
            script.push_str(&command(
                counters,
                "updateOne",
                &[filter, raise, doc! { "upsert": true }],
            ));
        }
        Ok(script)
    }

    /// Giving documents that lack a field what it is read as.
    async fn filling(&self) -> Result<String, StoreError> {
        let mut script = String::new();
        for column in U::COLUMNS {
            let value = missing(column);
            if value == Value::Null {
                continue;
            }
            let lacks = doc! { name(column): { "$exists": false } };
            let found = self
                .users()
                .find_one(lacks.clone())
                .projection(doc! { "_id": 1 })
                .await
                .map_err(failure)?;
            if found.is_some() {
                let set = doc! { "$set": { name(column): values::bson(column, value)? } };
                script.push_str(&command(U::TABLE, "updateMany", &[lacks, set]));
            }
        }
        Ok(script)
    }

    /// The greatest id, where ids are numbers and the counter is not that far.
    async fn last_uncounted(&self) -> Result<Option<i64>, StoreError> {
        let Some(greatest) = self.greatest_id().await? else {
            return Ok(None);
        };
        let counter = self
            .counters()
            .find_one(doc! { "_id": U::TABLE })
            .await
            .map_err(failure)?;
        let counter = counter.as_deref().map(parsed).transpose()?;
        let last = counter.and_then(|counter| counter.get("last").and_then(values::number));
        Ok(last.is_none_or(|last| last < greatest).then_some(greatest))
    }
}

fn mends<U: UserModel>(index: &Index, problem: &SchemaProblem) -> bool {
    let fields = match &problem.kind {
        SchemaProblemKind::MissingEmailIndex => email_keys::<U>().join(", "),
        SchemaProblemKind::MissingIndex { column } => column.clone(),
        _ => return false,
    };
    index.collection == problem.table && index.fields() == fields
}
