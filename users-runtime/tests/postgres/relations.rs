//! Relations of users as computed fields, with one statement for a list.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use sqlx::PgPool;
use users_runtime::{PasswordHash, UserModel, Users, store::UserSearch, value::Viewer};
use uuid::Uuid;

use crate::support::{migrated, run};

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
    id: Uuid,
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

/// What the functions get: a pool, and how many statements they have run.
#[derive(Clone)]
struct Database {
    pool: PgPool,
    statements: Arc<AtomicUsize>,
}

const TABLES: &str = "
    CREATE TABLE organisation (id BIGINT PRIMARY KEY, name TEXT NOT NULL);
    INSERT INTO organisation VALUES (7, 'ACME');
    CREATE TABLE item (owner UUID NOT NULL REFERENCES employee (id) ON DELETE CASCADE, title TEXT NOT NULL);
";

fn ids(employees: &[Employee]) -> Vec<Uuid> {
    employees.iter().map(|employee| employee.id).collect()
}

impl Database {
    /// With a join.
    async fn organisations(
        &self,
        employees: &[Employee],
    ) -> Result<Vec<Option<OrganisationRead>>, sqlx::Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let found: Vec<(Uuid, i64, String)> = sqlx::query_as(
            "SELECT e.id, o.id, o.name FROM employee e JOIN organisation o ON o.id = e.organisation_id \
             WHERE e.id = ANY($1)",
        )
        .bind(ids(employees))
        .fetch_all(&self.pool)
        .await?;
        let of = |employee: &Employee| {
            let (_, id, name) = found.iter().find(|(owner, ..)| *owner == employee.id)?;
            let (id, name) = (*id, name.clone());
            Some(OrganisationRead { id, name })
        };
        Ok(employees.iter().map(of).collect())
    }

    async fn items(&self, employees: &[Employee]) -> Result<Vec<Vec<ItemRead>>, sqlx::Error> {
        self.statements.fetch_add(1, Ordering::Relaxed);
        let found: Vec<(Uuid, String)> =
            sqlx::query_as("SELECT owner, title FROM item WHERE owner = ANY($1) ORDER BY title")
                .bind(ids(employees))
                .fetch_all(&self.pool)
                .await?;
        let mut items = HashMap::<_, Vec<_>>::new();
        for (owner, title) in found {
            items.entry(owner).or_default().push(ItemRead { title });
        }
        let of = |employee: &Employee| items.remove(&employee.id).unwrap_or_default();
        Ok(employees.iter().map(of).collect())
    }
}

#[tokio::test]
async fn relations_of_a_list_cost_one_statement_each() {
    let store = migrated::<Employee>().await;
    run(&store, TABLES).await;
    let database = Database {
        pool: store.pool().clone(),
        statements: Arc::default(),
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
    for (owner, title) in [(0, "pen"), (1, "cup"), (0, "ink")] {
        let insert = sqlx::query("INSERT INTO item VALUES ($1, $2)");
        let insert = insert.bind(employees[owner].id).bind(title);
        insert.execute(store.pool()).await.expect("an item");
    }
    let joined = users.set(&employees[0], Employee::ORGANISATION_ID, 7).await;
    let ada = joined.expect("the user");
    assert_eq!(database.statements.swap(0, Ordering::Relaxed), 0);

    let shown = users.show(&ada, Viewer::Owner).await.expect("a user");
    let organisation = json!({ "id": 7, "name": "ACME" });
    let items = json!([{ "title": "ink" }, { "title": "pen" }]);
    let relations = |user: &EmployeeRead| -> Value {
        let user = serde_json::to_value(user).expect("JSON");
        json!([user["organisation"], user["items"]])
    };
    assert_eq!(relations(&shown), json!([organisation, items]));
    assert_eq!(database.statements.swap(0, Ordering::Relaxed), 2);

    let found = users.search(&UserSearch::new()).await.expect("a list");
    let listed = users.show_all(&found, Viewer::Owner).await.expect("a list");
    let listed: Value = listed.iter().map(relations).collect();
    let expected = json!([
        [organisation, items],
        [null, [{ "title": "cup" }]],
        [null, []],
    ]);
    assert_eq!(listed, expected);
    assert_eq!(database.statements.swap(0, Ordering::Relaxed), 2);
}
