//! Examining a live database.

use mongodb::bson::{Binary, Bson, Document, Uuid, doc, oid::ObjectId, spec::BinarySubtype};
use users_runtime::{
    conformance::{BigId, Member},
    store::{Administration as _, Expectations, Finding, MongoStore, Severity, UserSearch},
};

use crate::support::{User, migrated, run, user, watched};

/// A hash as it is written today.
const HASH: &str = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
const BCRYPT: &str = "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpK";

/// What makes a problem, and what is found then.
struct Case {
    code: &'static str,
    severity: Severity,
    commands: Vec<Document>,
    count: u64,
    ids: Vec<String>,
    says: &'static str,
}

impl Case {
    fn new(code: &'static str, severity: Severity, commands: Vec<Document>) -> Self {
        Self {
            code,
            severity,
            commands,
            count: 1,
            ids: vec![text(1)],
            says: "",
        }
    }

    fn ids(self, count: u64, numbers: impl IntoIterator<Item = u32>) -> Self {
        Self {
            count,
            ids: numbers.into_iter().map(text).collect(),
            ..self
        }
    }

    fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }

    /// What the system expects of the rows.
    fn expected(&self) -> Expectations {
        Expectations::new().hashed_tokens(self.code == "clear_access_tokens")
    }

    /// Fails unless this problem, and nothing else but what it brings along, was found.
    fn judge(&self, findings: &[Finding]) {
        let code = self.code;
        let shown = findings
            .iter()
            .map(Finding::to_string)
            .collect::<Vec<_>>()
            .join("\n");
        let brings_along = |other: &str| {
            matches!(
                (code, other),
                ("duplicate_emails", "missing_email_index")
                    | ("duplicate_links", "missing_account_index")
                    | ("missing_column", "unreadable_hashes" | "unreadable_users")
                    | ("wrong_type", "orphans")
            )
        };
        let (mine, others): (Vec<_>, Vec<_>) =
            findings.iter().partition(|finding| finding.code() == code);
        assert!(
            others.iter().all(|finding| brings_along(finding.code())),
            "{code}: {shown}"
        );
        let [finding] = mine[..] else {
            panic!("{code}: {shown}")
        };
        assert_eq!(
            (finding.severity(), finding.count, &finding.ids),
            (self.severity, self.count, &self.ids),
            "{code}"
        );
        assert!(shown.contains(self.says), "{code}: {shown}");
        for secret in ["example.com", "argon2id$", "$2b$", "$6$", "token-"] {
            assert!(
                !format!("{shown}{findings:?}").contains(secret),
                "{code}: {shown}"
            );
        }
    }
}

fn text(number: u32) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn id(number: u32) -> Bson {
    Uuid::parse_str(text(number)).expect("a UUID").into()
}

/// An active user who has nothing wrong, but for what is given.
fn document(number: u32, email: &str, more: Document) -> Document {
    let mut user =
        doc! { "_id": id(number), "email": email, "hashed_password": HASH, "is_active": true };
    user.extend(doc! { "is_superuser": false, "is_verified": false, "plan": "free" });
    user.extend(more);
    user
}

fn insert(collection: &str, documents: Vec<Document>) -> Document {
    doc! { "insert": collection, "documents": documents }
}

/// The command that stores such a user with the id 1.
fn ada(more: Document) -> Vec<Document> {
    vec![insert("user", vec![document(1, "ada@example.com", more)])]
}

fn token(token: &str, user: u32) -> Document {
    doc! { "token": token, "created_at": mongodb::bson::DateTime::now(), "user_id": id(user) }
}

fn link(own: u8, account_id: &str) -> Document {
    doc! {
        "id": ObjectId::from_bytes([own; 12]), "oauth_name": "google", "access_token": "token-of-google", "account_id": account_id,
        "account_email": "x@example.com", "expires_at": null, "refresh_token": null,
    }
}

fn drop_index(collection: &str, index: &str) -> Document {
    doc! { "dropIndexes": collection, "index": index }
}

