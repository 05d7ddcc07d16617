//! Look-ups use indexes: the server's own plans of the commands that the store has sent.

use std::sync::{Arc, Mutex};

use mongodb::{
    Client,
    bson::{Document, doc},
    event::{EventHandler, command::CommandEvent},
    options::ClientOptions,
};
use users_runtime::{
    UserModel,
    store::{AccessToken, AccessTokenStore, MongoStore, UserStore},
};

use crate::support::{User, migrated, user, values};

/// What a command has that its plan depends on.
const ASKED: [&str; 9] = [
    "find",
    "filter",
    "collation",
    "findAndModify",
    "query",
    "update",
    "remove",
    "delete",
    "deletes",
];

/// A store whose commands are written down.
async fn watched(url: &str) -> (MongoStore<User>, Arc<Mutex<Vec<Document>>>) {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let mut options = ClientOptions::parse(url).await.expect("a URL");
    let record = Arc::clone(&sent);
    options.command_event_handler = Some(EventHandler::callback(move |event| {
        if let CommandEvent::Started(started) = event {
            let asked = started
                .command
                .into_iter()
                .filter(|(name, _)| ASKED.contains(&name.as_str()));
            record
                .lock()
                .expect("the list")
                .push(asked.collect::<Document>());
        }
    }));
    let client = Client::with_options(options).expect("a client");
    (
        MongoStore::new(client.default_database().expect("a name")),
        sent,
    )
}

#[tokio::test]
async fn every_look_up_searches_an_index() {
    let database = migrated::<User>().await;
    for number in 0..50 {
        user(&database, &format!("User{number}@example.com")).await;
    }
    let (store, sent) = watched(&database.url).await;
    let ada = store
        .insert(values::<User>("ada@example.com"))
        .await
        .expect("a new user");
    let id = ada.account().id;
    store
        .find_by_email("USER7@example.com")
        .await
        .expect("an answer")
        .expect("a user");
    store.find(id).await.expect("an answer").expect("a user");
    let token = AccessToken {
        token: "t".into(),
        user_id: id.clone(),
        created_at: chrono::Utc::now(),
    };
    store.insert_token(token).await.expect("a token");
    store
        .find_token(&["t"])
        .await
        .expect("an answer")
        .expect("the token");
    store
        .find_token(&["t", "u"])
        .await
        .expect("an answer")
        .expect("the token");
    let commands = std::mem::take(&mut *sent.lock().expect("the list"));
    let mut indexes = Vec::new();
    for command in commands
        .into_iter()
        .filter(|command| command.contains_key("find"))
    {
        let plan = database
            .database()
            .run_command(doc! { "explain": command.clone(), "verbosity": "queryPlanner" })
            .await;
        let plan = plan
            .expect("a plan")
            .get_document("queryPlanner")
            .expect("a plan")
            .get_document("winningPlan")
            .cloned();
        indexes.push(
            index(&plan.expect("a plan"))
                .unwrap_or_else(|| panic!("{command} searches everything")),
        );
    }
    assert_eq!(
        indexes,
        ["case_insensitive_email_index", "_id_", "token_1", "token_1"]
    );
}

/// The index that a plan uses.
fn index(plan: &Document) -> Option<String> {
    if matches!(plan.get_str("stage"), Ok("IDHACK" | "EXPRESS_IXSCAN")) {
        return Some("_id_".to_owned());
    }
    match plan.get_str("indexName") {
        Ok(name) => Some(name.to_owned()),
        Err(_) => index(plan.get_document("inputStage").ok()?),
    }
}
