//! The keys of an issuer: which of them verify, and when they are asked for.

use super::*;

#[tokio::test]
async fn other_signatures_are_refused() {
    let issuer = Signer::new();
    let unsigned = "its token is not signed by one of its keys";
    let unknown =
        "its token is signed by an algorithm that is not accepted: name it with `signed_with`";
    let malformed = "its id token is malformed";
    let good = issuer.rsa(&claims(&json!({})));
    let (message, signature) = good.rsplit_once('.').expect("a token");
    let (header, _) = message.split_once('.').expect("a token");
    let forged = format!(
        "{header}.{}.{signature}",
        base64(claims(&json!({ "sub": "adam" })).to_string())
    );
    let other = Signer::new().sign(
        &json!({ "alg": "ES256", "kid": "point" }),
        &claims(&json!({})),
    );
    let signed = |header: Value| issuer.sign(&header, &claims(&json!({})));
    let tokens = [
        (forged, unsigned),
        (other, unsigned),
        (format!("{message}."), unsigned),
        (signed(json!({ "alg": "none", "kid": "rsa" })), unknown),
        (signed(json!({ "alg": "HS256", "kid": "rsa" })), unknown),
        (signed(json!({ "alg": "HS256", "kid": "secret" })), unknown),
        // The key is meant for something else than the header says.
        (signed(json!({ "alg": "RS256", "kid": "point" })), unsigned),
        (
            signed(json!({ "alg": "RS256", "kid": "unknown" })),
            unsigned,
        ),
        (
            signed(json!({ "alg": "RS256", "kid": "rsa", "crit": ["b64"], "b64": true })),
            malformed,
        ),
        (
            signed(json!({ "alg": "RS256", "kid": "rsa", "crit": [] })),
            malformed,
        ),
        (signed(json!({ "kid": "rsa" })), malformed),
        (message.to_owned(), malformed),
        ("no token".to_owned(), malformed),
        (String::new(), malformed),
        (format!("{message}.ÿ"), malformed),
    ];
    for (token, why) in tokens {
        assert_eq!(
            verified(&issuer, &token).await,
            Err(why.to_owned()),
            "{token}"
        );
    }
}

#[tokio::test]
async fn keys_for_encryption_or_another_algorithm_verify_nothing() {
    let issuer = Signer::new();
    for (name, value) in [
        ("use", "enc"),
        ("alg", "PS256"),
        ("kty", "EC"),
        ("n", "AQAB"),
        ("n", "ÿ"),
    ] {
        let mut keys = issuer.key_set();
        keys["keys"][0][name] = json!(value);
        let (http, _) = published(keys);
        let token = provider_token(Some(&issuer.rsa(&claims(&json!({})))));
        assert!(
            verify(&IdTokens::default(), &http, &token, EXPECTED)
                .await
                .is_err(),
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn keys_are_asked_for_once_and_again_for_an_unknown_one() {
    let issuer = Signer::new();
    let (http, asked) = published(issuer.key_set());
    let id_tokens = IdTokens::default();
    let good = provider_token(Some(&issuer.rsa(&claims(&json!({})))));
    let unknown = issuer.sign(
        &json!({ "alg": "RS256", "kid": "unknown" }),
        &claims(&json!({})),
    );
    let unknown = provider_token(Some(&unknown));
    for _ in 0..3 {
        verify(&id_tokens, &http, &good, EXPECTED)
            .await
            .expect("a subject");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    // Keys that were asked for just now are not asked for again, or any client could make us ask.
    verify(&id_tokens, &http, &unknown, EXPECTED)
        .await
        .expect_err("an unknown key");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    let age = |seconds| {
        let mut cached = id_tokens.cached.lock().expect("the keys");
        let since = Instant::now()
            .checked_sub(Duration::from_secs(seconds))
            .expect("a clock that runs for a while");
        cached.as_mut().expect("the keys").0 = since;
    };
    age(PATIENCE.as_secs() + 1);
    verify(&id_tokens, &http, &good, EXPECTED)
        .await
        .expect("a subject");
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    for _ in 0..2 {
        verify(&id_tokens, &http, &unknown, EXPECTED)
            .await
            .expect_err("an unknown key");
        assert_eq!(asked.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn a_new_key_is_found() {
    let issuer = Signer::new();
    let id_tokens = IdTokens::default();
    let long_ago = Instant::now()
        .checked_sub(PATIENCE * 2)
        .expect("a clock that runs for a while");
    *id_tokens.cached.lock().expect("the keys") = Some((long_ago, Arc::new(json!({ "keys": [] }))));
    let (http, asked) = published(issuer.key_set());
    let token = provider_token(Some(&issuer.rsa(&claims(&json!({})))));
    assert_eq!(
        verify(&id_tokens, &http, &token, EXPECTED)
            .await
            .expect("a subject")
            .as_deref(),
        Some("zoe")
    );
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn keys_that_cannot_be_had_verify_nothing() {
    let issuer = Signer::new();
    let token = provider_token(Some(&issuer.rsa(&claims(&json!({})))));
    for (status, body) in [
        (503, "{}"),
        (200, "no JSON"),
        (200, "{}"),
        (200, r#"{"keys": 7}"#),
        (200, r#"{"keys": [7]}"#),
    ] {
        let http = move |_: Request<Bytes>| {
            let mut response = Response::new(Bytes::from_static(body.as_bytes()));
            *response.status_mut() = StatusCode::from_u16(status).expect("a status");
            std::future::ready(Ok::<_, HttpError>(response))
        };
        verify(&IdTokens::default(), &http, &token, EXPECTED)
            .await
            .expect_err(body);
    }
}
