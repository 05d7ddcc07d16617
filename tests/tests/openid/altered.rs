//! Answers of the provider that somebody altered on the way.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{
    browser::Browser,
    provider::{CLIENT, Kept, Middle, Provider},
};

/// Nobody gets in with answers that were altered like this.
async fn assert_refused(provider: &Provider, what: &str, middle: Middle) {
    let app = provider.app_through(middle).await;
    let answer = Browser::at(&app).log_in("/oidc", "jo").await;
    assert_eq!(
        (answer.status, &*answer.text),
        (400, r#"{"detail":"OAUTH_PROFILE_FAILED"}"#),
        "{what}"
    );
    assert!(app.hooks.events().is_empty(), "{what}: somebody got in");
}

/// Alters the id token: header, claims and signature.
fn of_id_tokens(
    alter: impl Fn(&mut Value, &mut Value, String) -> String + Send + Sync + 'static,
) -> Middle {
    Middle::of_answers("/token", move |mut answer| {
        let token = answer["id_token"].as_str().expect("an id token").to_owned();
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!("{token}")
        };
        let json = |part| {
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64"))
                .expect("JSON")
        };
        let (mut header, mut claims): (Value, Value) = (json(header), json(claims));
        let signature = alter(&mut header, &mut claims, signature.to_owned());
        answer["id_token"] = format!("{}.{signature}", message(&header, &claims)).into();
        answer
    })
}

fn message(header: &Value, claims: &Value) -> String {
    let [header, claims] =
        [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{header}.{claims}")
}

#[tokio::test]
async fn an_id_token_is_the_providers_or_worth_nothing() {
    let provider = Provider::start().await;
    let with_claim = |name: &'static str, value: Value| {
        of_id_tokens(move |_, claims, signature| {
            claims[name] = value.clone();
            signature
        })
    };
    for (name, value) in [
        ("sub", json!("admin")),
        ("email", json!("admin@example.com")),
        ("aud", json!("x")),
        ("exp", json!(9e9)),
    ] {
        assert_refused(&provider, name, with_claim(name, value)).await;
    }
    assert_refused(
        &provider,
        "no signature",
        of_id_tokens(|_, _, _| String::new()),
    )
    .await;
    let unsigned = of_id_tokens(|header, _, _| {
        header["alg"] = json!("none");
        String::new()
    });
    assert_refused(&provider, "the algorithm none", unsigned).await;
    let by_secret = of_id_tokens(|header, claims, _| {
        *header = json!({ "alg": "HS256", "kid": header["kid"] });
        let mut mac = Hmac::<Sha256>::new_from_slice(CLIENT.1.as_bytes()).expect("any key");
        mac.update(message(header, claims).as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    });
    assert_refused(&provider, "signed with the client's secret", by_secret).await;
    let missing = Middle::of_answers("/token", |mut answer| {
        answer
            .as_object_mut()
            .expect("an object")
            .remove("id_token");
        answer
    });
    assert_refused(&provider, "no id token", missing).await;
}

#[tokio::test]
async fn an_id_token_is_good_for_its_flow_only() {
    let provider = Provider::start().await;
    let kept = Kept::default();
    let memory = kept.clone();
    let replaying = Middle::of_answers("/token", move |mut answer| {
        let mut kept = memory
            .lock()
            .expect("no test panics while it holds the lock");
        kept.push(answer["id_token"].clone());
        answer["id_token"] = kept[0].clone();
        answer
    });
    let app = provider.app_through(replaying).await;
    let browser = Browser::at(&app);
    browser.log_in("/oidc", "jo").await.ok();
    browser
        .log_in("/oidc", "jo")
        .await
        .assert_detail(400, "OAUTH_PROFILE_FAILED");
    let kept = kept.lock().expect("no test panics while it holds the lock");
    assert_ne!(kept[0], kept[1]);
}

#[tokio::test]
async fn the_profile_is_that_of_whom_the_id_token_is_about() {
    let provider = Provider::start().await;
    let somebody_elses = Middle::of_answers(
        "/me",
        |_| json!({ "sub": "admin", "email": "admin@example.com" }),
    );
    assert_refused(&provider, "the profile of somebody else", somebody_elses).await;
    let nobodys = Middle::of_answers("/me", |_| json!({ "email": "admin@example.com" }));
    assert_refused(&provider, "the profile of nobody", nobodys).await;
}

#[tokio::test]
async fn keys_are_those_that_the_provider_publishes() {
    let provider = Provider::start().await;
    let other = Provider::start().await;
    let authority: http::uri::Authority = other
        .issuer
        .strip_prefix("http://")
        .expect("http")
        .parse()
        .expect("an authority");
    // The other provider's key has the same name, so only the signature tells.
    let elsewhere = Middle::of_requests(move |mut request| {
        if request.uri().path() == "/jwks" {
            let mut parts = request.uri().clone().into_parts();
            parts.authority = Some(authority.clone());
            *request.uri_mut() = http::Uri::from_parts(parts).expect("a URL");
        }
        request
    });
    assert_refused(&provider, "the keys of another provider", elsewhere).await;
    let none = Middle::of_answers("/jwks", |_| json!({ "keys": [] }));
    assert_refused(&provider, "no keys", none).await;
}
