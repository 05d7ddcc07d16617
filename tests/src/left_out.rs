//! The suites that a plain `cargo test` leaves out, since they need servers or another feature.
//!
//! Each is an ignored example in the documentation of the workspace's last package, so that `cargo test` *ends* by naming it:
//! cargo runs such examples after all other tests, and shows nothing that a test prints, but which tests are ignored. With the
//! feature `servers`, as in `tests/run`, every suite runs, and these names are gone.

/// The Redis strategy on a private `redis-server`.
///
/// ```ignore
/// run("cargo test -p users-tests --features servers --test redis");
/// ```
pub mod redis_strategy_suite_is_left_out_run_it_with_tests_run {}

/// The operators' commands where sessions are in Redis.
///
/// ```ignore
/// run("cargo test -p users-tests --features servers --test cli redis");
/// ```
pub mod operators_commands_on_redis_are_left_out_run_them_with_tests_run {}

/// Login with accounts at a certified `OpenID` provider.
///
/// ```ignore
/// run("cargo test -p users-tests --features servers --test openid");
/// ```
pub mod openid_connect_suite_is_left_out_run_it_with_tests_run {}

/// The conformance of the PostgreSQL store on a private server.
///
/// ```ignore
/// run("cargo test -p users-runtime --all-features");
/// ```
pub mod postgresql_conformance_suite_is_left_out_run_it_with_tests_run {}

/// The example `postgres` on a private server.
///
/// ```ignore
/// run("cargo test -p users-tests --features servers --test examples");
/// ```
pub mod postgresql_example_is_left_out_run_it_with_tests_run {}

/// The example `mongodb` on a private SecantusDB.
///
/// ```ignore
/// run("cargo test -p users-tests --features servers --test examples");
/// ```
pub mod mongodb_example_is_left_out_run_it_with_tests_run {}

/// The example `full` in several processes on a private PostgreSQL and Redis, which are stopped and started under load.
///
/// ```ignore
/// run("cargo test -p users-tests --features servers --test deployment");
/// ```
pub mod deployment_on_postgresql_and_redis_suite_is_left_out_run_it_with_tests_run {}

/// The conformance of the MongoDB store on SecantusDB, and databases that the original has made with Beanie.
///
/// ```ignore
/// run("cargo test -p users-runtime --all-features --test mongodb");
/// ```
pub mod mongodb_conformance_suite_is_left_out_run_it_with_tests_run {}

/// The conformance of the MySQL store on a private MariaDB.
///
/// ```ignore
/// run("cargo test -p users-runtime --all-features");
/// ```
pub mod mysql_conformance_suite_is_left_out_run_it_with_tests_run {}

/// Our server beside the original library, request by request, and a deployment of the original that ours takes over.
///
/// ```ignore
/// run("tests/run");
/// ```
pub mod comparison_with_fastapi_users_is_left_out_run_it_with_tests_run {}

/// A headless Chromium that clicks through the example `oauth`.
///
/// ```ignore
/// run("python3 tests/browser/oauth.py --example target/debug/oauth");
/// ```
pub mod browser_at_the_oauth_example_is_left_out_run_it_with_tests_run {}

/// A headless Chromium that clicks through the example `web`, with mails on the page and by SMTP.
///
/// ```ignore
/// run("python3 tests/browser/web.py --example target/debug/web");
/// ```
pub mod browser_at_the_web_example_is_left_out_run_it_with_tests_run {}

/// A headless Chromium that logs in on the page with the OpenAPI document of the example `full`.
///
/// ```ignore
/// run("python3 tests/browser/docs.py --example target/debug/full");
/// ```
pub mod browser_at_the_openapi_page_is_left_out_run_it_with_tests_run {}

/// Some thousand requests that are made of the OpenAPI document of the example `full`, each answer judged by it.
///
/// ```ignore
/// run("python3 tests/fuzz/run.py --full target/debug/full");
/// ```
pub mod fuzzing_by_the_openapi_document_is_left_out_run_it_with_tests_run {}

/// A TypeScript client that is generated from the OpenAPI document of the example `full`, compiled and used.
///
/// ```ignore
/// run("python3 tests/client/run.py --full target/debug/full");
/// ```
pub mod typescript_client_of_the_openapi_document_is_left_out_run_it_with_tests_run {}

/// The test command itself: that it waits for servers, hides no result, and leaves nothing running.
///
/// ```ignore
/// run("python3 -m unittest discover -s tests/harness");
/// ```
pub mod test_commands_own_suite_is_left_out_run_it_with_tests_run {}
