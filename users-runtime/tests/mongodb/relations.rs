//! Relations of users as computed fields, with one command for a list.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use mongodb::{
    bson::{Bson, Document, doc, oid::ObjectId},
    error::Result,
};
use serde_json::{Value, json};
use users_runtime::{PasswordHash, UserModel, Users, store::UserSearch, value::Viewer};

use crate::support::migrated;

#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "employee",
    computed(
        organisation: Option<OrganisationRead> = async Database::organisations,
        items: Vec<ItemRead> = async Database::items,
    ),
    backend(name = "db", transport = bearer, strategy = database)
)]
struct Employee {
    id: ObjectId,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(access = read_only)]
    organisation_id: Option<i64>,
}

#[derive(Clone, Debug, serde::Serialize)]
struct OrganisationRead {
    id: i64,
    name: String,
}

#[derive(Clone, Debug, serde::Serialize)]
struct ItemRead {
    title: String,
}

/// What the functions get: a database, and how many commands they have run.
#[derive(Clone)]
struct Database {
    database: mongodb::Database,
    commands: Arc<AtomicUsize>,
}

impl Database {
    async fn found(&self, collection: &str, filter: Document) -> Result<Vec<Document>> {
        self.commands.fetch_add(1, Ordering::Relaxed);
        let collection = self.database.collection::<Document>(collection);
        let mut cursor = collection.find(filter).sort(doc! { "title": 1 }).await?;
        let mut found = Vec::new();
        while cursor.advance().await? {
            found.push(cursor.deserialize_current()?);
        }
        Ok(found)
    }

    async fn organisations(&self, employees: &[Employee]) -> Result<Vec<Option<OrganisationRead>>> {
        let ids = employees
            .iter()
            .filter_map(|employee| employee.organisation_id);
        let these = doc! { "_id": { "$in": ids.collect::<Vec<_>>() } };
        let found = self.found("organisation", these).await?;
        let of = |employee: &Employee| {
            let id = employee.organisation_id?;
            let stored = found
                .iter()
                .find(|stored| stored.get("_id") == Some(&Bson::Int64(id)))?;
            let name = stored.get_str("name").ok()?.to_owned();
            Some(OrganisationRead { id, name })
        };
        Ok(employees.iter().map(of).collect())
    }

    async fn items(&self, employees: &[Employee]) -> Result<Vec<Vec<ItemRead>>> {
        let owners: Vec<ObjectId> = employees.iter().map(|employee| employee.id).collect();
        let found = self
            .found("item", doc! { "owner": { "$in": owners } })
            .await?;
        let mut items = HashMap::<_, Vec<_>>::new();
        for item in found {
            let (Some(Bson::ObjectId(owner)), Ok(title)) =
                (item.get("owner"), item.get_str("title"))
            else {
                continue;
            };
            let title = title.to_owned();
            items.entry(*owner).or_default().push(ItemRead { title });
        }
        let of = |employee: &Employee| items.remove(&employee.id).unwrap_or_default();
        Ok(employees.iter().map(of).collect())
    }
}

#[tokio::test]
async fn relations_of_a_list_cost_one_command_each() {
    let store = migrated::<Employee>().await;
    let database = Database {
        database: store.database().clone(),
        commands: Arc::default(),
    };
    let users = Users::builder(
        Clone::clone(&*store),
        "a secret of the tests, long enough for HS256",
    );
    let users = users.state(database.clone()).build();
    let users: Users<Employee> = users.expect("a sound configuration");
    let mut employees = Vec::new();
    for name in ["ada", "bob", "cy"] {
        let sent = json!({ "email": format!("{name}@example.com"), "password": "battery staple" });
        let create = serde_json::from_value(sent).expect("a registration");
        employees.push(users.create(create, None).await.expect("a new user"));
    }
    let insert = async |collection: &str, document: Document| {
        let collection = store.database().collection::<Document>(collection);
        collection.insert_one(document).await.expect("a document");
    };
    insert("organisation", doc! { "_id": 7_i64, "name": "ACME" }).await;
    for (owner, title) in [(0, "pen"), (1, "cup"), (0, "ink")] {
        insert(
            "item",
            doc! { "owner": employees[owner].id, "title": title },
        )
        .await;
    }
    let joined = users.set(&employees[0], Employee::ORGANISATION_ID, 7).await;
    let ada = joined.expect("the user");
    assert_eq!(database.commands.swap(0, Ordering::Relaxed), 0);

    let shown = users.show(&ada, Viewer::Owner).await.expect("a user");
    let organisation = json!({ "id": 7, "name": "ACME" });
    let items = json!([{ "title": "ink" }, { "title": "pen" }]);
    let relations = |user: &EmployeeRead| -> Value {
        let user = serde_json::to_value(user).expect("JSON");
        json!([user["organisation"], user["items"]])
    };
    assert_eq!(relations(&shown), json!([organisation, items]));
    assert_eq!(database.commands.swap(0, Ordering::Relaxed), 2);

    let found = users.search(&UserSearch::new()).await.expect("a list");
    let listed = users.show_all(&found, Viewer::Owner).await.expect("a list");
    let listed: Value = listed.iter().map(relations).collect();
    let expected = json!([
        [organisation, items],
        [null, [{ "title": "cup" }]],
        [null, []],
    ]);
    assert_eq!(listed, expected);
    assert_eq!(database.commands.swap(0, Ordering::Relaxed), 2);
}
