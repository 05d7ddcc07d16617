//! Hashes made by argon2-cffi 25.1 and bcrypt 5.0; the verdicts are pwdlib's.

use argon2::{Algorithm, Argon2, Version};

use crate::password::{
    Argon2Bcrypt, CredentialsStamp, HashLimits, Password, PasswordHash, PasswordHasher as _,
    Scratch,
    Verdict::{self, Right, RightButOutdated, Wrong},
    phc::Argon2Form,
};

const SALT: &str = "MDEyMzQ1Njc4OWFiY2RlZg";
const BCRYPT: &str = "$2b$04$xTKscFS76Pk9ea1.OrjlQujnPC87yVjaBDHATzLsRTa/gKsP4ZTpK";
const EMPTY_PASSWORD: &str = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$YdvKnHDNdnx3UXOE4OXsgVckBvuq3gpvrMbEV3UYnbY";

fn small() -> Argon2Bcrypt {
    Argon2Bcrypt::with_params(64, 1, 1).expect("valid parameters")
}

fn verdict(password: &str, hash: &str) -> Verdict {
    let hasher = small();
    let mut scratch = Scratch::keeping(hasher.kept_kib());
    hasher.verify(
        &Password::from(password),
        &PasswordHash::new(hash),
        &mut scratch,
    )
}

#[test]
fn hashes_of_the_present_parameters_are_right() {
    for (password, hash) in [
        ("secret", "pbviq+1UUgwZCmLIr4Hgk7mEMsxnRLuOb2HfvIaBwGY"),
        ("a\0b", "ttRlE976sjBxCQwjFXARyk1cyNHvNDneaGoDa3dyRrI"),
        ("😀é", "WUyGrhRSaWFqID/9PTQjkF1Gdcyw4RCaCJd2kgroqcs"),
    ] {
        let hash = format!("$argon2id$v=19$m=64,t=1,p=1${SALT}${hash}");
        assert_eq!(verdict(password, &hash), Right, "{password:?}");
        for wrong in [
            format!("{password}x"),
            format!("{password}\0"),
            password.chars().take(1).collect(),
            String::new(),
        ] {
            assert_eq!(verdict(&wrong, &hash), Wrong, "{wrong:?}");
        }
    }
    assert_eq!(verdict("", EMPTY_PASSWORD), Right);
    assert_eq!(verdict("\0", EMPTY_PASSWORD), Wrong);
}

#[test]
fn other_kinds_and_parameters_of_argon2_are_outdated() {
    for hash in [
        "$argon2i$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$ydL2ZvaZLpzZK5nm2nRpR7psvxJVKIpRvQcD9QiFzUw",
        "$argon2d$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Scqi27ZnsiOaL27KNyuCLBOAsVFCBP20bwq56zO4piI",
        "$argon2id$v=16$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$owp9cU0LOyFOeaKohydig+y/mwFsMQK/gVeS8/IX3mI",
        "$argon2id$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$owp9cU0LOyFOeaKohydig+y/mwFsMQK/gVeS8/IX3mI",
        "$argon2i$v=16$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$wdBEfc7eZNM6BGq5NevQMWvgBhDfrgaBUgiZf/EDFmQ",
        "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$2sV3jQ",
        "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$K0XvANDXtVgB1qKCK+EuDJQCf1AsAaBfTIEJfjfCFRuMO4gxxLhovTqFMihPuTBSELb/JthMKsYqHDvh193u2Q",
        "$argon2id$v=19$m=64,t=1,p=1$MTIzNDU2Nzg$pXH/HI+ZmbeFjakbCKQpg5vqm5nlJPmvTqvB921N9gI",
        "$argon2id$v=19$m=64,t=1,p=2$MDEyMzQ1Njc4OWFiY2RlZg$ZeYeFnsHgVdKoy2+D64mMOrK3DqK9tN9T/Zc06OS6YE",
        "$argon2id$v=19$m=8,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$HIwfwT3UgL1xH8qo47711LVIuAY+GNxmwLyMeUV5e8o",
        "$argon2id$v=19$m=128,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$sPXKW66oIL7Gym2rOKu/I0i/6hiLUe0pCU5g1gq8dPE",
    ] {
        assert_eq!(verdict("secret", hash), RightButOutdated, "{hash}");
        assert_eq!(verdict("Secret", hash), Wrong, "{hash}");
    }
}

