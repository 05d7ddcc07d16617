//! Every mistake of a configuration is told when the system is built, with how to mend it, and never by a panic.

use std::time::Duration;

use sqlx::SqlitePool;
use users_runtime::{
    AccessTokenStore, Backend, BearerTransport, BuildError, Compat, CookieTransport,
    DatabaseStrategy, Expected, JwtStrategy, PasswordHash, SameSite, SqliteStore, StoreError,
    UserModel, UserStore, Users, UsersBuilder, async_trait,
    password::PasswordsConfig,
    store::ColumnValue,
    token::{JwtKeys, SigningKey, WeakSecret},
};
use users_tests::{SECRET, User};
use uuid::Uuid;

/// A user whose backends need what only the application can give.
#[derive(Clone, Debug, UserModel)]
#[fastapi_users(
    table = "guest",
    backend(name = "fast", transport = bearer, strategy = redis),
    backend(name = "own", transport = cookie, strategy = custom)
)]
struct Guest {
    id: Uuid,
    email: String,
    hashed_password: PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
}

/// A store that keeps users, but no access tokens.
struct WithoutTokens;

#[async_trait]
impl UserStore<User> for WithoutTokens {
    async fn find(&self, _: &Uuid) -> Result<Option<User>, StoreError> {
        Ok(None)
    }

    async fn find_by_email(&self, _: &str) -> Result<Option<User>, StoreError> {
        Ok(None)
    }

    async fn insert(&self, _: Vec<ColumnValue>) -> Result<User, StoreError> {
        Err(StoreError::NotFound)
    }

    async fn update(
        &self,
        _: &Uuid,
        _: Vec<ColumnValue>,
        _: Option<Expected<'_>>,
    ) -> Result<User, StoreError> {
        Err(StoreError::NotFound)
    }

    async fn delete(&self, _: &Uuid) -> Result<(), StoreError> {
        Err(StoreError::NotFound)
    }

    fn access_tokens(&self) -> Option<&dyn AccessTokenStore<Uuid>> {
        None
    }
}

fn store<U: UserModel>() -> SqliteStore<U> {
    SqliteStore::new(SqlitePool::connect_lazy("sqlite::memory:").expect("a URL"))
}

fn builder() -> UsersBuilder<User> {
    Users::<User>::builder(store(), SECRET)
}

fn keys() -> JwtKeys {
    JwtKeys::hs256(SECRET).expect("a secret")
}

fn backend(name: &str) -> Backend<User> {
    Backend::new(name, BearerTransport::new(), JwtStrategy::new(keys()))
}

/// The error, which names `hints` and shows no secret.
#[track_caller]
fn refused<U: UserModel>(builder: UsersBuilder<U>, hints: &[&str]) -> BuildError {
    let error = builder.build().expect_err("a mistake");
    let text = error.to_string();
    for hint in hints {
        assert!(text.contains(hint), "`{hint}` is missing: {text}");
    }
    for shown in [text, format!("{error:?}")] {
        assert!(
            !shown.contains(SECRET) && !shown.contains("tiny secret"),
            "{shown}"
        );
    }
    error
}

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

