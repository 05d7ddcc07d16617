//! Secrets that are too short, or easy to guess.

use users_runtime::{
    Backend, BearerTransport, Compat, JwtStrategy, Users,
    errors::BuildError,
    token::{JwtKeys, SigningKey, WeakSecret},
};
use users_tests::{SECRET, User};

use crate::{builder, keys, refused, store};

#[tokio::test]
async fn the_secret_must_be_one() {
    let generate = "openssl rand -hex 32";
    let error = refused(
        Users::<User>::builder(store(), "tiny secret"),
        &["11 bytes", "at least 32", generate],
    );
    assert!(
        matches!(
            error,
            BuildError::WeakSecret(WeakSecret::Short { bytes: 11 })
        ),
        "{error:?}"
    );
    let error = refused(Users::<User>::builder(store(), ""), &["empty", generate]);
    assert!(
        matches!(error, BuildError::WeakSecret(WeakSecret::Empty)),
        "{error:?}"
    );
    let error = refused(
        Users::<User>::builder(store(), "").compat(Compat::FastApiUsers15),
        &["empty", generate],
    );
    assert!(
        matches!(error, BuildError::WeakSecret(WeakSecret::Empty)),
        "{error:?}"
    );
    let public =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAtiny secret\n-----END PUBLIC KEY-----\n";
    let error = refused(
        Users::<User>::builder(store(), public),
        &["not a secret", generate],
    );
    assert!(
        matches!(error, BuildError::WeakSecret(WeakSecret::Key)),
        "{error:?}"
    );
    assert!(!error.to_string().contains("too short"), "{error}");
}

#[tokio::test]
async fn a_short_secret_is_for_the_preset_alone() {
    for secret in ["x", "tiny secret"] {
        Users::<User>::builder(store(), secret)
            .compat(Compat::FastApiUsers15)
            .build()
            .expect("as the original takes it");
    }
    Users::<User>::builder(store(), &SECRET[..32])
        .build()
        .expect("32 bytes are enough");
    refused(
        Users::<User>::builder(store(), "x".repeat(31)),
        &["31 bytes"],
    );
}

#[tokio::test]
async fn a_secret_that_is_easy_to_guess_is_for_the_preset_alone() {
    let generate = "openssl rand -hex 32";
    for secret in [
        "x".repeat(32),
        "tiny secret".repeat(3),
        "abcdefghijklmnopqrstuvwxyz0123456789".to_owned(),
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7".to_owned(),
    ] {
        let built = || Users::<User>::builder(store(), &secret);
        let error = refused(built(), &["easy to guess", generate]);
        assert!(
            matches!(error, BuildError::WeakSecret(WeakSecret::Guessable)),
            "{error:?}"
        );
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(&secret), "{shown}");
        built()
            .compat(Compat::FastApiUsers15)
            .build()
            .expect("as the original takes it");
        let keys = JwtKeys::hs256(&secret).expect("long enough");
        for given in [
            builder().jwt_keys(keys.clone()),
            builder().reset_token_keys(keys.clone()),
            builder().verify_token_keys(keys.clone()),
            builder().oauth_state_keys(keys.clone()),
        ] {
            refused(given, &["easy to guess", generate]);
        }
        let former = SigningKey::hs256(&secret).expect("long enough");
        builder()
            .jwt_keys(self::keys().also_accept(&former))
            .build()
            .expect("the former one signs nothing");
    }
}

#[tokio::test]
async fn a_strategy_signs_with_a_weak_secret_in_the_preset_alone() {
    for (secret, reason) in [
        ("x".repeat(32), "easy to guess"),
        ("tiny secret".to_owned(), "11 bytes"),
    ] {
        let keys = || JwtKeys::hs256_of_any_length(&secret).expect("a secret");
        let strategy = || JwtStrategy::new(keys());
        let added = || Backend::new("more", BearerTransport::new(), strategy());
        let generate = "openssl rand -hex 32";
        let error = refused(builder().strategy("jwt", strategy()), &[reason, generate]);
        assert!(
            matches!(&error, BuildError::InvalidStrategy { backend, .. } if backend == "jwt"),
            "{error:?}"
        );
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(&secret), "{shown}");
        refused(builder().backend(added()), &["`more`", reason]);
        refused(builder().jwt_keys(keys()), &[reason, generate]);
        builder()
            .compat(Compat::FastApiUsers15)
            .strategy("jwt", strategy())
            .backend(added())
            .build()
            .expect("as the original takes it");
    }
}
