//! Tables that were made on other terms: with another storage engine, with another character set.

use users_runtime::{
    UserModel,
    store::{
        AccessTokenStore as _, Administration as _, FindingKind, MySqlStore, OAuthAccount,
        OAuthAccountStore as _, SchemaError, SchemaProblemKind as Kind, Severity, StoreError,
        UserStore,
    },
};

use crate::support::{User, migrated, run_text, text, user, values};

#[tokio::test]
async fn an_engine_without_transactions_is_told_with_what_to_run() {
    for table in ["user", "accesstoken", "oauth_account"] {
        let store = migrated::<User>().await;
        let others = ["accesstoken", "oauth_account"]
            .map(|table| format!("ALTER TABLE {table} DROP FOREIGN KEY {table}_ibfk_1"));
        run_text(&store, others.join("; ")).await;
        for engine in ["MyISAM", "Aria"] {
            run_text(&store, format!("ALTER TABLE `{table}` ENGINE={engine}")).await;
            for error in [
                store.check().await.expect_err(engine),
                store.migrate().await.expect_err(engine),
            ] {
                let SchemaError::Mismatch(problems) = error else {
                    panic!("{error}")
                };
                let [problem] = &problems[..] else {
                    panic!("{problems:?}")
                };
                assert_eq!(
                    (&*problem.table, &problem.kind),
                    (
                        table,
                        &Kind::WrongEngine {
                            found: engine.into()
                        }
                    )
                );
                assert_eq!(
                    problem.fix,
                    format!("run `ALTER TABLE `{table}` ENGINE=InnoDB`")
                );
            }
        }
        run_text(&store, format!("ALTER TABLE `{table}` ENGINE=InnoDB")).await;
        store.check().await.expect("tables that fit");
        store.pool().close().await;
    }
}

/// What gives every table this character set.
fn convert(charset: &str) -> String {
    let tables = ["user", "accesstoken", "oauth_account"];
    let tables =
        tables.map(|table| format!("ALTER TABLE `{table}` CONVERT TO CHARACTER SET {charset}"));
    let users = ["accesstoken", "oauth_account"];
    let drop = users.map(|table| format!("ALTER TABLE {table} DROP FOREIGN KEY {table}_ibfk_1"));
    let key = |table| {
        format!(
            "ALTER TABLE {table} ADD CONSTRAINT {table}_ibfk_1 FOREIGN KEY (user_id) REFERENCES user (id) ON DELETE CASCADE"
        )
    };
    [&drop[..], &tables[..], &users.map(key)[..]]
        .concat()
        .join("; ")
}

/// To look for it is no error.
async fn nobody_has(store: &MySqlStore<User>, id: &<User as UserModel>::Id, text: &str) {
    assert!(
        store
            .find_by_email(text)
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(
        store
            .find_token(&[text])
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(
        store
            .find_account("github", text)
            .await
            .expect("an answer")
            .is_none()
    );
    assert!(!store.delete_token(text).await.expect("an answer"));
    assert!(
        !store
            .delete_account(id, "github", text)
            .await
            .expect("an answer")
    );
}

/// The text is what an address may have, and a name that a provider gives.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "two tables, each looked at whole")]
async fn a_character_set_that_has_not_every_character_refuses_the_others_and_is_told() {
    for (charset, email) in [
        ("utf8mb3", "😀@example.com"),
        ("latin1", "łódź@example.com"),
    ] {
        let store = migrated::<User>().await;
        run_text(&store, convert(charset)).await;
        store
            .check()
            .await
            .expect("tables that the original is served with");
        let ada = user(&store, "ada@example.com").await;
        let refused = |error: StoreError, wanted: &str| match error {
            StoreError::Value { column, reason } => {
                assert_eq!(
                    (column, reason),
                    (
                        wanted,
                        "a character that the column's character set has not"
                    ),
                    "{charset}"
                );
            }
            other => panic!("{charset}: {other}"),
        };
        refused(
            store
                .insert(values::<User>(email))
                .await
                .expect_err(charset),
            "email",
        );
        refused(
            store
                .update(ada.account().id, vec![text("nickname", email)], None)
                .await
                .expect_err(charset),
            "nickname",
        );
        let account = OAuthAccount {
            user_id: ada.account().id.clone(),
            oauth_name: "github".into(),
            access_token: "t".into(),
            expires_at: None,
            refresh_token: None,
            account_id: "1".into(),
            account_email: email.into(),
        };
        refused(
            store
                .insert_account(account.clone())
                .await
                .expect_err(charset),
            "account_email",
        );
        let plain = OAuthAccount {
            account_email: "ada@example.com".into(),
            ..account.clone()
        };
        store.insert_account(plain).await.expect("an account");
        refused(
            store
                .update_account(account.clone())
                .await
                .expect_err(charset),
            "account_email",
        );
        nobody_has(&store, ada.account().id, email).await;

        let findings = store.doctor().await.expect("an answer");
        let narrow = |table: &str| FindingKind::NarrowCharset {
            table: table.into(),
            charset: charset.into(),
        };
        let found = findings
            .iter()
            .map(|finding| (&finding.kind, finding.severity()))
            .filter(|(_, severity)| *severity > Severity::Info);
        let unreadable = FindingKind::UnreadableHashes { format: "unknown" };
        let expected = [narrow("user"), narrow("oauth_account")];
        assert_eq!(
            found
                .map(|(kind, _)| kind)
                .filter(|kind| **kind != unreadable)
                .collect::<Vec<_>>(),
            expected.iter().collect::<Vec<_>>()
        );
        // The advice is good.
        run_text(&store, convert("utf8mb4")).await;
        store.check().await.expect("tables that fit");
        assert!(
            store
                .doctor()
                .await
                .expect("an answer")
                .iter()
                .all(|finding| finding.code() != "narrow_charset")
        );
        store
            .insert(values::<User>(email))
            .await
            .expect("a new user");
        store.update_account(account).await.expect("changed");
        store.delete(ada.account().id).await.expect("deleted");
        let left: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM oauth_account")
            .fetch_one(store.pool())
            .await
            .expect("a count");
        assert_eq!(left, 0);
        store.pool().close().await;
    }
}
