//! Deleting users with what belongs to them.

use std::time::Duration;

use mongodb::{
    ClientSession,
    bson::{Bson, doc},
    error::{Error, TRANSIENT_TRANSACTION_ERROR},
};

use super::{MongoStore, failure::failure, records::Owned};
use crate::{model::UserModel, store::StoreError};

/// How often a transaction that lost against another one is begun anew.
const ATTEMPTS: u32 = 8;

impl<U: UserModel> MongoStore<U> {
    /// Deletes a user, the accounts in their document, their tokens and their rows of declared tables.
    pub(super) async fn delete_user(&self, id: Bson) -> Result<(), StoreError> {
        if let Some(mut session) = self.session().await? {
            // What MongoDB has aborted is the application's to begin anew.
            let deleted = self.delete_within(&mut session, &id).await;
            let was_there = deleted.map_err(failure)?;
            return was_there.then_some(()).ok_or(StoreError::NotFound);
        }
        if self.has_transactions().await? {
            self.delete_at_once(&id).await?;
        } else {
            self.delete_in_order(&id).await?;
        }
        // Those that were inserted in the meantime. They are not valid any more, so that the deletion is done whatever becomes of
        // them.
        for Owned {
            collection, owner, ..
        } in self.owned()
        {
            if let Err(error) = collection.delete_many(doc! { owner: &id }).await {
                tracing::warn!(
                    error = %failure(error), collection = collection.name(),
                    "the last access tokens or rows of a deleted user are left"
                );
            }
        }
        Ok(())
    }

    /// Members of replica sets and the routers of sharded clusters have transactions, a server of its own has none.
    async fn has_transactions(&self) -> Result<bool, StoreError> {
        let hello = self
            .database
            .run_command(doc! { "hello": 1 })
            .await
            .map_err(failure)?;
        Ok(hello.contains_key("setName")
            || hello.get_str("msg").is_ok_and(|kind| kind == "isdbgrid"))
    }

    async fn delete_at_once(&self, id: &Bson) -> Result<(), StoreError> {
        let mut session = self
            .database
            .client()
            .start_session()
            .await
            .map_err(failure)?;
        let mut wait = Duration::from_millis(5);
        for attempt in 1.. {
            session.start_transaction().await.map_err(failure)?;
            let error = match self.delete_within(&mut session, id).await {
                Ok(was_there) => match session.commit_transaction().await {
                    Ok(()) if was_there => return Ok(()),
                    Ok(()) => return Err(StoreError::NotFound),
                    Err(error) => error,
                },
                Err(error) => {
                    // The server has aborted it, or will: the first error is more informative.
                    let _ = session.abort_transaction().await;
                    error
                }
            };
            let may_succeed =
                error.contains_label(TRANSIENT_TRANSACTION_ERROR) && attempt < ATTEMPTS;
            let is_answer = error.server_response().is_some();
            if !(may_succeed && is_answer) {
                return Err(failure(error));
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
        }
        Err(StoreError::NotFound)
    }

    async fn delete_within(&self, session: &mut ClientSession, id: &Bson) -> Result<bool, Error> {
        for Owned {
            collection, owner, ..
        } in self.owned()
        {
            collection
                .delete_many(doc! { owner: id })
                .session(&mut *session)
                .await?;
        }
        let deleted = self
            .users()
            .delete_one(doc! { "_id": id })
            .session(&mut *session)
            .await?;
        Ok(deleted.deleted_count > 0)
    }

    /// Without a transaction: a user who is left has no tokens or rows, and tokens and rows that are left have no user.
    async fn delete_in_order(&self, id: &Bson) -> Result<(), StoreError> {
        if !self.exists(id.clone()).await? {
            return Err(StoreError::NotFound);
        }
        for Owned {
            collection, owner, ..
        } in self.owned()
        {
            collection
                .delete_many(doc! { owner: id })
                .await
                .map_err(failure)?;
        }
        let deleted = self
            .users()
            .delete_one(doc! { "_id": id })
            .await
            .map_err(failure)?;
        if deleted.deleted_count > 0 {
            Ok(())
        } else {
            Err(StoreError::NotFound)
        }
    }
}
