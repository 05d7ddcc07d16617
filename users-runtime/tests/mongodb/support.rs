//! Databases for tests.

use std::{
    ops::Deref,
    sync::{Arc, mpsc},
};

use mongodb::{
    Client,
    bson::{Document, doc},
    event::{EventHandler, command::CommandEvent},
    options::ClientOptions,
};
use users_runtime::{
    UserModel,
    conformance::{Member, UuidId},
    store::{ColumnValue, MongoStore, OAuthAccount, UserStore},
    value::{Column, Value},
};

use crate::server::{self, Server};
pub(crate) use crate::values::values;

pub(crate) type User = Member<UuidId>;

/// A store on a database of its own.
pub(crate) struct Database<U> {
    store: MongoStore<U>,
    pub(crate) url: String,
    _server: Arc<Server>,
}

impl<U> Deref for Database<U> {
    type Target = MongoStore<U>;

    fn deref(&self) -> &Self::Target {
        &self.store
    }
}

/// The URL of a database that nobody has.
pub(crate) fn new_url(server: &Server) -> String {
    server.url(&format!("test_{}", uuid::Uuid::new_v4().simple()))
}

/// A store on a new database, without indexes.
pub(crate) async fn empty<U: UserModel>() -> Database<U> {
    let server = server::shared().await;
    let url = new_url(&server);
    let store = MongoStore::connect(&url).await.expect("a database");
    Database {
        store,
        url,
        _server: server,
    }
}

/// A store on a new database, with indexes.
pub(crate) async fn migrated<U: UserModel>() -> Database<U> {
    let store = empty().await;
    store.migrate().await.expect("indexes");
    store
}

/// Runs a command that a test brings along.
pub(crate) async fn run<U: UserModel>(store: &MongoStore<U>, command: Document) -> Document {
    store
        .database()
        .run_command(command)
        .await
        .expect("a command that succeeds")
}

/// How many documents a collection has.
pub(crate) async fn count<U: UserModel>(store: &MongoStore<U>, collection: &str) -> u64 {
    store
        .database()
        .collection::<Document>(collection)
        .count_documents(doc! {})
        .await
        .expect("a number")
}

/// The names of a collection's indexes, sorted.
pub(crate) async fn indexes<U: UserModel>(store: &MongoStore<U>, collection: &str) -> Vec<String> {
    let mut names = store
        .database()
        .collection::<Document>(collection)
        .list_index_names()
        .await
        .expect("names");
    names.sort();
    names
}

/// Where a column stands.
pub(crate) fn column(name: &str) -> usize {
    User::COLUMNS
        .iter()
        .position(|column: &Column| column.name == name)
        .expect("a column")
}

/// A text for a column.
pub(crate) fn text(name: &str, value: &str) -> ColumnValue {
    ColumnValue {
        column: column(name),
        value: Value::Text(value.into()),
    }
}

/// Stores a new user.
pub(crate) async fn user<U: UserModel>(store: &MongoStore<U>, email: &str) -> U {
    store.insert(values::<U>(email)).await.expect("a new user")
}

/// A linked account, which is told from others by its names.
pub(crate) fn account<Id>(user_id: Id, oauth_name: &str, account_id: &str) -> OAuthAccount<Id> {
    let [oauth_name, account_id, account_email, access_token] =
        [oauth_name, account_id, "x@y.z", "t"].map(str::to_owned);
    OAuthAccount {
        user_id,
        oauth_name,
        account_id,
        account_email,
        access_token,
        expires_at: None,
        refresh_token: None,
    }
}

/// A store that notes the names of its commands.
pub(crate) async fn watched<U: UserModel>(url: &str) -> (MongoStore<U>, mpsc::Receiver<String>) {
    let (sender, names) = mpsc::channel();
    let mut options = ClientOptions::parse(url).await.expect("a URL");
    options.command_event_handler = Some(EventHandler::callback(move |event| {
        if let CommandEvent::Started(started) = event {
            let _ = sender.send(started.command_name);
        }
    }));
    let client = Client::with_options(options).expect("a client");
    (
        MongoStore::new(client.default_database().expect("a name")),
        names,
    )
}

/// A user with the six fields alone.
pub(crate) fn six(id: &str, email: &str) -> Document {
    let id = mongodb::bson::Uuid::parse_str(id).expect("a UUID");
    doc! { "_id": id, "email": email, "hashed_password": "h", "is_active": true, "is_superuser": false, "is_verified": false }
}

/// Ids of users.
pub(crate) const FIRST: &str = "00000000-0000-4000-8000-000000000001";
pub(crate) const SECOND: &str = "00000000-0000-4000-8000-000000000002";

/// Stores users as another application writes them.
pub(crate) async fn store_documents(store: &Database<User>, documents: Vec<Document>) {
    store
        .database()
        .collection::<Document>("user")
        .insert_many(documents)
        .await
        .expect("documents");
}
