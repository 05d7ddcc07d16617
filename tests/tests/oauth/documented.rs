//! Every answer of the routes with a provider is in the document, and the document shows no other.

use axum::Router;
use serde_json::json;
use users_runtime::{
    Users,
    token::{Claims, JwtKeys},
    value::Value,
};
use users_tests::{App, SECRET, User, Witness};

use crate::provider::{Flow, account, code, logged_in, oauth, verified_user, verify};

const NEXT: &str = "https://front.example/done";

/// The routes of a provider without and with a front end, and an application whose document describes them.
async fn start() -> (App, Witness) {
    let (plain, _) = oauth("forge");
    let waiting = plain.clone().front_end(NEXT).requires_verification(false);
    let (served, served_waiting) = (plain.clone(), waiting.clone());
    let routes = move |users: &Users<User>| {
        let sound = "a sound configuration";
        Router::new()
            .nest(
                "/forge",
                users.oauth_router(served.clone(), "db").expect(sound),
            )
            .nest(
                "/link",
                users.oauth_associate_router(served.clone()).expect(sound),
            )
            .nest(
                "/waiting",
                users
                    .oauth_router(served_waiting.clone(), "cookie")
                    .expect(sound),
            )
            .nest("/accounts", users.oauth_accounts_router().expect(sound))
            .merge(users.users_router(false))
    };
    let app = App::builder().routes(routes).start().await;
    let api = app
        .users
        .api()
        .oauth("/forge", &plain, "db")
        .oauth_associate("/link", &plain);
    let api = api
        .oauth("/waiting", &waiting, "cookie")
        .oauth_accounts("/accounts");
    let witness = Witness::new(&api.build().expect("a document"));
    (app, witness)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of requests")]
async fn every_documented_error_is_answered() {
    let (app, witness) = start().await;
    let nobody = app.client();
    let jo = logged_in(
        &app,
        &Flow::start(&nobody, "/forge")
            .await
            .back(&account("1", "jo@example.com"))
            .await,
    );
    let al = app.user("al@example.com").await;
    let idle = app
        .set(
            &app.user("idle@example.com").await,
            "is_active",
            Value::Bool(false),
        )
        .await;
    verify(&app, "al@example.com").await;
    verify(&app, "jo@example.com").await;
    let new = app.client_of(&app.user("new@example.com").await).await;
    let al = app.client_of(&al).await;
    let of_idle = app.client_of(&idle).await;
    for (name, client, path) in [
        (
            "OAUTH_INVALID_NEXT",
            &nobody,
            "/waiting/authorize?next=https://evil.example",
        ),
        (
            "OAUTH_PROVIDER_ERROR",
            &nobody,
            "/forge/callback?error=access_denied",
        ),
        ("BAD_REQUEST", &nobody, "/forge/callback"),
        (
            "ACCESS_TOKEN_DECODE_ERROR",
            &nobody,
            "/forge/callback?code=x&state=y",
        ),
        ("UNAUTHORIZED", &of_idle, "/link/authorize"),
        ("UNAUTHORIZED", &nobody, "/link/callback?code=x"),
        ("FORBIDDEN", &new, "/link/authorize"),
        ("FORBIDDEN", &new, "/link/callback?code=x"),
        (
            "OAUTH_INVALID_SCOPE",
            &nobody,
            "/forge/authorize?scopes=admin",
        ),
        ("UNAUTHORIZED", &nobody, "/accounts"),
    ] {
        witness.saw("GET", path, &client.get(path).await, name);
    }
    for (name, client, prefix, script) in [
        (
            "OAUTH_CODE_EXCHANGE_FAILED",
            &nobody,
            "/forge",
            json!({ "fail": "exchange" }),
        ),
        (
            "OAUTH_PROFILE_FAILED",
            &nobody,
            "/forge",
            json!({ "fail": "profile" }),
        ),
        (
            "OAUTH_PROVIDER_UNAVAILABLE",
            &nobody,
            "/forge",
            json!({ "fail": "down" }),
        ),
        (
            "OAUTH_NOT_AVAILABLE_EMAIL",
            &nobody,
            "/forge",
            json!({ "id": "2" }),
        ),
        (
            "OAUTH_USER_ALREADY_EXISTS",
            &nobody,
            "/forge",
            json!({ "id": "2", "email": "al@example.com" }),
        ),
        (
            "OAUTH_ACCOUNT_ALREADY_LINKED",
            &al,
            "/link",
            json!({ "id": "1", "email": "jo@example.com" }),
        ),
        (
            "OAUTH_NOT_AVAILABLE_EMAIL",
            &al,
            "/link",
            json!({ "id": "2" }),
        ),
    ] {
        let answer = Flow::start(client, prefix).await.back(&code(&script)).await;
        witness.saw("GET", &format!("{prefix}/callback"), &answer, name);
    }
    let elsewhere = nobody.host("app.example.com");
    witness.saw(
        "GET",
        "/forge/authorize",
        &elsewhere.get("/forge/authorize").await,
        "OAUTH_REDIRECT_URL_NOT_CONFIGURED",
    );
    let mut stolen = Flow::start(&nobody, "/forge").await;
    stolen.cookie = Flow::start(&nobody, "/forge").await.cookie;
    witness.saw(
        "GET",
        "/forge/callback",
        &stolen.back(&account("1", "jo@example.com")).await,
        "OAUTH_INVALID_STATE",
    );
    let mut old = Flow::start(&nobody, "/forge").await;
    let csrf = old.cookie.split_once('=').expect("a cookie").1.to_owned();
    let claims = Claims::new()
        .with("csrftoken", csrf)
        .with("aud", "fastapi-users:oauth-state")
        .with("exp", json!(1));
    let keys = JwtKeys::hs256(SECRET).expect("a strong secret");
    old.sent
        .insert("state".to_owned(), keys.encode(&claims).expect("a token"));
    witness.saw(
        "GET",
        "/forge/callback",
        &old.back(&account("1", "jo@example.com")).await,
        "ACCESS_TOKEN_ALREADY_EXPIRED",
    );
    for (name, path) in [
        ("OAUTH_LAST_LOGIN_METHOD", "/accounts/forge/1"),
        ("OAUTH_NO_SUCH_ACCOUNT", "/accounts/forge/%FF"),
    ] {
        witness.saw("DELETE", path, &jo.send("DELETE", path).await, name);
    }
    let of_another_site = nobody
        .cookie("fastapiusersauth=any")
        .header("sec-fetch-site", "cross-site");
    let path = "/accounts/forge/1";
    let answer = of_another_site.send("DELETE", path).await;
    witness.saw("DELETE", path, &answer, "CROSS_SITE_REQUEST");
    let user = app.stored("jo@example.com").await;
    let is_verified = async |value: &str| {
        sqlx::query("UPDATE user SET is_verified = ? WHERE email = 'jo@example.com'")
            .bind(value.to_owned())
            .execute(app.store.pool())
            .await
            .expect("a changed row");
    };
    let flow = Flow::start(&jo, "/link").await;
    // A row that cannot be read.
    is_verified("perhaps").await;
    let answer = flow.back(&account("1", "jo@example.com")).await;
    witness.saw("GET", "/link/callback", &answer, "SERVER_ERROR");
    is_verified("0").await;
    app.set(&user, "is_active", Value::Bool(false)).await;
    let answer = Flow::start(&nobody, "/forge")
        .await
        .back(&account("1", "jo@example.com"))
        .await;
    witness.saw("GET", "/forge/callback", &answer, "LOGIN_BAD_CREDENTIALS");
    app.store.pool().close().await;
    witness.saw(
        "GET",
        "/accounts",
        &al.get("/accounts").await,
        "UNAVAILABLE",
    );

    assert_eq!(witness.seen(), witness.examples());
}

#[tokio::test]
async fn every_documented_success_is_answered() {
    let (app, witness) = start().await;
    let nobody = app.client();
    let al = verified_user(&app, "al@example.com").await;
    let al = app.client_of(&al).await;
    for (client, path) in [
        (&nobody, "/forge/authorize"),
        (&nobody, "/waiting/authorize?extra=x"),
        (&al, "/link/authorize"),
    ] {
        witness.saw("GET", path, &client.get(path).await, "");
    }
    let script = account("1", "jo@example.com");
    witness.saw(
        "GET",
        "/forge/callback",
        &Flow::start(&nobody, "/forge").await.back(&script).await,
        "",
    );
    witness.saw(
        "GET",
        "/waiting/callback",
        &Flow::start(&nobody, "/waiting").await.back(&script).await,
        "",
    );
    let waiting = Flow::start_with(&nobody, "/waiting", &format!("?next={NEXT}"))
        .await
        .back(&script)
        .await;
    assert_eq!(waiting.status, 303);
    witness.saw("GET", "/waiting/callback", &waiting, "");
    let linked = Flow::start(&al, "/link")
        .await
        .back(&account("2", "al@example.com"))
        .await;
    witness.saw("GET", "/link/callback", &linked, "");
    witness.saw("GET", "/accounts", &al.get("/accounts").await, "");
    witness.saw(
        "DELETE",
        "/accounts/forge/2",
        &al.send("DELETE", "/accounts/forge/2").await,
        "",
    );
}
