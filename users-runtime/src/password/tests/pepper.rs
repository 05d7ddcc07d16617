//! Hashes with and without a pepper, and the change from one to another.

use std::sync::Arc;

use crate::{
    password::{
        Argon2Bcrypt, CredentialsStamp, HashStanding, InvalidPepper, Password, PasswordHash,
        PasswordHasher, Peppers, Scratch, Verdict,
    },
    token::{JwtKeys, SigningKey, WeakSecret},
};

const SYSTEM: &str = "the secret of the user system, long enough";
const RESET: &str = "the secret of reset tokens, also long enough";
const FORMER: &str = "the former secret of reset tokens, long enough";
const FIRST: &str = "the first pepper of these tests, long enough";
const SECOND: &str = "a second pepper for these tests, also long";

/// The keys of a system with a secret, and with keys of their own for reset tokens, whose former secret is still accepted.
fn system() -> [JwtKeys; 2] {
    let former = SigningKey::hs256(FORMER).expect("a secret");
    let reset = JwtKeys::hs256(RESET).expect("a secret");
    [
        JwtKeys::hs256(SYSTEM).expect("a secret"),
        reset.also_accept(&former),
    ]
}

fn argon2() -> Arc<dyn PasswordHasher> {
    Arc::new(Argon2Bcrypt::with_params(8, 1, 1).expect("parameters"))
}

fn peppers(given: &[(&str, &str)]) -> Peppers {
    let mut peppers = Peppers::default();
    for (id, secret) in given {
        peppers.add((*id).to_owned(), secret.as_bytes());
    }
    peppers
}

fn hasher(given: &[(&str, &str)]) -> Arc<dyn PasswordHasher> {
    peppers(given)
        .season(argon2(), &system())
        .expect("sound peppers")
}

fn hash(hasher: &dyn PasswordHasher) -> PasswordHash {
    hasher
        .hash(&Password::from("correct horse"), &mut Scratch::default())
        .expect("a hash")
}

fn verify(hasher: &dyn PasswordHasher, password: &str, hash: &PasswordHash) -> Verdict {
    hasher.verify(&Password::from(password), hash, &mut Scratch::default())
}

#[test]
fn a_hash_needs_its_pepper() {
    let first = hasher(&[("2026", FIRST)]);
    let hash = hash(&*first);
    assert!(
        hash.expose()
            .starts_with("$pepper$2026:$argon2id$v=19$m=8,t=1,p=1$")
    );
    assert_eq!(verify(&*first, "correct horse", &hash), Verdict::Right);
    assert_eq!(verify(&*first, "wrong", &hash), Verdict::Wrong);
    for other in [
        argon2(),
        hasher(&[("2026", SECOND)]),
        hasher(&[("2027", FIRST)]),
    ] {
        assert_eq!(verify(&*other, "correct horse", &hash), Verdict::Wrong);
    }
    let inner = hash.expose().strip_prefix("$pepper$2026:").expect("a mark");
    let inner = PasswordHash::new(inner);
    assert_eq!(verify(&*argon2(), "correct horse", &inner), Verdict::Wrong);
}

#[test]
fn hashes_without_a_pepper_and_with_a_former_one_are_upgraded_with_their_salt() {
    let rotated = hasher(&[("2027", SECOND), ("2026", FIRST)]);
    let former = hash(&*hasher(&[("2026", FIRST)]));
    for old in [hash(&*argon2()), former] {
        let verdict = verify(&*rotated, "correct horse", &old);
        assert_eq!(verdict, Verdict::RightButOutdated);
        assert_eq!(verify(&*rotated, "wrong", &old), Verdict::Wrong);
        let salt = old.salt().expect("a salt");
        let password = Password::from("correct horse");
        let new = rotated.hash_with_salt(&password, salt, &mut Scratch::default());
        let new = new.expect("a hash");
        assert!(new.expose().starts_with("$pepper$2027:"));
        assert_eq!(verify(&*rotated, "correct horse", &new), Verdict::Right);
        assert!(CredentialsStamp::of(&new) == CredentialsStamp::of(&old));
    }
}

#[test]
fn a_pepper_that_is_only_accepted_replaces_nothing() {
    let accepting = |used: &[(&str, &str)]| {
        let mut peppers = peppers(used);
        peppers.accept("2027".to_owned(), SECOND.as_bytes());
        let hasher = peppers.season(argon2(), &system());
        hasher.expect("sound peppers")
    };
    let costly: Arc<dyn PasswordHasher> = Arc::new(Argon2Bcrypt::with_params(16, 1, 1).unwrap());
    let mut by_others = peppers(&[("2027", SECOND)]).season(costly, &system());
    let of_others = [
        hash(&*hasher(&[("2027", SECOND)])),
        hash(&**by_others.as_mut().expect("sound peppers")),
    ];
    for (used, own) in [
        (&[][..], "$argon2id$"),
        (&[("2026", FIRST)], "$pepper$2026:$argon2id$"),
    ] {
        let accepting = accepting(used);
        for of_others in &of_others {
            let verdict = verify(&*accepting, "correct horse", of_others);
            assert_eq!(verdict, Verdict::Right, "{used:?}");
            assert_eq!(verify(&*accepting, "wrong", of_others), Verdict::Wrong);
        }
        let new = hash(&*accepting);
        assert!(new.expose().starts_with(own), "{used:?}");
        assert_eq!(verify(&*accepting, "correct horse", &new), Verdict::Right);
    }
    let plain = hash(&*argon2());
    let verdict = verify(&*accepting(&[]), "correct horse", &plain);
    assert_eq!(verdict, Verdict::Right, "there is no other pepper yet");
    let mut twice = peppers(&[("2027", FIRST)]);
    twice.accept("2027".to_owned(), SECOND.as_bytes());
    let refused = twice.season(argon2(), &system()).map(drop);
    assert_eq!(refused, Err(("2027".to_owned(), InvalidPepper::Repeated)));
}

#[test]
fn operators_are_told_the_format_behind_the_mark() {
    let strong = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";
    let format = PasswordHash::new(format!("$pepper$2026:{strong}")).format();
    assert_eq!(
        (format.name, format.standing),
        ("argon2id", HashStanding::Current)
    );
}

#[test]
fn unusable_peppers_are_refused() {
    let long = "x".repeat(33);
    for (given, id, reason) in [
        (vec![("", FIRST)], "", InvalidPepper::Id),
        (vec![("a:b", FIRST)], "a:b", InvalidPepper::Id),
        (vec![(&*long, FIRST)], &*long, InvalidPepper::Id),
        (
            vec![("a", FIRST), ("a", SECOND)],
            "a",
            InvalidPepper::Repeated,
        ),
        (vec![("a", SYSTEM)], "a", InvalidPepper::Shared),
        (vec![("a", RESET)], "a", InvalidPepper::Shared),
        (vec![("a", FORMER)], "a", InvalidPepper::Shared),
        (
            vec![("a", "short")],
            "a",
            WeakSecret::Short { bytes: 5 }.into(),
        ),
        (vec![("a", "")], "a", WeakSecret::Empty.into()),
        (
            vec![("a", FIRST), ("b", &*long)],
            "b",
            WeakSecret::Guessable.into(),
        ),
    ] {
        let refused = peppers(&given).season(argon2(), &system());
        assert_eq!(refused.map(drop), Err((id.to_owned(), reason)));
    }
}

#[test]
fn the_secret_is_not_shown() {
    let shown = format!("{:?}", peppers(&[("2026", FIRST)]));
    assert_eq!(shown, "[\"2026\"]");
}
