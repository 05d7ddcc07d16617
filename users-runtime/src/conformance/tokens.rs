//! Access tokens, in stores that hold them.

use chrono::{DateTime, Utc};

use super::{
    bench::{Bench, refused},
    report::{Failed, ensure},
};
use crate::{
    model::UserModel,
    store::{AccessToken, AccessTokenStore, StoreError},
};

/// An instant with microseconds.
fn instant() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap_or_default()
}

/// A token as long as they are, that begins so.
fn token(start: &str) -> String {
    format!("{start:-<43}")
}

async fn insert<U: UserModel>(
    tokens: &dyn AccessTokenStore<U::Id>,
    user: &U,
    start: &str,
    created_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    tokens
        .insert_token(AccessToken {
            token: token(start),
            user_id: user.account().id.clone(),
            created_at,
        })
        .await
}

pub(super) async fn are_found_as_stored<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    for (start, created_at) in [
        ("a", instant()),
        ("b", DateTime::UNIX_EPOCH),
        ("c", instant() + bench.instant_unit()),
    ] {
        insert(tokens, &ada, start, created_at).await?;
        let Some(found) = tokens.find_token(&[&token(start)]).await? else {
            return Err(Failed("a stored token is not found".into()));
        };
        ensure!(found.token == token(start), "another token");
        ensure!(
            &found.user_id == ada.account().id,
            "another user: {}",
            found.user_id
        );
        ensure!(
            found.created_at == bench.kept(created_at),
            "another instant: {}",
            found.created_at
        );
        let unknown = token("unknown");
        let both = bench
            .store
            .find_by_token(&[&unknown, &token(start)])
            .await?;
        let Some((with_user, Some(user))) = both else {
            return Err(Failed("a stored token is not found with its user".into()));
        };
        ensure!(with_user == found, "another token beside its user");
        ensure!(
            user.account().id == ada.account().id && user.account().email == "ada@example.com",
            "another user beside a token"
        );
    }
    ensure!(
        bench
            .store
            .find_by_token(&[&token("unknown")])
            .await?
            .is_none(),
        "a token that is not stored has a user"
    );
    refused!(
        insert(tokens, &ada, "a", instant()).await,
        StoreError::Conflict { .. }
    );
    Ok(())
}

pub(super) async fn are_told_apart_by_case<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    insert(tokens, &ada, "abc", instant()).await?;
    ensure!(
        tokens.find_token(&[&token("ABC")]).await?.is_none(),
        "a token in capitals is found"
    );
    insert(tokens, &bob, "ABC", instant()).await?;
    for (start, user) in [("abc", &ada), ("ABC", &bob)] {
        let found = tokens.find_token(&[&token(start)]).await?;
        ensure!(
            found.is_some_and(|found| &found.user_id == user.account().id),
            "`{start}` is not that user's"
        );
    }
    Ok(())
}

pub(super) async fn are_found_in_the_order_of_the_candidates<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    for start in ["a", "b", "c"] {
        insert(tokens, &ada, start, instant()).await?;
    }
    let (a, b, c, none) = (token("a"), token("b"), token("c"), token("none"));
    let cases: [(&[&str], Option<&str>); 9] = [
        (&[], None),
        (&[&none], None),
        (&[""], None),
        (&["a\0"], None),
        (&[&b, &a], Some(&b)),
        (&[&a, &b], Some(&a)),
        (&[&none, &c], Some(&c)),
        (&["a\0", &c], Some(&c)),
        (&[&none, &c, &b, &a], Some(&c)),
    ];
    for (candidates, expected) in cases {
        let found = tokens
            .find_token(candidates)
            .await?
            .map(|found| found.token);
        ensure!(
            found.as_deref() == expected,
            "of {candidates:?}: {found:?} instead of {expected:?}"
        );
    }
    Ok(())
}

