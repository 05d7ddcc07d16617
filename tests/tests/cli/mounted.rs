//! What the commands do in an application of one's own: its routes, its hooks, its store.

use std::{collections::BTreeSet, io, process::ExitCode};

use http::StatusCode;
use users_runtime::{
    HookError, Hooks, RequestParts, SqliteStore, Users, async_trait, cli,
    hooks::{HookRefusal, RegisteredBy, Registration},
    oauth::{NetworkClient, OAuth, OAuthClient, providers::GitHub},
    store::{ColumnValue, Expected, StoreError, UserStore},
    users::NewUser,
};
use users_tests::{App, Database, PASSWORD, SECRET, User};
use uuid::Uuid;

use crate::program::{command, run_here};

#[tokio::test]
async fn the_printed_routes_are_those_that_are_mounted() {
    let client = OAuthClient::new(
        GitHub::new(),
        NetworkClient::new().expect("a client"),
        "id",
        "secret",
    );
    let app = App::builder()
        .configure(move |builder| builder.oauth(OAuth::new(client), "db"))
        .start()
        .await;
    let said = run_here(&app.users, &["routes"], "").await;
    let printed: BTreeSet<_> = said
        .out
        .lines()
        .map(|line| {
            let mut words = line.split_whitespace().map(str::to_owned);
            (
                words.next().expect("a method"),
                words.next().expect("a path"),
            )
        })
        .collect();
    let line = |words: [&str; 3]| {
        said.out
            .lines()
            .any(|line| line.split_whitespace().eq(words))
    };
    assert!(
        line(["POST", "/auth/db/login", "auth:db.login"]),
        "{said:?}"
    );
    assert!(
        line(["GET", "/auth/github/callback", "oauth:github.db.callback"]),
        "{said:?}"
    );
    // What the router says of itself, which no other interface of axum tells.
    let router = format!("{:?}", app.users.router::<()>());
    let is_path =
        |text: &&str| text.starts_with('/') && *text != "/" && !text.contains("axum_fallback");
    let mounted: BTreeSet<_> = router.split('"').filter(is_path).collect();
    assert_eq!(
        printed
            .iter()
            .map(|(_, path)| path.as_str())
            .collect::<BTreeSet<_>>(),
        mounted
    );
    for path in mounted {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let answer = app
                .client()
                .send(method, &path.replace("{id}", &Uuid::nil().to_string()))
                .await;
            // In the original, too, `DELETE /users/me` is that of `/users/{id}`.
            let is_route = printed.contains(&(method.to_owned(), path.to_owned()))
                || (method, path) == ("DELETE", "/users/me");
            assert_eq!(
                answer.status != 405,
                is_route,
                "{method} {path}: {answer:?}"
            );
            assert_ne!(answer.status, 404, "{method} {path}");
        }
    }
}

/// Hooks that refuse, before or after the fact.
struct Refusing {
    deletions: bool,
}

fn refuse() -> Result<(), HookError> {
    Err("the crate of \u{1b}[31mmails is empty".into())
}

#[async_trait]
impl Hooks<User> for Refusing {
    async fn on_after_register(&self, _: &User, _: Option<&RequestParts>) -> Result<(), HookError> {
        refuse()
    }

    async fn on_after_update(
        &self,
        _: &User,
        _: &users_tests::UserUpdate,
        _: Option<&RequestParts>,
    ) -> Result<(), HookError> {
        refuse()
    }

    async fn on_before_delete(&self, _: &User, _: Option<&RequestParts>) -> Result<(), HookError> {
        if self.deletions { refuse() } else { Ok(()) }
    }

    async fn on_after_delete(&self, _: &User, _: Option<&RequestParts>) -> Result<(), HookError> {
        refuse()
    }
}