/// Users, tokens and links that have nothing wrong.
fn healthy() -> Vec<Document> {
    let admin = doc! { "is_superuser": true, "is_verified": true };
    let linked = doc! { "oauth_accounts": [link(91, "8"), link(92, "9")] };
    let mut without_flags = document(9003, "gone@example.com", doc! {});
    without_flags.remove("is_superuser");
    vec![
        insert(
            "user",
            vec![
                document(9001, "admin@example.com", admin),
                document(9002, "Linked@example.com", linked),
                without_flags,
            ],
        ),
        insert(
            "AccessToken",
            vec![token("$token-9001", 9001), token("$token-9002", 9002)],
        ),
    ]
}

/// Every problem that a collection can have, one at a time.
fn cases() -> Vec<Case> {
    let linked = |own, account| doc! { "oauth_accounts": [link(own, account)] };
    let twice = vec![
        drop_index("user", "oauth_account_index"),
        insert(
            "user",
            vec![
                document(1, "a@example.com", linked(5, "1")),
                document(2, "b@example.com", linked(6, "1")),
            ],
        ),
    ];
    let namesakes = vec![
        drop_index("user", "case_insensitive_email_index"),
        insert(
            "user",
            vec![
                document(2, "ADA@example.com", doc! {}),
                document(1, "ada@example.com", doc! {}),
            ],
        ),
    ];
    let mut cases = vec![
        Case::new("duplicate_emails", Severity::Error, namesakes)
            .ids(1, [1, 2])
            .says("until each is left once"),
        Case {
            ids: vec!["05".repeat(12), "06".repeat(12)],
            ..Case::new("duplicate_links", Severity::Error, twice).says("`user.oauth_accounts`")
        },
        Case::new(
            "orphans",
            Severity::Warning,
            vec![insert(
                "AccessToken",
                vec![token("token-1", 8), token("token-2", 8)],
            )],
        )
        .ids(2, [8])
        .says("rows of `AccessToken` whose user is gone: 2"),
        Case::new("clear_access_tokens", Severity::Warning, {
            let tokens = ["token-1", "token-2", "$token-3", "-token-4", "#token-5"];
            let mut commands = ada(doc! {});
            let tokens = tokens.iter().map(|text| token(text, 1)).collect();
            commands.push(insert("AccessToken", tokens));
            commands
        })
        .ids(4, [1])
        .says("are stored in clear although new ones are stored as hashes: 4"),
        Case::new("inactive_superusers", Severity::Info, {
            ada(doc! { "is_active": false, "is_superuser": true, "is_verified": true })
        }),
        Case::new(
            "unverified_superusers",
            Severity::Info,
            ada(doc! { "is_superuser": true }),
        ),
    ];
    cases.extend(of_users());
    cases.extend(of_collections());
    cases
}

fn of_users() -> Vec<Case> {
    let hashed = |hash: &str| ada(doc! { "hashed_password": hash });
    let old = |number| {
        document(
            number,
            &format!("user{number}@example.com"),
            doc! { "hashed_password": BCRYPT },
        )
    };
    let named = |email: &str| vec![insert("user", vec![document(1, email, doc! {})])];
    vec![
        Case::new(
            "unreadable_hashes",
            Severity::Warning,
            hashed("$6$salt$hash"),
        )
        .says("(sha512-crypt): 1;"),
        Case::new("unreadable_hashes", Severity::Warning, hashed("plain text"))
            .says("(unknown): 1;"),
        Case::new(
            "costly_hashes",
            Severity::Warning,
            hashed(&BCRYPT.replace("$04$", "$31$")),
        )
        .says("(bcrypt): 1;"),
        Case::new(
            "outdated_hashes",
            Severity::Info,
            hashed(&HASH.replace("t=3", "t=2")),
        )
        .says("(argon2id): 1;"),
        // More than the server sends at once.
        Case::new(
            "outdated_hashes",
            Severity::Info,
            vec![insert("user", (1..=1100).rev().map(old).collect())],
        )
        .ids(1100, 1..=10)
        .says("(bcrypt): 1100;"),
        Case::new("refused_emails", Severity::Warning, named("root@localhost")),
        Case::new("refused_emails", Severity::Warning, named("")),
        Case::new(
            "other_email_forms",
            Severity::Info,
            named("ada@Example.COM"),
        ),
    ]
}

