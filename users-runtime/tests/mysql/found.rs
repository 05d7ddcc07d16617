//! What is found on MariaDB alone.

use users_runtime::store::{Administration as _, UserSearch};

use crate::{
    cases::{self, with_unreadable_hash},
    standard::run,
    support::{User, empty, migrated},
};

/// The driver has no value for it, and does not say in whose row it stands.
#[tokio::test]
async fn a_date_of_no_month_is_told_and_does_not_end_the_examination() {
    let store = migrated::<User>().await;
    run(&store, &with_unreadable_hash()).await;
    run(
        &store,
        "UPDATE \"user\" SET born_on = '2024-00-05' WHERE email = 'ada@example.com'",
    )
    .await;
    store
        .search(&UserSearch::new())
        .await
        .expect_err("it is read, so that nothing needs to be told");
    let findings = store.doctor().await.expect("an answer");
    let [unreadable, hashes] = &findings[..] else {
        panic!("{findings:?}")
    };
    assert_eq!(
        (unreadable.code(), unreadable.count, &unreadable.ids),
        ("unreadable_users", 1, &vec!["unknown".to_owned()])
    );
    assert_eq!(
        (hashes.code(), &hashes.ids),
        ("unreadable_hashes", &vec![cases::id(1)])
    );
}

/// A table that was taken over takes accounts for the same that are told apart by their letters.
#[tokio::test]
async fn accounts_that_differ_in_case_are_not_linked_twice() {
    let store = empty::<User>().await;
    run(&store, crate::original::ORIGINAL).await;
    let found = store.doctor().await.expect("an answer");
    let links = "INSERT INTO oauth_account SELECT UUID(), user_id, oauth_name, access_token, NULL, NULL, account, account_email \
                 FROM oauth_account JOIN (SELECT 'abc' AS account UNION ALL SELECT 'ABD' UNION ALL SELECT 'abd') AS new";
    run(&store, links).await;
    assert_eq!(store.doctor().await.expect("an answer"), found);
    run(
        &store,
        "INSERT INTO oauth_account SELECT UUID(), user_id, oauth_name, access_token, NULL, NULL, 'abd', account_email \
                 FROM oauth_account WHERE account_id = 'abc'",
    )
    .await;
    let more = store.doctor().await.expect("an answer");
    let links = more
        .iter()
        .find(|finding| finding.code() == "duplicate_links")
        .expect("a finding");
    assert_eq!((links.count, links.ids.len()), (1, 2), "{links}");
}

/// A collation that ignores case finds capitals.
#[tokio::test]
async fn ids_in_another_form_are_told_and_their_users_examined() {
    for (id, collation, is_told) in [
        (
            "CONCAT('ABCDEF00-0000-4000-8000-', LPAD(seq, 12, '0'))",
            "utf8mb4_bin",
            true,
        ),
        (
            "CONCAT('ABCDEF00-0000-4000-8000-', LPAD(seq, 12, '0'))",
            "utf8mb4_general_ci",
            false,
        ),
        (
            "CONCAT('abcdef00000040008000', LPAD(seq, 12, '0'))",
            "utf8mb4_general_ci",
            true,
        ),
        (
            "CONCAT('abcdef00-0000-4000-8000-', LPAD(seq, 12, '0'))",
            "utf8mb4_bin",
            false,
        ),
    ] {
        let store = migrated::<User>().await;
        run(
            &store,
            &format!(
                "DROP TABLE oauth_account; DROP TABLE accesstoken;
                 ALTER TABLE \"user\" MODIFY id CHAR(36) CHARACTER SET utf8mb4 COLLATE {collation} NOT NULL;
                 INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, plan)
                     SELECT {id}, CONCAT('u', seq, '@example.com'), 'hash', TRUE, FALSE, FALSE, 'free' FROM seq_1_to_1500"
            ),
        )
        .await;
        store.migrate().await.expect("tables");
        run(&store, "INSERT INTO accesstoken (token, created_at, user_id) SELECT 't', '2026-01-01', MIN(id) FROM \"user\"").await;
        let findings = store.doctor().await.expect("an answer");
        let found = findings
            .iter()
            .map(|finding| (finding.code(), finding.count))
            .collect::<Vec<_>>();
        let expected = [
            ("unfindable_ids", 1500),
            ("unfindable_owners", 1),
            ("unreadable_hashes", 1500),
        ];
        assert_eq!(
            found,
            if is_told {
                &expected[..]
            } else {
                &expected[2..]
            },
            "{id} {collation}"
        );
        store.pool().close().await;
    }
}