#[tokio::test]
async fn a_hook_that_fails_is_told_with_what_has_happened() {
    for deletions in [true, false] {
        let app = App::builder()
            .configure(move |builder| builder.hooks(Refusing { deletions }))
            .start()
            .await;
        let words = [
            "create-superuser",
            "--email",
            "jo@example.com",
            "--password-stdin",
        ];
        let cause = "\nbecause: the crate of \\u{1b}[31mmails is empty\n";
        let told = |what: &str| format!("error[HOOK_FAILED]: a hook failed; {what}{cause}");
        let said = run_here(&app.users, &words, PASSWORD).await;
        assert_eq!((said.status, said.err), (1, told("the user is stored")));
        let said = run_here(&app.users, &["demote", "jo@example.com"], "").await;
        assert_eq!((said.status, said.err), (1, told("the change is stored")));
        let said = run_here(&app.users, &["delete", "jo@example.com", "--yes"], "").await;
        let what = if deletions {
            "the user stays"
        } else {
            "the user is deleted"
        };
        assert_eq!((said.status, said.err), (1, told(what)));
        assert_eq!(
            app.users
                .find_by_email("jo@example.com")
                .await
                .expect("an answer")
                .is_some(),
            deletions
        );
    }
}

/// Hooks that decide who is registered.
struct Deciding;

#[async_trait]
impl Hooks<User> for Deciding {
    async fn before_register(
        &self,
        new: &mut NewUser<User>,
        from: &Registration<'_>,
    ) -> Result<(), HookError> {
        assert_eq!(from.by, RegisteredBy::CommandLine);
        assert!(new.is_superuser(), "what the operator asks for");
        if new.email().starts_with("no") {
            let refusal = HookRefusal::new(StatusCode::FORBIDDEN, "NOT_HERE");
            return Err(refusal.into());
        }
        Ok(new.set(User::POINTS, 5)?)
    }
}

#[tokio::test]
async fn before_register_decides_on_the_command_line_too() {
    let app = App::builder()
        .configure(|builder| builder.hooks(Deciding))
        .start()
        .await;
    let command = async |email| {
        run_here(
            &app.users,
            &["create-superuser", "--email", email, "--password-stdin"],
            PASSWORD,
        )
        .await
    };
    let said = command("no@example.com").await;
    let told = "error[HOOK_REFUSED]: a hook refused\nbecause: NOT_HERE (403 Forbidden)\n";
    assert_eq!((said.status, &*said.err), (1, told));
    let found = app.users.find_by_email("no@example.com").await;
    assert!(found.expect("an answer").is_none());
    assert_eq!(command("jo@example.com").await.status, 0);
    let found = app.users.find_by_email("jo@example.com").await;
    assert_eq!(found.expect("an answer").expect("the user").points, 5);
}

/// A store that only does what every store must.
struct Plain(SqliteStore<User>);

#[async_trait]
impl UserStore<User> for Plain {
    async fn find(&self, id: &Uuid) -> Result<Option<User>, StoreError> {
        self.0.find(id).await
    }

    async fn find_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        self.0.find_by_email(email).await
    }

    async fn insert(&self, values: Vec<ColumnValue>) -> Result<User, StoreError> {
        self.0.insert(values).await
    }

    async fn update(
        &self,
        id: &Uuid,
        changes: Vec<ColumnValue>,
        expected: Option<Expected<'_>>,
    ) -> Result<User, StoreError> {
        self.0.update(id, changes, expected).await
    }

    async fn delete(&self, id: &Uuid) -> Result<(), StoreError> {
        self.0.delete(id).await
    }
}