fn of_collections() -> Vec<Case> {
    let case = |code, commands| Case::new(code, Severity::Error, commands).ids(1, []);
    let mut without_hash = document(1, "ada@example.com", doc! {});
    without_hash.remove("hashed_password");
    let mut of_nobody = token("token-1", 1);
    of_nobody.insert("user_id", text(1));
    let legacy = Binary {
        subtype: BinarySubtype::UuidOld,
        bytes: vec![7; 16],
    };
    vec![
        case("missing_email_index", vec![drop_index("user", "case_insensitive_email_index")])
            .says("createIndex({ \"email\": 1 }"),
        case("missing_index", vec![drop_index("AccessToken", "token_1")]).says("`AccessToken` has no unique index on `token`"),
        Case { severity: Severity::Warning, ..case("missing_account_index", vec![drop_index("user", "oauth_account_index")]) }
            .says("or run `db.getCollection(\"user\").createIndex({ \"oauth_accounts.oauth_name\": 1"),
        case("wrong_type", vec![insert("AccessToken", vec![of_nobody])])
            .says("`AccessToken.user_id` is string where the field needs binData; delete these access tokens"),
        case("missing_column", vec![insert("user", vec![without_hash])]).says("no column `hashed_password`"),
        case("wrong_type", ada(doc! { "nickname": 7 })).says("`user.nickname` is int where the field needs string"),
        case("wrong_type", ada(doc! { "medium": 1.5 })).says("`user.medium` is a number with a fraction"),
        case("wrong_type", ada(doc! { "tenant": legacy })).says("`uuidRepresentation`"),
        case("nullable_column", ada(doc! { "plan": null })).says("`user.plan`"),
    ]
}

async fn run_all(store: &MongoStore<User>, commands: &[Document]) {
    for command in commands {
        let answer = run(store, command.clone()).await;
        assert!(!answer.contains_key("writeErrors"), "{answer}");
    }
}

#[tokio::test]
async fn nothing_is_found_where_nothing_is_wrong() {
    let store = migrated::<User>().await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
    run_all(&store, &healthy()).await;
    assert_eq!(store.doctor().await.expect("an answer"), []);
}

#[tokio::test]
async fn every_problem_is_found() {
    for case in cases() {
        let store = migrated::<User>().await;
        run_all(&store, &healthy()).await;
        run_all(&store, &case.commands).await;
        let findings = store.examine(&case.expected()).await;
        case.judge(&findings.expect("an answer"));
    }
}

#[tokio::test]
async fn numbers_are_examined_in_their_order() {
    let store = migrated::<Member<BigId>>().await;
    for number in 1..=11 {
        user(&store, &format!("user{number}@example.com")).await;
    }
    let findings = store.doctor().await.expect("an answer");
    let [finding] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!((finding.code(), finding.count), ("unreadable_hashes", 11));
    assert_eq!(
        finding.ids,
        (1..=10)
            .map(|number: u32| number.to_string())
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn only_commands_that_read_are_sent() {
    let database = migrated::<User>().await;
    run_all(&database, &healthy()).await;
    run_all(&database, &ada(doc! { "hashed_password": "plain text" })).await;
    let (reader, names) = watched::<User>(&database.url).await;
    let findings = reader.doctor().await.expect("an answer");
    assert_eq!(
        findings.iter().map(Finding::code).collect::<Vec<_>>(),
        ["unreadable_hashes"]
    );
    assert_eq!(
        reader.count(&UserSearch::new()).await.expect("an answer"),
        4
    );
    assert_eq!(
        reader
            .search(&UserSearch::new().is_superuser(false))
            .await
            .expect("an answer")
            .len(),
        3
    );
    assert_eq!(
        reader.pending().await.expect("an answer").lines().count(),
        1,
        "the flag that one lacks"
    );
    let mut sent = names.try_iter().collect::<Vec<_>>();
    sent.sort();
    sent.dedup();
    assert!(
        sent.iter()
            .all(|name| ["aggregate", "find", "getMore", "listIndexes"].contains(&&**name)),
        "{sent:?}"
    );
}
