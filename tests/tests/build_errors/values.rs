//! Cookies, prefixes, numbers and domains.

use std::time::Duration;

use users_runtime::{
    Backend, CookieTransport, JwtStrategy, errors::BuildError, password::PasswordsConfig,
    session::SameSite,
};

use crate::{backend, builder, keys, refused};

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

/// A user with a list in an array.
#[derive(Clone, Debug, users_runtime::UserModel)]
#[fastapi_users(backend(name = "jwt", transport = bearer, strategy = jwt))]
struct Tagged {
    id: uuid::Uuid,
    email: String,
    hashed_password: users_runtime::PasswordHash,
    is_active: bool,
    is_superuser: bool,
    is_verified: bool,
    #[fastapi_users(array, default)]
    tags: Vec<String>,
}

#[tokio::test]
async fn arrays_need_a_database_that_has_them() {
    let builder = users_runtime::Users::<Tagged>::builder(crate::store(), users_tests::SECRET);
    let error = crate::refused(builder, &["`tags`", "PostgreSQL", "remove `array`"]);
    assert!(matches!(error, BuildError::NoArrays("tags")), "{error:?}");
}
