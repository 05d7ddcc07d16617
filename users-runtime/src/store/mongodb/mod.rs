//! The store on MongoDB.

mod account_index;
mod accounts;
mod administration;
mod assigned;
mod connect;
mod delete;
mod doctor;
mod documents;
mod expected;
mod failure;
mod fields;
mod indexes;
mod json;
mod limits;
mod migrate;
mod namesakes;
mod pending;
mod records;
mod search;
mod shell;
mod tokens;
mod transactions;
mod unique_indexes;
mod users;
mod values;

use std::{fmt, marker::PhantomData};

use mongodb::{
    Collection, Database,
    bson::{Bson, RawDocumentBuf},
    options::{CollectionOptions, ReadPreference, SelectionCriteria},
};

use self::documents::Documents;
use super::{StoreError, check_value, tables::Tables};
use crate::{model::UserModel, store::records::Table, value::Field};

/// Users, access tokens and OAuth accounts in a MongoDB database, laid out as FastAPI Users' Beanie adapter does.
///
/// ```no_run
/// # use users_runtime::{UserModel, store::{SchemaError, MongoStore}};
/// # async fn example<User: UserModel>() -> Result<(), SchemaError> {
/// let store = MongoStore::<User>::connect("mongodb://localhost/app").await?;
/// store.migrate().await?;
/// # Ok(())
/// # }
/// ```
///
/// The users are in the collection that the struct names (Beanie's is called `User`, after the class), with the id as `_id` and
/// the OAuth accounts in an array `oauth_accounts`; the access tokens are in `AccessToken`. A database of the original is served
/// as it is. [`migrate`](Self::migrate) adds the indexes that it lacks.
///
/// # E-mail addresses
///
/// They are unique by Beanie's index of collation `en` with strength 2, with which a look-up costs the same however many users
/// there are. That collation takes more for equal than case: `ß` for `ss`, wide letters for narrow ones. Two such addresses are
/// not both stored, but a look-up of the one does not find the other.
///
/// # Ids
///
/// [`ObjectId`](mongodb::bson::oid::ObjectId) (Beanie's), `Uuid` and `String` are made by the application. MongoDB assigns no
/// numbers, so that `i64` and `i32` come from a document of the collection `counters`, which counts up and never back; it begins
/// above what is stored.
///
/// # Values
///
/// They have the types that Pydantic's values get: a `Uuid` is binary of subtype 4, instants and dates are BSON's, JSON is
/// documents, arrays and plain values. **BSON's instants have milliseconds**: what is finer is cut off, in users as in access
/// tokens, as the original does. A time of day, which the original cannot store, is a text like `23:59:59.999999`. A field that
/// a document lacks has the column's default or is `None`. Fields that the struct does not know are left as they are.
///
/// # Declared tables
///
/// Each table that [`Config::tables`](crate::model::Config::tables) lists is a collection of its name, whose documents have the
/// primary key as `_id` and `null` where SQL has `NULL`; a field that a document lacks is read as `null`. A row is changed
/// atomically. Several rows are changed or deleted one after the other, so that a failure can leave some of them as they were.
///
/// # Searching
///
/// Users come in the order of the index's collation, which its look-up of a cursor shares. Ids that are texts are compared in it,
/// too: where two users have one address, because the index was dropped, and ids that differ only in case, a portion that ends
/// with the one leaves out the other.
///
/// # Deleting a user
///
/// The user, their tokens and their rows of declared tables are deleted in one transaction. A server without transactions (one that is
/// no member of a replica set) deletes the tokens and rows first, then the user: a deletion that failed in between leaves a user
/// without tokens, and can be repeated. In both cases, tokens and rows that are inserted during the deletion are deleted after the
/// user. Whatever fails, no token of a deleted user opens anything.
///
/// # Transactions of the application
///
/// [`Users::within`](crate::Users::within) takes a [`ClientSession`](mongodb::ClientSession) of the same client on which a transaction
/// was started. Users are read, stored, changed and deleted in it; ids that are numbers are counted outside of it, so that registrations
/// do not wait for each other. It needs a replica set or a sharded cluster.
///
/// MongoDB aborts a transaction that changes what another one has changed: the operation fails with
/// [`Unavailable`](StoreError::Unavailable), and the whole transaction can be repeated. It also aborts one in which a unique index is
/// violated ([`Conflict`](StoreError::Conflict)): later operations and the commit fail. Servers before 4.4 create no collection within a
/// transaction; [`migrate`](Self::migrate) creates those of the store.
///
/// # Reading
///
/// Everything is read from the primary, whatever the URL says: a token that was revoked is not to be found on a secondary that
/// lags behind. Write and read concerns are those of the database or the URL.
pub struct MongoStore<U> {
    database: Database,
    names: Names,
    /// The application's transaction on which users are read and written.
    within: Option<transactions::Shared>,
    user: PhantomData<fn() -> U>,
}