#[tokio::test]
async fn a_store_that_cannot_answer_is_no_obstacle_for_the_rest() {
    let database = Database::new();
    let store = Plain(database.store().await);
    let strategy = users_runtime::DatabaseStrategy::new(database.store::<User>().await);
    let users = Users::builder(store, SECRET)
        .strategy("db", strategy)
        .build()
        .expect("a sound configuration");
    let words = [
        "create-superuser",
        "--email",
        "jo@example.com",
        "--password-stdin",
    ];
    assert_eq!(run_here(&users, &words, PASSWORD).await.status, 0);
    for words in [
        &["show", "jo@example.com"][..],
        &["demote", "jo@example.com"],
        &["routes"],
    ] {
        let said = run_here(&users, words, "").await;
        assert_eq!((said.status, said.err.as_str()), (0, ""), "{words:?}");
    }
    for command in ["list", "doctor", "schema", "migration"] {
        run_here(&users, &[command], "")
            .await
            .assert_refused("NO_ADMINISTRATION");
    }
    run_here(&users, &["purge-tokens", "--older-than", "1h"], "")
        .await
        .assert_refused("NO_ACCESS_TOKENS");
}

#[tokio::test]
async fn fields_of_ones_own_are_set_with_an_administrators_rights() {
    let app = App::start().await;
    let make = async |fields: &[&str]| {
        let words = [
            &[
                "create-superuser",
                "--email",
                "jo@example.com",
                "--password-stdin",
            ],
            fields,
        ]
        .concat();
        run_here(&app.users, &words, PASSWORD).await
    };
    // Text that looks like JSON, an empty one, and one with an equals sign in it.
    let said = make(&["--field", "note=true", "--field", "first_name=a=b"]).await;
    assert_eq!(said.status, 0, "{said:?}");
    let jo = app.stored("jo@example.com").await;
    assert_eq!(
        (jo.note.as_deref(), jo.first_name.as_deref()),
        (Some("true"), Some("a=b"))
    );
    app.users.delete(&jo, None).await.expect("a deletion");
    assert_eq!(
        make(&["--field", "note=null", "--field", "first_name=\"null\""])
            .await
            .status,
        0
    );
    let jo = app.stored("jo@example.com").await;
    assert_eq!(
        (jo.note.as_deref(), jo.first_name.as_deref()),
        (None, Some("null"))
    );
    app.users.delete(&jo, None).await.expect("a deletion");
    make(&["--field", "points=7"])
        .await
        .assert_refused("UNKNOWN_FIELD");
}

/// Standard output that takes nothing.
struct Full(io::ErrorKind);

impl io::Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_reader_who_leaves_is_no_error_but_a_full_disk_is() {
    let app = App::start().await;
    let endings = [
        (io::ErrorKind::BrokenPipe, ExitCode::SUCCESS, ""),
        (
            io::ErrorKind::StorageFull,
            ExitCode::FAILURE,
            "INPUT_OUTPUT",
        ),
    ];
    for (kind, expected, code) in endings {
        let users = app.users.clone();
        // In a task of its own, as an application may run it.
        let task = async move {
            let mut err = Vec::new();
            let ended = command(&["routes"])
                .run(&users, &mut cli::Io::new(io::empty(), Full(kind), &mut err))
                .await;
            (ended, String::from_utf8(err).expect("text"))
        };
        let (ended, complaint) = tokio::spawn(task).await.expect("no panic");
        assert_eq!(format!("{ended:?}"), format!("{expected:?}"));
        assert!(
            complaint.contains(code) && complaint.is_empty() == code.is_empty(),
            "{complaint}"
        );
    }
}

#[tokio::test]
async fn the_applications_special_use_domains_hold_for_the_commands() {
    let app = App::builder()
        .configure(|builder| builder.allow_special_use_domains(["local"]))
        .start()
        .await;
    let words = |email| ["create-superuser", "--email", email, "--password-stdin"];
    let said = run_here(&app.users, &words("Jo <jo@corp.local>"), PASSWORD).await;
    assert_eq!(said.status, 0, "{said:?}");
    let said = run_here(&app.users, &["show", "jo@CORP.local"], "").await;
    assert!(said.out.contains("email: jo@corp.local"), "{said:?}");
    let said = run_here(&app.users, &words("jo@corp.test"), PASSWORD).await;
    assert!(said.err.contains("special-use"), "{said:?}");
}
