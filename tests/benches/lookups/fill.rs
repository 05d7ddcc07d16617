//! Users and their tokens by the fastest way that each SQL database has: it makes them itself.

/// No hash: nobody logs in.
pub(crate) const HASH: &str = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHRzYWx0c2FsdA$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g";

/// The address of a user.
pub(crate) fn email(number: u32) -> String {
    format!("User{number}@example.com")
}

/// The token of a user, as long as tokens are.
pub(crate) fn token(number: u32) -> String {
    format!("{number:043}")
}

/// Users with UUIDs of 16 bytes as SeaORM keeps them, or of 36 characters.
pub(crate) fn sqlite(users: u32, is_sea_orm: bool) -> String {
    let (id, now) = if is_sea_orm {
        ("randomblob(16)", "'2026-01-01T00:00:00+00:00'")
    } else {
        (
            "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-8' || \
             substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))",
            "'2026-01-01 00:00:00.000000'",
        )
    };
    format!(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {users})
         INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, points)
         SELECT {id}, 'User' || n || '@example.com', '{HASH}', TRUE, FALSE, FALSE, 0 FROM number;
         INSERT INTO accesstoken (token, created_at, user_id)
         SELECT printf('%043d', substr(email, 5, instr(email, '@') - 5)), {now}, id FROM user;"
    )
}

/// Users, and what the server knows of their number, as its own service would have it a minute later.
pub(crate) fn postgres(users: u32) -> String {
    format!(
        "INSERT INTO \"user\" (id, email, hashed_password, is_active, is_superuser, is_verified, points)
         SELECT gen_random_uuid(), 'User' || n || '@example.com', '{HASH}', TRUE, FALSE, FALSE, 0 FROM generate_series(1, {users}) n;
         INSERT INTO accesstoken (token, created_at, user_id)
         SELECT lpad(substr(split_part(email, '@', 1), 5), 43, '0'), now(), id FROM \"user\";
         ANALYZE"
    )
}

/// Users, by the engine that counts.
pub(crate) fn mysql(users: u32) -> String {
    format!(
        "INSERT INTO user (id, email, hashed_password, is_active, is_superuser, is_verified, points)
         SELECT lower(concat(substr(h, 1, 8), '-', substr(h, 9, 4), '-4', substr(h, 14, 3), '-8', substr(h, 18, 3), '-', substr(h, 21))),
             concat('User', n, '@example.com'), '{HASH}', TRUE, FALSE, FALSE, 0
         FROM (SELECT seq n, md5(seq) h FROM seq_1_to_{users}) number;
         INSERT INTO accesstoken (token, created_at, user_id)
         SELECT lpad(substr(substring_index(email, '@', 1), 5), 43, '0'), utc_timestamp(6), id FROM user;
         ANALYZE TABLE user, accesstoken"
    )
}