/// The names of the collections beside the users' own.
#[derive(Clone, Debug)]
struct Names {
    tokens: String,
    counters: String,
    /// What stands before the names of declared tables.
    prefix: String,
}

impl Names {
    /// A declared table's name in the database.
    fn declared(&self, table: &Table) -> String {
        format!("{}{}", self.prefix, table.name)
    }
}

impl<U: UserModel> MongoStore<U> {
    /// A store on a database of the application's own client.
    ///
    /// How long a request waits for a server is the client's matter: 30 seconds where nothing is said, 5 with
    /// [`connect`](Self::connect).
    pub fn new(database: Database) -> Self {
        let names = Names {
            tokens: "AccessToken".into(),
            counters: "counters".into(),
            prefix: String::new(),
        };
        Self {
            database,
            names,
            within: None,
            user: PhantomData,
        }
    }

    /// Connects to the database that the URL's path names, e.g. `mongodb://USER:PASSWORD@HOST:PORT/DATABASE?authSource=admin`.
    ///
    /// While the server is away, a request waits up to 5 seconds for it to come back, unless the URL has a
    /// `serverSelectionTimeoutMS`, and then fails with [`Unavailable`](StoreError::Unavailable). A URL with `mongodb+srv` needs
    /// the feature `dns-resolver` of the crate `mongodb`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] when the server does not answer, [`StoreError::Database`] when the URL is invalid or names no
    /// database, or the server refuses it.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        connect::connect(url).await.map(Self::new)
    }

    /// Keeps access tokens in a collection of this name instead of `AccessToken`; needed where one database has several user
    /// types.
    #[must_use]
    pub fn access_token_collection(mut self, name: impl Into<String>) -> Self {
        self.names.tokens = name.into();
        self
    }

    /// Counts ids that are numbers in a collection of this name instead of `counters`.
    #[must_use]
    pub fn counter_collection(mut self, name: impl Into<String>) -> Self {
        self.names.counters = name.into();
        self
    }

    /// Puts a prefix before the names of the tables that [`Config::tables`](crate::model::Config::tables) lists; needed where one
    /// database has several user types, e.g. `"staff_"` for `staff_auth_session`.
    ///
    /// It is not put before the names of the users' collection, of the access tokens' and of the counters'.
    #[must_use]
    pub fn table_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.names.prefix = prefix.into();
        self
    }

    /// The database, e.g. for the application's own collections.
    pub fn database(&self) -> &Database {
        &self.database
    }

    // Of raw documents: what reads others takes `{"$oid": …}` in a user's JSON for an id.
    fn users(&self) -> Collection<RawDocumentBuf> {
        self.collection(U::TABLE)
    }

    fn tokens(&self) -> Collection<RawDocumentBuf> {
        self.collection(&self.names.tokens)
    }

    fn counters(&self) -> Collection<RawDocumentBuf> {
        self.collection(&self.names.counters)
    }

    fn collection(&self, name: &str) -> Collection<RawDocumentBuf> {
        let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
        self.database.collection_with_options(
            name,
            CollectionOptions::builder()
                .selection_criteria(primary)
                .build(),
        )
    }

    /// The id as it is stored; `None` for one that no document can have.
    fn id(id: &U::Id) -> Option<Bson> {
        let value = id.to_value();
        check_value(&Tables::<U>::ID, &value, true).ok()?;
        values::bson(&Tables::<U>::ID, value).ok()
    }
}

impl<U> Clone for MongoStore<U> {
    fn clone(&self) -> Self {
        Self {
            database: self.database.clone(),
            names: self.names.clone(),
            within: self.within.clone(),
            user: PhantomData,
        }
    }
}

impl<U> fmt::Debug for MongoStore<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MongoStore")
            .field("database", &self.database.name())
            .field("collections", &self.names)
            .finish_non_exhaustive()
    }
}
