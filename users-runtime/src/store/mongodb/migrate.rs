//! Creating the indexes, and checking the existing ones.

use mongodb::bson::doc;

use super::{
    MongoStore,
    documents::{missing, name},
    failure::failure,
    fields,
    indexes::Index,
    namesakes::Namesakes,
    values,
};
use crate::{
    model::{StrategyKind, UserModel},
    store::{SchemaError, SchemaProblem, SchemaProblemKind, StoreError, tables::Tables},
    value::{Kind, Value},
};

/// An error lists the users of at most this number of addresses.
const LISTED: usize = 100;
/// What mends access tokens.
const TOKEN_FIX: &str =
    "delete these access tokens, whose users log in anew, or convert them as the users' ids were";

impl<U: UserModel> MongoStore<U> {
    /// Makes the indexes that are missing, gives documents that lack a field the field's default, and sets the counter of ids that
    /// are numbers above those that are stored. Nothing else is dropped or changed, except for an index of its own that the unique one on accounts
    /// replaces once none is linked to several users.
    ///
    /// Each step is complete in itself: after a failure, and by processes that start at the same time, it may be repeated. It
    /// reads every user once, to see whether their fields fit, and twice more for each `Uuid` that has no index.
    ///
    /// # Errors
    ///
    /// [`SchemaError::DuplicateEmails`] when addresses of a collection that was taken over are equal in the collation of the
    /// index, [`SchemaError::Mismatch`] when the documents do not fit the struct; nothing was changed then. The latter as well when
    /// an index of the same name, but of another kind, is in the way.
    pub async fn migrate(&self) -> Result<(), SchemaError> {
        let unfit = self.unfit_fields().await?;
        if !unfit.is_empty() {
            return Err(SchemaError::Mismatch(unfit));
        }
        if !self.has_email_index().await? {
            self.refuse_duplicates().await?;
        }
        self.create_indexes().await?;
        self.fill().await?;
        if matches!(
            Tables::<U>::ID.kind,
            Kind::SmallInt | Kind::Int | Kind::BigInt
        ) {
            self.count_from_the_last().await?;
        }
        let problems = self.missing_indexes().await?;
        if problems.is_empty() {
            Ok(())
        } else {
            Err(SchemaError::Mismatch(problems))
        }
    }

    /// Whether the collections fit the struct: for a start-up that leaves migrating to others. It reads every user once, and twice
    /// more for each `Uuid` that has no index.
    ///
    /// # Errors
    ///
    /// [`SchemaError::Mismatch`] with every difference and what mends it.
    pub async fn check(&self) -> Result<(), SchemaError> {
        let mut problems = self.unfit_fields().await?;
        problems.extend(self.unfit_tokens().await?);
        problems.extend(self.unfit_records().await?);
        problems.extend(self.missing_indexes().await?);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(SchemaError::Mismatch(problems))
        }
    }

    pub(super) async fn unfit_fields(&self) -> Result<Vec<SchemaProblem>, StoreError> {
        let mut reserved = fields::reserved(U::TABLE, U::COLUMNS);
        reserved.extend(self.reserved_columns());
        if reserved.is_empty() {
            fields::problems(&self.users(), U::COLUMNS).await
        } else {
            Ok(reserved)
        }
    }

    /// Fields of access tokens that some token has in a form that cannot be read. Such a token is not valid.
    pub(super) async fn unfit_tokens(&self) -> Result<Vec<SchemaProblem>, StoreError> {
        if !uses_tokens::<U>() {
            return Ok(Vec::new());
        }
        let mut problems = fields::problems(&self.tokens(), Tables::<U>::TOKEN).await?;
        for problem in &mut problems {
            TOKEN_FIX.clone_into(&mut problem.fix);
        }
        Ok(problems)
    }

    pub(super) async fn missing_indexes(&self) -> Result<Vec<SchemaProblem>, StoreError> {
        let mut problems = Vec::new();
        if !self.has_email_index().await? {
            problems.push(Index::email::<U>().missing(SchemaProblemKind::MissingEmailIndex));
        }
        if uses_tokens::<U>() && !self.has_token_index().await? {
            let kind = SchemaProblemKind::MissingIndex {
                column: "token".to_owned(),
            };
            problems.push(Index::token(&self.names.tokens).missing(kind));
        }
        problems.extend(self.index_across_tenants().await?);
        problems.extend(self.missing_record_indexes().await?);
        Ok(problems)
    }

    /// Gives documents that lack a field what it is read as.
    async fn fill(&self) -> Result<(), StoreError> {
        for column in U::COLUMNS {
            let value = missing(column);
            if value != Value::Null {
                let lacks = doc! { name(column): { "$exists": false } };
                let value = doc! { "$set": { name(column): values::bson(column, value)? } };
                self.users()
                    .update_many(lacks, value)
                    .await
                    .map_err(failure)?;
            }
        }
        Ok(())
    }

    pub(super) async fn refuse_duplicates(&self) -> Result<(), SchemaError> {
        let Namesakes { addresses, ids } = self.namesakes(LISTED).await?;
        let addresses = usize::try_from(addresses).unwrap_or(usize::MAX);
        if addresses == 0 {
            Ok(())
        } else {
            Err(SchemaError::DuplicateEmails { addresses, ids })
        }
    }
}

fn uses_tokens<U: UserModel>() -> bool {
    U::CONFIG
        .backends
        .iter()
        .any(|backend| backend.strategy == StrategyKind::Database)
}
