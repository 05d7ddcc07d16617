//! Accounts elsewhere in a table that was taken over, of which each is to be linked once.

use users_runtime::{
    PasswordHash, UserModel,
    store::{
        Administration, Expected, OAuthAccount, OAuthAccountStore, Severity, StoreError, UserStore,
    },
};

use crate::{support::User, values::values};

/// What keeps nothing from being linked twice, and links that were made so, in SQL that every database takes.
pub(crate) const TWICE: &str = "INSERT INTO oauth_account (id, user_id, oauth_name, access_token, account_id, account_email) \
     SELECT '00000000-0000-4000-8000-000000000001', user_id, oauth_name, 'second', account_id, account_email FROM oauth_account";

/// How often the same is tried, each time with another account.
const ROUNDS: u32 = 20;

fn accounts(store: &impl UserStore<User>) -> &dyn OAuthAccountStore<User> {
    store.oauth_accounts().expect("the store holds accounts")
}

fn administration(store: &impl UserStore<User>) -> &dyn Administration<User> {
    store.administration().expect("the store answers operators")
}

fn account(user: &User, account_id: String) -> OAuthAccount<<User as UserModel>::Id> {
    OAuthAccount {
        user_id: user.account().id.clone(),
        oauth_name: "github".into(),
        account_id,
        account_email: "ada@provider.example".into(),
        access_token: "t".into(),
        expires_at: None,
        refresh_token: None,
    }
}

/// Of two users who link one account in the same instant, one does.
pub(crate) async fn one_of_two_wins(store: &impl UserStore<User>) {
    let ada = store
        .insert(values::<User>("ada@example.com"))
        .await
        .expect("a new user");
    let bob = store
        .insert(values::<User>("bob@example.com"))
        .await
        .expect("a new user");
    let accounts = accounts(store);
    for round in 0..ROUNDS {
        let link = |user| accounts.insert_account(account(user, round.to_string()));
        let winner = match tokio::join!(link(&ada), link(&bob)) {
            (Ok(()), Err(StoreError::Conflict { .. })) => &ada,
            (Err(StoreError::Conflict { .. }), Ok(())) => &bob,
            (a, b) => panic!("{a:?} {b:?}"),
        };
        let found = accounts
            .find_account("github", &round.to_string())
            .await
            .expect("an answer")
            .expect("an account");
        assert_eq!(&found.user_id, winner.account().id);
    }
}

/// An account is linked only while its user is as expected.
pub(crate) async fn links_only_as_expected(store: &impl UserStore<User>) {
    let ada = store
        .insert(values::<User>("ada@example.com"))
        .await
        .expect("a new user");
    let accounts = accounts(store);
    let (now, other) = (ada.account(), PasswordHash::new("another"));
    let refused = [
        Expected::new().hash(&other),
        Expected::new().email("al@example.com"),
        Expected::new().active(!now.is_active),
        Expected::new()
            .hash(now.hashed_password)
            .verified(!now.is_verified),
    ];
    for expected in refused {
        let linked = accounts.insert_account_if(account(&ada, "1".into()), expected);
        assert!(
            matches!(linked.await, Err(StoreError::Outdated)),
            "{expected:?}"
        );
        let found = accounts.find_account("github", "1").await;
        assert!(found.expect("an answer").is_none());
    }
    let as_read = Expected::new()
        .hash(now.hashed_password)
        .email(now.email)
        .active(now.is_active)
        .verified(now.is_verified);
    let link = || accounts.insert_account_if(account(&ada, "1".into()), as_read);
    link().await.expect("linked");
    assert!(matches!(link().await, Err(StoreError::Conflict { .. })));
    store.delete(now.id).await.expect("deleted");
    assert!(matches!(link().await, Err(StoreError::NotFound)));
}

/// What is linked twice already is served, always the same, and told with what is missing.
pub(crate) async fn twice_is_told(store: &impl UserStore<User>) {
    for _ in 0..3 {
        let found = accounts(store)
            .find_account("google", "1")
            .await
            .expect("an answer")
            .expect("an account");
        assert_eq!(found.access_token, "second");
    }
    assert_eq!(
        administration(store)
            .pending()
            .await
            .expect("tables that fit"),
        ""
    );
    let findings = administration(store).doctor().await.expect("an answer");
    let of_links = findings.iter().filter(|finding| {
        finding.code() == "duplicate_links" || finding.code() == "missing_account_index"
    });
    let of_links = of_links
        .map(|finding| (finding.code(), finding.severity(), finding.count))
        .collect::<Vec<_>>();
    assert_eq!(
        of_links,
        [
            ("duplicate_links", Severity::Error, 1),
            ("missing_account_index", Severity::Warning, 1)
        ]
    );
}

/// Nothing of this is found.
pub(crate) async fn once_is_right(store: &impl UserStore<User>) {
    assert_eq!(
        administration(store)
            .pending()
            .await
            .expect("tables that fit"),
        ""
    );
    let findings = administration(store).doctor().await.expect("an answer");
    assert!(
        findings
            .iter()
            .all(|finding| !finding.code().ends_with("_links")
                && !finding.code().contains("account")),
        "{findings:?}"
    );
}
