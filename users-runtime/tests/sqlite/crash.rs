//! What was answered survives `kill -9`, and two processes may write at once.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use users_runtime::{UserModel, conformance::UuidId, store::SqliteStore, store::UserStore};

use crate::support::{Folder, User, user};

#[path = "../shared/keeper.rs"]
mod keeper;

use keeper::keep;

const DATABASE: &str = "USERS_TEST_DATABASE";

/// Not a test of its own: what the other test runs in processes that it kills.
#[tokio::test]
#[ignore = "started by the other test"]
async fn registers_until_it_is_killed() {
    let Ok(url) = std::env::var(DATABASE) else {
        return;
    };
    let store = SqliteStore::<User>::connect(&url)
        .await
        .expect("a database");
    store.migrate().await.expect("tables");
    loop {
        let user = user(&store, &format!("{}@example.com", uuid::Uuid::new_v4())).await;
        println!("\nstored {}", user.account().id);
    }
}

fn start(folder: &Folder) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args([
        "--exact",
        "crash::registers_until_it_is_killed",
        "--ignored",
        "--nocapture",
    ]);
    command.env(DATABASE, folder.url());
    keep(&command, "KILL", None)
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process")
}

#[tokio::test]
async fn a_killed_process_loses_no_user_that_was_stored() {
    let folder = Folder::new();
    let mut children = [start(&folder), start(&folder)];
    let mut stored = Vec::new();
    for child in &mut children {
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let ids = lines
            .map_while(Result::ok)
            .filter_map(|line| Some(line.strip_prefix("stored ")?.to_owned()));
        let mut ids = ids.peekable();
        stored.extend(ids.by_ref().take(100));
        child.kill().expect("killed");
        // What it had said before it died, to the last whole line.
        stored.extend(ids.filter(|id| id.len() == 36));
        child.wait().expect("its end");
    }
    assert!(stored.len() >= 200, "{} users", stored.len());
    let store = SqliteStore::<User>::connect(&folder.url())
        .await
        .expect("a database");
    for id in &stored {
        let id = UuidId(id.parse().expect("a UUID"));
        assert!(
            store.find(&id).await.expect("an answer").is_some(),
            "{id} of {} is lost",
            stored.len()
        );
    }
    user(&store, "last@example.com").await;
}