#[tokio::test]
async fn two_backends_are_not_one() {
    let error = refused(
        builder().backend(backend("jwt").prefix("/elsewhere")),
        &["`jwt`", "name of its own"],
    );
    assert!(
        matches!(&error, BuildError::DuplicateBackend(name) if name == "jwt"),
        "{error:?}"
    );
    let error = refused(
        builder()
            .backend(backend("a"))
            .backend(backend("a").prefix("/b")),
        &["`a`", "name of its own"],
    );
    assert!(
        matches!(&error, BuildError::DuplicateBackend(name) if name == "a"),
        "{error:?}"
    );
    let error = refused(
        builder().backend(backend("other").prefix("/auth/jwt")),
        &["`/auth/jwt`", "prefix of its own"],
    );
    assert!(
        matches!(&error, BuildError::DuplicatePrefix(prefix) if prefix == "/auth/jwt"),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_only_the_application_can_give_must_be_given() {
    let guests = || Users::<Guest>::builder(store(), SECRET);
    let error = refused(guests(), &["`fast`", ".strategy(\"fast\", …)"]);
    assert!(
        matches!(&error, BuildError::MissingStrategy(name) if name == "fast"),
        "{error:?}"
    );
    let error = refused(
        guests().strategy("fast", JwtStrategy::new(keys())),
        &["`own`", ".strategy(\"own\", …)"],
    );
    assert!(
        matches!(&error, BuildError::MissingStrategy(name) if name == "own"),
        "{error:?}"
    );
    let complete = guests()
        .strategy("fast", JwtStrategy::new(keys()))
        .strategy("own", DatabaseStrategy::new(store()));
    assert_eq!(
        complete
            .build()
            .expect("a sound configuration")
            .backends()
            .len(),
        2
    );
}

#[tokio::test]
async fn parts_are_given_to_backends_that_there_are() {
    let hints = ["`jwr`", "declare it", ".backend(…)"];
    for mistaken in [
        builder().strategy("jwr", JwtStrategy::new(keys())),
        builder().transport("jwr", BearerTransport::new()),
    ] {
        let error = refused(mistaken, &hints);
        assert!(
            matches!(&error, BuildError::UnknownBackend(name) if name == "jwr"),
            "{error:?}"
        );
    }
    // An added backend has its parts already.
    let error = refused(
        builder()
            .backend(backend("jwr"))
            .transport("jwr", BearerTransport::new()),
        &["`jwr`"],
    );
    assert!(
        matches!(&error, BuildError::UnknownBackend(name) if name == "jwr"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_store_without_tokens_serves_no_database_backend() {
    let error = refused(
        Users::<User>::builder(WithoutTokens, SECRET),
        &["`db`", "access tokens", "`.strategy(\"db\", …)`"],
    );
    assert!(
        matches!(&error, BuildError::NoAccessTokens(name) if name == "db"),
        "{error:?}"
    );
    let other =
        Users::<User>::builder(WithoutTokens, SECRET).strategy("db", JwtStrategy::new(keys()));
    other.build().expect("another strategy needs none");
}

#[tokio::test]
async fn a_cookie_that_browsers_would_refuse_is_refused() {
    let with = |transport: CookieTransport| builder().transport("cookie", transport);
    let insecure = CookieTransport::new()
        .same_site(SameSite::None)
        .secure(false);
    let mistakes = [
        (insecure, ["`cookie`", "Secure"]),
        (
            CookieTransport::new().name("two words"),
            ["`two words`", "letters, digits"],
        ),
        (
            CookieTransport::new().name(""),
            ["name of a cookie", "letters, digits"],
        ),
        (
            CookieTransport::new().name("Path"),
            ["`Path`", "no name of an attribute"],
        ),
        (
            CookieTransport::new().path("/; HttpOnly"),
            ["path of a cookie", "ASCII"],
        ),
        (
            CookieTransport::new().path("/é"),
            ["path of a cookie", "ASCII"],
        ),
        (
            CookieTransport::new().domain("example.com\r\nx: y"),
            ["domain of a cookie", "ASCII"],
        ),
        (
            CookieTransport::new().domain("https://example.com"),
            ["`https://example.com`", "without scheme"],
        ),
        (
            CookieTransport::new().domain("example.com,example.org"),
            ["`example.com,example.org`", "host's name alone"],
        ),
        (
            CookieTransport::new().path("app"),
            ["`app`", "begin it with `/`"],
        ),
        (
            CookieTransport::new().name("__Host-auth").path("/app"),
            ["`__Host-auth`", "its path to `/`"],
        ),
        (
            CookieTransport::new().name("__HOST-auth").domain("a.b"),
            ["`__HOST-auth`", "no domain"],
        ),
        (
            CookieTransport::new().name("__Host-auth").secure(false),
            ["`__Host-auth`", "make it Secure"],
        ),
        (
            CookieTransport::new().name("__secure-auth").secure(false),
            ["`__secure-auth`", "make it Secure"],
        ),
        (
            CookieTransport::new().name("__Http-auth").http_only(false),
            ["`__Http-auth`", "make it HttpOnly"],
        ),
    ];
    for (transport, hints) in mistakes {
        let error = refused(with(transport.clone()), &hints);
        assert!(
            matches!(&error, BuildError::InvalidTransport { backend, .. } if backend == "cookie"),
            "{error:?}"
        );
        let added = Backend::new("more", transport, JwtStrategy::new(keys()));
        let error = refused(builder().backend(added), &["`more`"]);
        assert!(
            matches!(&error, BuildError::InvalidTransport { backend, .. } if backend == "more"),
            "{error:?}"
        );
    }
    for sound in [
        CookieTransport::new().same_site(SameSite::None),
        CookieTransport::new()
            .same_site(SameSite::Strict)
            .secure(false),
        CookieTransport::new().path("").domain("").max_age(None),
        CookieTransport::new().name("__Host-auth"),
        CookieTransport::new()
            .name("__Secure-auth")
            .domain(".example.com")
            .path("/app"),
    ] {
        with(sound).build().expect("a sound cookie");
    }
}

#[tokio::test]
async fn a_prefix_is_a_plain_path() {
    for prefix in [
        "",
        "/",
        "session",
        "/session/",
        "/a//b",
        "/{id}",
        "/{*rest}",
        "/:id",
        "/*rest",
        "/a b",
        "/{",
        "/}",
        "/é",
        "/a?b",
        "/%2f",
    ] {
        let error = refused(
            builder().backend(backend("more").prefix(prefix)),
            &["prefix", "start", "`/`"],
        );
        assert!(
            matches!(&error, BuildError::InvalidPrefix(found) if found == prefix),
            "{error:?}"
        );
    }
    for name in ["", "a b", "{name}", "../users", "a/"] {
        let error = refused(builder().backend(backend(name)), &["prefix"]);
        assert!(
            matches!(&error, BuildError::InvalidPrefix(_)),
            "{name:?}: {error:?}"
        );
    }
    for prefix in [
        "/s",
        "/api/v1/session",
        "/a-b_c.d~e",
        "/users",
        "/users/me",
        "/auth",
    ] {
        let users = builder()
            .backend(backend("more").prefix(prefix))
            .build()
            .expect("a sound prefix");
        let _: axum::Router = users.router();
    }
}

#[tokio::test]
async fn odd_numbers_are_no_mistakes() {
    let odd = [
        Duration::ZERO,
        Duration::from_nanos(1),
        Duration::from_secs(u64::from(u32::MAX)),
        Duration::MAX,
    ];
    for duration in odd {
        let users = builder()
            .access_token_lifetime(duration)
            .reset_token_lifetime(duration)
            .verify_token_lifetime(duration)
            .hashing(PasswordsConfig::new().max_parallel(0).max_queued(0))
            .body_limit(0)
            .build()
            .expect("a sound configuration");
        let _: axum::Router = users.router();
        let response = users
            .backend("cookie")
            .expect("the backend")
            .transport()
            .login_response("token");
        assert_eq!(response.status(), 204);
    }
    builder()
        .hashing(
            PasswordsConfig::new()
                .max_parallel(usize::MAX)
                .max_queued(usize::MAX),
        )
        .build()
        .expect("as many as can be");
}

#[tokio::test]
async fn an_email_domain_that_is_none_is_told() {
    for domain in [
        "",
        "jo@corp.local",
        "a b",
        ".local",
        "local.",
        "[127.0.0.1]",
    ] {
        let error = refused(
            builder().allow_special_use_domains([domain]),
            &["e-mail domain", "corp.local"],
        );
        assert!(
            matches!(&error, BuildError::InvalidEmailDomain { domain: found, .. } if found == domain),
            "{domain:?}: {error:?}"
        );
    }
}