#[test]
fn the_original_and_the_default_parameters_agree() {
    let hasher = Argon2Bcrypt::new();
    let mut scratch = Scratch::keeping(hasher.kept_kib());
    let hash = "$argon2id$v=19$m=65536,t=3,p=4$MDEyMzQ1Njc4OWFiY2RlZg$s7HDvht1s+JaAdJ1qoLH/2c4KCL7V5DME2Cyd+d1XPI";
    let ours = hasher
        .hash_with_salt(
            &Password::from("secret"),
            *b"0123456789abcdef",
            &mut scratch,
        )
        .expect("a hash");
    assert_eq!(ours.expose(), hash);
    assert_eq!(
        hasher.verify(&Password::from("secret"), &ours, &mut scratch),
        Right
    );
    assert_eq!(ours.salt(), Some(*b"0123456789abcdef"));
}

#[test]
fn every_hash_has_a_salt_of_its_own() {
    let (hasher, mut scratch, password) = (
        small(),
        Scratch::default(),
        Password::from("x".repeat(100_000)),
    );
    let first = hasher.hash(&password, &mut scratch).expect("a hash");
    let second = hasher.hash(&password, &mut scratch).expect("a hash");
    assert_ne!(first, second);
    assert!(
        first.expose().starts_with("$argon2id$v=19$m=64,t=1,p=1$"),
        "{}",
        first.expose()
    );
    assert_eq!(hasher.verify(&password, &first, &mut scratch), Right);
    assert_eq!(
        hasher.verify(&Password::from("x".repeat(99_999)), &first, &mut scratch),
        Wrong
    );
}

#[test]
fn bcrypt_is_right_and_always_outdated() {
    for prefix in ["$2a$", "$2b$", "$2x$", "$2y$"] {
        assert_eq!(
            verdict("secret", &BCRYPT.replace("$2b$", prefix)),
            RightButOutdated,
            "{prefix}"
        );
        assert_eq!(
            verdict("Secret", &BCRYPT.replace("$2b$", prefix)),
            Wrong,
            "{prefix}"
        );
    }
    let with = |hash: &str| format!("$2x$04$xTKscFS76Pk9ea1.OrjlQu{hash}");
    // Not the sign-extension bug that `2x` stands for in other libraries: Python's bcrypt does not have it either.
    assert_eq!(
        verdict("ÿé", &with("Z07d0Oxk3tHT5/D7PMMTVT5uv8OEncC")),
        RightButOutdated
    );
    assert_eq!(
        verdict("", &with("/o2fwVyVKrMaCXSPPMvzsEgKN8H55FK")),
        RightButOutdated
    );
    assert_eq!(
        verdict("a\0b", &with("NYseXxGm7LGVe74UdVGLaEA1FsLwHim")),
        RightButOutdated
    );
    assert_eq!(
        verdict("a", &with("NYseXxGm7LGVe74UdVGLaEA1FsLwHim")),
        Wrong
    );
    assert_eq!(
        PasswordHash::new(BCRYPT).salt().map(|salt| salt[0]),
        Some(0xcd)
    );
}

#[test]
fn an_upgrade_can_keep_the_salt() {
    let (hasher, mut scratch, old) = (small(), Scratch::default(), PasswordHash::new(BCRYPT));
    let salt = old.salt().expect("a salt");
    let new = hasher
        .hash_with_salt(&Password::from("secret"), salt, &mut scratch)
        .expect("a hash");
    assert_eq!(new.salt(), Some(salt));
    assert_eq!(
        hasher.verify(&Password::from("secret"), &new, &mut scratch),
        Right
    );
}

#[test]
fn the_upgrade_of_another_salts_hash_has_its_stamp_and_is_not_outdated_again() {
    let (hasher, mut scratch, password) = (small(), Scratch::default(), Password::from("secret"));
    for length in [8, 15, 17, 32] {
        let (salt, mut hash) = (vec![7; length], [0; 32]);
        let params = argon2::Params::new(64, 1, 1, Some(32)).expect("parameters");
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(b"secret", &salt, &mut hash)
            .expect("a hash");
        let old = PasswordHash::new(Argon2Form::write(64, 1, 1, &salt, &hash));
        let verdict = hasher.verify(&password, &old, &mut scratch);
        assert_eq!(verdict, RightButOutdated, "{length}");
        let new = hasher
            .hash_with_salt(&password, old.salt().expect("a salt"), &mut scratch)
            .expect("a hash");
        assert_eq!(CredentialsStamp::of(&new), CredentialsStamp::of(&old));
        assert_eq!(hasher.verify(&password, &new, &mut scratch), Right);
    }
    let mut salts: Vec<_> = ["MTIzNDU2Nzg", "MTIzNDU2Nzk", "MTIzNDU2Nzg5"]
        .map(|salt| PasswordHash::new(format!("$argon2id$v=19$m=64,t=1,p=1${salt}$AAAAAA")).salt())
        .to_vec();
    salts.dedup();
    assert_eq!(salts.len(), 3, "other salts have other stamps");
}

