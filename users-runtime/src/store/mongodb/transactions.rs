//! Commands within a transaction of the application.

use std::sync::Arc;

use mongodb::{
    ClientSession,
    action::{CountDocuments, Find, FindOne, FindOneAndUpdate, InsertOne},
    bson::{RawDocument, RawDocumentBuf},
    error::{Error, ErrorKind},
};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{MongoStore, failure::failure};
use crate::{
    model::UserModel,
    store::{SharedTransaction, StoreError, StoreTransaction, error::unexpected},
};

/// The session of a transaction of the application, shared with it.
pub(super) type Shared = Arc<Mutex<ClientSession>>;

/// The application's session, whose next commands wait until this is dropped; `None` outside of a transaction.
pub(super) type Held = Option<OwnedMutexGuard<ClientSession>>;

impl StoreTransaction for ClientSession {
    type Connection = Self;

    fn connection(&mut self) -> &mut Self {
        self
    }

    async fn commit(mut self) -> Result<(), StoreError> {
        self.commit_transaction().await.map_err(failure)
    }

    async fn rollback(mut self) -> Result<(), StoreError> {
        self.abort_transaction().await.map_err(failure)
    }
}

impl<U: UserModel> MongoStore<U> {
    /// This store on a transaction of the application.
    pub(super) fn on(&self, transaction: &SharedTransaction) -> Option<Self> {
        Some(Self {
            within: Some(transaction.get()?),
            ..self.clone()
        })
    }

    pub(super) fn is_within(&self) -> bool {
        self.within.is_some()
    }

    /// The application's session, which must be in a transaction: the driver would run the command outside of one.
    pub(super) async fn session(&self) -> Result<Held, StoreError> {
        let Some(within) = &self.within else {
            return Ok(None);
        };
        let mut session = Arc::clone(within).lock_owned().await;
        // The driver reports the state of a session in no other way. Nothing is sent to the server.
        match session.start_transaction().await {
            Err(error) if is_begun(&error) => Ok(Some(session)),
            Err(error) => Err(failure(error)),
            Ok(()) => {
                session.abort_transaction().await.map_err(failure)?;
                Err(unexpected(
                    "the session is in no transaction: call `start_transaction()` on it before `within`, and leave the commit to \
                     `UsersTransaction`",
                ))
            }
        }
    }
}

/// Whether the driver refused to start a transaction since the session is in one.
fn is_begun(error: &Error) -> bool {
    matches!(&*error.kind, ErrorKind::Transaction { message, .. } if message.contains("already in progress"))
}

/// A command that runs on the application's session, if there is one.
pub(super) trait OnSession<'a> {
    fn on(self, session: &'a mut Held) -> Self;
}

macro_rules! on_session {
    ($($action:ty),*) => {
        $(impl<'a> OnSession<'a> for $action {
            fn on(self, session: &'a mut Held) -> Self {
                match session {
                    Some(session) => self.session(&mut **session),
                    None => self,
                }
            }
        })*
    };
}

on_session!(
    CountDocuments<'a>,
    FindOne<'a, RawDocumentBuf>,
    FindOneAndUpdate<'a, RawDocumentBuf>,
    InsertOne<'a>
);

/// Reads the documents that are found, until one is the last to be read.
pub(super) async fn read_each(
    find: Find<'_, RawDocumentBuf>,
    session: &mut Held,
    mut is_last: impl FnMut(&RawDocument) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    match session {
        None => {
            let mut cursor = find.await.map_err(failure)?;
            while cursor.advance().await.map_err(failure)? {
                if is_last(cursor.current())? {
                    break;
                }
            }
        }
        Some(session) => {
            let mut cursor = find.session(&mut **session).await.map_err(failure)?;
            while cursor.advance(session).await.map_err(failure)? {
                if is_last(cursor.current())? {
                    break;
                }
            }
        }
    }
    Ok(())
}