pub(super) async fn are_deleted_once<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    insert(tokens, &ada, "a", instant()).await?;
    insert(tokens, &ada, "b", instant()).await?;
    ensure!(
        tokens.delete_token(&token("a")).await?,
        "a token that is there was not deleted"
    );
    ensure!(
        !tokens.delete_token(&token("a")).await?,
        "a token was deleted twice"
    );
    ensure!(
        !tokens.delete_token("a\0").await?,
        "an invalid token was deleted"
    );
    ensure!(
        tokens.find_token(&[&token("a")]).await?.is_none(),
        "a deleted token is found"
    );
    ensure!(
        tokens.find_token(&[&token("b")]).await?.is_some(),
        "another token was deleted"
    );
    Ok(())
}

pub(super) async fn of_a_user_are_deleted_except_one<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    for start in ["a", "b", "c"] {
        insert(tokens, &ada, start, instant()).await?;
    }
    insert(tokens, &bob, "d", instant()).await?;
    let id = ada.account().id;
    let deleted = tokens.delete_tokens_of(id, Some(&token("b"))).await?;
    ensure!(deleted == 2, "{deleted} tokens were deleted instead of 2");
    ensure!(
        tokens.find_token(&[&token("b")]).await?.is_some(),
        "the excepted token was deleted"
    );
    let deleted = tokens.delete_tokens_of(id, None).await?;
    ensure!(deleted == 1, "{deleted} tokens were deleted instead of 1");
    ensure!(
        tokens.delete_tokens_of(id, None).await? == 0,
        "tokens were deleted twice"
    );
    ensure!(
        tokens.find_token(&[&token("d")]).await?.is_some(),
        "another user's token was deleted"
    );
    Ok(())
}

pub(super) async fn before_an_instant_are_deleted<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let moment = bench.instant_unit();
    for (start, created_at) in [
        ("a", instant() - moment),
        ("b", instant()),
        ("c", instant() + moment),
    ] {
        insert(tokens, &ada, start, created_at).await?;
    }
    let deleted = tokens.delete_tokens_before(instant()).await?;
    ensure!(deleted == 1, "{deleted} tokens were deleted instead of 1");
    ensure!(
        tokens.find_token(&[&token("a")]).await?.is_none(),
        "an older token is left"
    );
    ensure!(
        tokens.find_token(&[&token("b")]).await?.is_some(),
        "the token of that instant was deleted"
    );
    Ok(())
}

pub(super) async fn of_a_user_are_listed_or_not_at_all<U: UserModel>(
    bench: &Bench<'_, U>,
) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    let Some(none) = tokens.tokens_of(ada.account().id).await? else {
        return Ok(());
    };
    ensure!(none.is_empty(), "{none:?} of a user without tokens");
    let moment = bench.instant_unit();
    for (start, created_at) in [
        ("a", instant() + moment),
        ("c", instant()),
        ("B", DateTime::UNIX_EPOCH),
    ] {
        insert(tokens, &ada, start, created_at).await?;
    }
    insert(tokens, &bob, "d", instant()).await?;
    let listed = tokens
        .tokens_of(ada.account().id)
        .await?
        .unwrap_or_default();
    let expected = [
        ("B", DateTime::UNIX_EPOCH),
        ("c", instant()),
        ("a", instant() + moment),
    ];
    let expected = expected.map(|(start, at)| AccessToken {
        token: token(start),
        user_id: ada.account().id.clone(),
        created_at: bench.kept(at),
    });
    ensure!(listed == expected, "{listed:?} instead of {expected:?}");
    Ok(())
}

pub(super) async fn go_with_their_user<U: UserModel>(bench: &Bench<'_, U>) -> Result<(), Failed> {
    let Some(tokens) = bench.store.access_tokens() else {
        return Ok(());
    };
    let ada = bench.user("ada@example.com").await?;
    let bob = bench.user("bob@example.com").await?;
    insert(tokens, &ada, "a", instant()).await?;
    insert(tokens, &bob, "b", instant()).await?;
    bench.store.delete(ada.account().id).await?;
    ensure!(
        tokens.find_token(&[&token("a")]).await?.is_none(),
        "a deleted user's token is left"
    );
    ensure!(
        tokens.find_token(&[&token("b")]).await?.is_some(),
        "another user's token was deleted"
    );
    Ok(())
}