#[test]
fn bcrypt_takes_72_bytes_and_no_more() {
    let hash = "$2b$04$xTKscFS76Pk9ea1.OrjlQucbxnLnnwWbAs59uUO4FH4nhr0e5OlfC";
    assert_eq!(verdict(&"a".repeat(72), hash), RightButOutdated);
    assert_eq!(verdict(&"a".repeat(73), hash), Wrong);
    assert_eq!(verdict(&"a".repeat(71), hash), Wrong);
}

#[test]
fn unreadable_hashes_are_wrong() {
    let argon2 =
        format!("$argon2id$v=19$m=64,t=1,p=1${SALT}$pbviq+1UUgwZCmLIr4Hgk7mEMsxnRLuOb2HfvIaBwGY");
    for bad in [
        "",
        "$",
        "secret",
        "plain$secret",
        "$1$abc$def",
        "pbkdf2_sha256$1$a$b",
        "!",
        "\0",
        "é$2b$04$",
    ] {
        assert_eq!(verdict("secret", bad), Wrong, "{bad}");
        assert_eq!(PasswordHash::new(bad).salt(), None, "{bad}");
    }
    for (from, to) in [
        ("p=1", "p=0"),
        ("t=1", "t=0"),
        ("m=64", "m=7"),
        ("p=1", "p=9"),
        (SALT, "MTIzNDU2Nw"),
        ("p=1", "p=16777216"),
    ] {
        assert_eq!(verdict("secret", &argon2.replace(from, to)), Wrong, "{to}");
    }
}

#[test]
fn hostile_parameters_are_wrong_and_cheap() {
    let started = std::time::Instant::now();
    for costs in [
        "m=4294967295,t=1,p=1",
        "m=64,t=2147483648,p=1",
        "m=1048576,t=17,p=1",
        "m=1048577,t=1,p=1",
        "m=64,t=4294967295,p=8",
    ] {
        let hash =
            format!("$argon2id$v=19${costs}${SALT}$pbviq+1UUgwZCmLIr4Hgk7mEMsxnRLuOb2HfvIaBwGY");
        assert_eq!(verdict("secret", &hash), Wrong, "{costs}");
    }
    assert_eq!(verdict("secret", &BCRYPT.replace("$04$", "$31$")), Wrong);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn limits_can_be_moved() {
    let hash = PasswordHash::new(
        "$argon2id$v=19$m=128,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$sPXKW66oIL7Gym2rOKu/I0i/6hiLUe0pCU5g1gq8dPE",
    );
    let (password, mut scratch) = (Password::from("secret"), Scratch::default());
    for (memory, work, verdict) in [
        (128, 128, RightButOutdated),
        (127, 128, Wrong),
        (128, 127, Wrong),
    ] {
        let limits = HashLimits {
            argon2_memory_kib: memory,
            argon2_work_kib: work,
            ..HashLimits::default()
        };
        assert_eq!(
            small()
                .limits(limits)
                .verify(&password, &hash, &mut scratch),
            verdict,
            "{memory} {work}"
        );
    }
    let limits = HashLimits {
        bcrypt_cost: 3,
        ..HashLimits::default()
    };
    assert_eq!(
        small()
            .limits(limits)
            .verify(&password, &PasswordHash::new(BCRYPT), &mut scratch),
        Wrong
    );
}

#[test]
fn impossible_parameters_are_an_error() {
    for (m, t, p) in [
        (7, 1, 1),
        (8, 0, 1),
        (8, 1, 0),
        (8, 1, 2),
        (u32::MAX, 1, 1 << 24),
    ] {
        let error = Argon2Bcrypt::with_params(m, t, p).expect_err("impossible");
        assert!(
            error.to_string().contains(&format!("m={m}, t={t}, p={p}")),
            "{error}"
        );
    }
}
