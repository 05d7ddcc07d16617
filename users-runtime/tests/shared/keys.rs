//! Tables whose keys are lost, as after a dump that was restored without them. `ID` stands for the type of the ids.

use users_runtime::store::{SchemaError, SchemaProblemKind as Kind};

/// No key; an index that is not unique makes up for nothing.
const WITHOUT: &str = "DROP TABLE accesstoken; CREATE TABLE accesstoken (token VARCHAR(43) NOT NULL, created_at TIMESTAMP NOT NULL, \
                       user_id ID NOT NULL); CREATE INDEX plain ON accesstoken (token)";

/// A key on more than the token.
const WIDE: &str = "DROP TABLE accesstoken; CREATE TABLE accesstoken (token VARCHAR(43) NOT NULL, created_at TIMESTAMP NOT NULL, \
                    user_id ID NOT NULL, PRIMARY KEY (token, created_at))";

/// Takes a store's tables their keys, of which `schema` is the text, and gives them back what is told to be missing.
pub(crate) async fn judge(
    schema: &str,
    run: impl AsyncFn(&str),
    migrate: impl AsyncFn() -> Result<(), SchemaError>,
    check: impl AsyncFn() -> Result<(), SchemaError>,
) {
    for sql in [WITHOUT, WIDE] {
        run(sql).await;
        let errors = [
            check().await.expect_err("no key"),
            migrate().await.expect_err("no key"),
        ];
        let [fix, same] = errors.map(|error| missing(&error, "accesstoken", "token"));
        assert_eq!(fix, same);
        run(&fix).await;
        check().await.expect("a key");
    }
    run("DROP TABLE accesstoken; DROP TABLE oauth_account; DROP TABLE \"user\"").await;
    run(&users_without_key(schema)).await;
    let fix = missing(&check().await.expect_err("no key"), "user", "id");
    run(&fix).await;
    migrate().await.expect("the other tables");
    check().await.expect("a key");
}

/// What makes the users' table without its key.
fn users_without_key(schema: &str) -> String {
    let users = schema
        .split("CREATE TABLE")
        .nth(1)
        .expect("the users' table");
    let (before, key) = users.split_once(",\n\tPRIMARY KEY (").expect("a key");
    let (_, after) = key.split_once(')').expect("the end of the key");
    format!("CREATE TABLE{before}{after}")
}

/// What is to be run for the only index that is missing.
fn missing(error: &SchemaError, table: &str, column: &str) -> String {
    let SchemaError::Mismatch(problems) = error else {
        panic!("{error}")
    };
    let missing = problems
        .iter()
        .filter(|problem| problem.kind != Kind::MissingTable)
        .collect::<Vec<_>>();
    let [problem] = missing[..] else {
        panic!("{error}")
    };
    assert_eq!(
        (&*problem.table, &problem.kind),
        (
            table,
            &Kind::MissingIndex {
                column: column.to_owned()
            }
        )
    );
    let (_, fix) = problem.fix.split_once("and run `").expect("what to run");
    fix.strip_suffix('`').expect("what to run").to_owned()
}
