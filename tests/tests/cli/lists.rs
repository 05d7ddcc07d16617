//! Lists of users, portion by portion, on a terminal and for programs.

use serde_json::{Value, json};
use users_runtime::{Users, model::UserModel as _, value};
use users_tests::{App, PASSWORD};

use crate::program::{Program, run_here};

#[tokio::test]
async fn a_list_is_filtered_and_goes_on_where_it_ended() {
    let app = App::start().await;
    let emails = [
        "al@example.com",
        "bo@example.org",
        "cy@example.com",
        "o'brien@example.com",
    ];
    for email in emails {
        app.user(email).await;
    }
    run_here(&app.users, &["promote", "bo@example.org"], "").await;
    run_here(&app.users, &["verify", "cy@example.com"], "").await;
    run_here(&app.users, &["deactivate", "al@example.com"], "").await;
    let cases: [(&[&str], &[&str]); 9] = [
        (&[], &emails),
        (&["--email", "EXAMPLE.ORG"], &["bo@example.org"]),
        (&["--superuser"], &["bo@example.org"]),
        (
            &["--superuser", "false", "--active"],
            &["cy@example.com", "o'brien@example.com"],
        ),
        (&["--active", "false"], &["al@example.com"]),
        (&["--verified=true"], &["cy@example.com"]),
        (&["--limit", "2"], &emails[..2]),
        (&["--email", "%"], &[]),
        (&["--email", "nobody"], &[]),
    ];
    for (filter, expected) in cases {
        let said = run_here(&app.users, &[&["search", "--json"], filter].concat(), "").await;
        let listed: Vec<Value> = said
            .out
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let listed: Vec<_> = listed
            .iter()
            .map(|user| user["email"].as_str().expect("an address"))
            .collect();
        assert_eq!((said.status, listed), (0, expected.to_vec()), "{filter:?}");
    }
}

/// Lists some users at a time, and follows what standard error says until it says nothing.
async fn follow(users: &Users<users_tests::User>, limit: &str) -> Vec<String> {
    let mut words: Vec<String> = ["list", "--limit", limit].map(str::to_owned).to_vec();
    let mut listed = Vec::new();
    loop {
        let said = run_here(
            users,
            &words.iter().map(String::as_str).collect::<Vec<_>>(),
            "",
        )
        .await;
        listed.extend(
            said.out
                .lines()
                .skip(1)
                .map(|line| line.rsplit(' ').next().expect("an address").to_owned()),
        );
        let Some(hint) = said.err.strip_prefix("There are more: ") else {
            assert_eq!(said.err, "");
            return listed;
        };
        assert!(listed.len() < 10, "it goes round in circles");
        words.truncate(3);
        // As a shell takes the words apart.
        words.extend(
            hint.trim_end()
                .replace("'\\''", "\u{0}")
                .split(' ')
                .map(|word| word.replace('\'', "").replace('\u{0}', "'")),
        );
    }
}

#[tokio::test]
async fn the_hint_of_a_portion_leads_to_the_next() {
    let app = App::start().await;
    let emails = [
        "al@example.com",
        "bo@example.com",
        "o'brien@example.com",
        "pi@example.com",
        "qi@example.com",
    ];
    for email in emails {
        app.user(email).await;
    }
    assert_eq!(follow(&app.users, "2").await, emails);
    let refused = run_here(
        &app.users,
        &["list", "--after", "al@example.com", "none"],
        "",
    )
    .await;
    refused.assert_refused("UNSTORABLE_VALUE");
}

/// As other applications store them.
#[tokio::test]
async fn a_hint_with_backslashes_or_a_dash_leads_to_the_next() {
    let app = App::start().await;
    for (registered, stored) in [
        ("al@example.com", r"-al\\@example.com"),
        ("bo@example.com", r"bo\u{1b}@example.com"),
        ("co@example.com", r"co\n'x@example.com"),
        ("di@example.com", r"di@example.com"),
    ] {
        let user = app.user(registered).await;
        app.set(&user, "email", value::Value::Text(stored.to_owned()))
            .await;
    }
    let shown = [
        r"-al\\\\@example.com",
        r"bo\\u{1b}@example.com",
        r"co\\n'x@example.com",
        "di@example.com",
    ];
    for limit in ["1", "3"] {
        assert_eq!(follow(&app.users, limit).await, shown);
    }
}

#[tokio::test]
async fn a_table_has_a_line_for_each_user() {
    let app = App::start().await;
    let jo = app.user("jo@example.com").await;
    run_here(&app.users, &["promote", "jo@example.com"], "").await;
    let said = run_here(&app.users, &["list"], "").await;
    let expected = format!(
        "ID                                    ACTIVE  SUPERUSER  VERIFIED  EMAIL\n\
         {}  yes     yes        no        jo@example.com\n",
        jo.id
    );
    assert_eq!((said.out, said.err), (expected, String::new()));
}

#[tokio::test]
async fn administrators_see_every_field_that_they_see_over_http() {
    let app = App::start().await;
    let jo = app.user("jo@example.com").await;
    let root = app.user("root@example.com").await;
    run_here(&app.users, &["promote", "root@example.com"], "").await;
    let over_http = app
        .client_of(&root)
        .await
        .get(&format!("/users/{}", jo.id))
        .await;
    let said = run_here(&app.users, &["show", "jo@example.com", "--json"], "").await;
    assert_eq!(said.out, format!("{}\n", over_http.text));
    assert!(
        over_http.json().get("note").is_some() && jo.account().is_active,
        "a field for administrators alone"
    );
}

#[tokio::test]
async fn what_a_terminal_would_obey_is_shown_escaped() {
    let program = Program::new();
    let name = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}drow";
    {
        let server = program.serve();
        let body = json!({ "email": "jo@example.com", "password": PASSWORD, "first_name": name });
        assert_eq!(
            server.client.post("/auth/register", &body).await.status,
            201
        );
    }
    for words in [
        &["show", "jo@example.com"][..],
        &["show", "jo@example.com", "--json"],
        &["list", "--json"],
        &["list"],
    ] {
        let said = program.run(words, "");
        let obeyed = |character: char| {
            character != '\n' && (character.is_control() || character == '\u{202e}')
        };
        assert!(said.status == 0 && !said.out.contains(obeyed), "{said:?}");
    }
    let shown = program.run(&["show", "jo@example.com"], "").out;
    assert!(
        shown.contains("first_name: \\u{1b}]0;owned\\u{7}\\u{1b}[2J\\u{9b}31m\\u{202e}drow\n"),
        "{shown}"
    );
    let json: Value =
        serde_json::from_str(&program.run(&["show", "jo@example.com", "--json"], "").out)
            .expect("JSON");
    assert_eq!(json["first_name"], json!(name), "programs read it as it is");
}
