//! What providers say of themselves, with and without the options for what is not standard, and how the client proves itself to them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::body::Bytes;
use http::{Request, Response, header};
use serde_json::{Value, json};

use super::{
    Authorization, ClientAuth, HttpClient, HttpError, OAuthClient, OAuthProvider as _,
    OpenIdConnect, ProviderError,
    id_token::tests::Signer,
    openid_fake::{
        AT, FINE, Fake, MICROSOFT, SECRET, claims, client, discovered, network, profile, wrong,
        wrong_if_strict,
    },
};

#[tokio::test]
async fn an_address_may_end_with_a_slash_or_be_that_of_the_description() {
    for (address, issuer) in [
        (AT, AT),
        ("https://login.example.com/", AT),
        (AT, "https://login.example.com/"),
        (
            "https://login.example.com/.well-known/openid-configuration",
            AT,
        ),
        (
            "https://login.example.com/.well-known/openid-configuration?p=signin",
            "https://login.example.com/",
        ),
    ] {
        let fake = Fake::new(&json!({ "issuer": issuer }));
        let (provider, fake) = discovered(fake, address).await;
        assert_eq!(wrong(&provider), FINE, "{address}");
        assert_eq!(fake.asked()[0].0, "/.well-known/openid-configuration");
        // Whatever the address was, the id token names the issuer exactly as the description writes it.
        let client = client(provider, &fake);
        for named in [AT, "https://login.example.com/"] {
            let token = Signer::new().rsa(&claims(&json!({ "iss": named })));
            let profile = profile(&client, Some(&token), true).await;
            assert_eq!(profile.is_ok(), named == issuer, "{address}, {named}");
        }
    }
}

#[tokio::test]
async fn another_issuer_must_be_named() {
    let inner = "https://keycloak.internal:8443/realms/staff";
    let discovered = async || discovered(Fake::new(&json!({})), inner).await.0;
    let another = "it names another issuer than its address";
    assert_eq!(wrong(&discovered().await), wrong_if_strict(another));
    assert_eq!(wrong(&discovered().await.issuer(AT)), FINE);
    let elsewhere = discovered().await.issuer("https://elsewhere.example");
    // Who names an issuer wants it, in the preset, too.
    assert_eq!(
        wrong(&elsewhere),
        [another; 2].map(|what| Some(what.into()))
    );
}

#[tokio::test]
async fn endpoints_are_https_or_on_this_machine() {
    let endpoints = [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ];
    for endpoint in endpoints {
        for (url, is_safe) in [
            ("http://login.example.com/x", false),
            ("http://10.0.0.1/x", false),
            ("http://127.0.0.1.example.com/x", false),
            ("http://localhost.example.com/x", false),
            ("http://[2001:db8::1]/x", false),
            ("ftp://login.example.com/x", false),
            ("/x", false),
            ("no URL", false),
            ("https://elsewhere.example/x", true),
            ("http://127.0.0.1:9000/x", true),
            ("http://127.1.2.3/x", true),
            ("http://[::1]:9000/x", true),
            ("http://localhost:9000/x", true),
        ] {
            let (provider, _) = discovered(Fake::new(&json!({ endpoint: url })), AT).await;
            let expected = if is_safe {
                FINE
            } else {
                wrong_if_strict("it names an endpoint that is not `https`")
            };
            assert_eq!(wrong(&provider), expected, "{endpoint}: {url}");
            assert_eq!(wrong(&provider.allow_http(true)), FINE, "{endpoint}: {url}");
        }
    }
}

#[tokio::test]
async fn the_address_is_https_or_on_this_machine() {
    let plain = "its address is not `https`";
    for address in [
        "http://login.example.com",
        "login.example.com",
        "http://10.0.0.1",
    ] {
        let provider = OpenIdConnect::new("oidc", address);
        assert_eq!(wrong(&provider), wrong_if_strict(plain), "{address}");
        assert_eq!(wrong(&provider.allow_http(true)), FINE, "{address}");
    }
    for address in [
        "https://login.example.com",
        "http://127.0.0.1:9000",
        "http://[::1]",
    ] {
        assert_eq!(wrong(&OpenIdConnect::new("oidc", address)), FINE);
    }
}

#[tokio::test]
async fn tenants_must_be_accepted() {
    let discovered = async || discovered(Fake::microsoft(&json!({})), MICROSOFT).await.0;
    let template = "its issuer is a template for many tenants";
    assert_eq!(wrong(&discovered().await), wrong_if_strict(template));
    assert!(discovered().await.has_unverified_addresses());
    assert_eq!(wrong(&discovered().await.all_tenants()), FINE);
    assert_eq!(wrong(&discovered().await.tenants(["a"])), FINE);
    let nobody = discovered().await.tenants::<String>([]);
    let empty = Some("`tenants` is an empty list".to_owned());
    assert_eq!(wrong(&nobody), [empty.clone(), empty]);
    // Version 1 of Microsoft's names an issuer at another host.
    let sts = "https://sts.windows.net/{tenantid}/";
    let v1 = async || {
        let fake = Fake::microsoft(&json!({ "issuer": sts }));
        let (provider, _) = super::openid_fake::discovered(fake, MICROSOFT).await;
        provider.all_tenants()
    };
    let another = Some("it names another issuer than its address".to_owned());
    assert_eq!(wrong(&v1().await), [another.clone(), another]);
    assert_eq!(wrong(&v1().await.issuer(sts)), FINE);
    // And the options are for such issuers only.
    let (one, _) = super::openid_fake::discovered(Fake::new(&json!({})), AT).await;
    let one = one.all_tenants();
    let needless = Some("its issuer has no `{tenantid}`".to_owned());
    assert_eq!(wrong(&one), [needless.clone(), needless]);
}

/// How the client proves itself: the header and the body of the exchange.
async fn proof(provider: OpenIdConnect, strict: bool) -> (Option<String>, String) {
    let sent = Arc::new(Mutex::new(None));
    let kept = Arc::clone(&sent);
    let http = move |request: Request<Bytes>| {
        let header = request.headers().get(header::AUTHORIZATION);
        let header = header.map(|value| value.to_str().expect("ASCII").to_owned());
        let body = String::from_utf8(request.body().to_vec()).expect("a form");
        *kept.lock().expect("no panic") = Some((header, body));
        let answer = Bytes::from_static(br#"{"access_token": "T"}"#);
        std::future::ready(Ok::<_, HttpError>(Response::new(answer)))
    };
    let client = OAuthClient::new(provider, http, "the client", SECRET);
    let exchanged = client.exchange("C", "https://app.example/cb", None, strict);
    exchanged.await.expect("a token");
    sent.lock().expect("no panic").take().expect("a request")
}

#[tokio::test]
async fn the_client_authenticates_as_the_provider_wants_it() {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    let form = "grant_type=authorization_code&code=C&redirect_uri=https%3A%2F%2Fapp.example%2Fcb";
    let basic = |text: &str| {
        let header = format!("Basic {}", BASE64_STANDARD.encode(text));
        (Some(header), form.to_owned())
    };
    // RFC 6749, 2.3.1, and httpx's `BasicAuth`.
    let encoded = basic("the+client:se+cret+%26+%2B100%25%3A");
    let unencoded = basic("the client:se cret & +100%:");
    let secret = "client_secret=se+cret+%26+%2B100%25%3A";
    let body = (None, format!("{form}&client_id=the+client&{secret}"));
    let methods = "token_endpoint_auth_methods_supported";
    let provider = async |listed: Value| {
        discovered(Fake::new(&json!({ methods: listed })), AT)
            .await
            .0
    };
    for (listed, strict, expected) in [
        (json!(null), true, &encoded),
        (json!(null), false, &unencoded),
        (
            json!(["client_secret_basic", "client_secret_post"]),
            true,
            &encoded,
        ),
        (
            json!(["private_key_jwt", "client_secret_post"]),
            true,
            &body,
        ),
        (
            json!(["private_key_jwt", "client_secret_post"]),
            false,
            &body,
        ),
    ] {
        assert_eq!(proof(provider(listed).await, strict).await, *expected);
    }
    for (auth, expected) in [
        (ClientAuth::Basic, [&encoded, &unencoded]),
        (ClientAuth::BasicUnencoded, [&unencoded, &unencoded]),
        (ClientAuth::Body, [&body, &body]),
    ] {
        for (strict, expected) in [true, false].into_iter().zip(expected) {
            let provider = provider(json!(["none"])).await;
            assert!(wrong(&provider).iter().all(Option::is_some));
            let provider = provider.client_auth(auth);
            assert_eq!(wrong(&provider), FINE);
            assert_eq!(proof(provider, strict).await, *expected, "{auth:?}");
        }
    }
}

/// A provider that answers in this way until it is back.
fn away(
    fake: &Arc<Fake>,
    is_back: &Arc<AtomicUsize>,
    meanwhile: Option<u16>,
) -> impl HttpClient + use<> {
    let (fake, is_back) = (Arc::clone(fake), Arc::clone(is_back));
    move |request: Request<Bytes>| {
        let (status, body) = match meanwhile {
            _ if is_back.load(Ordering::Relaxed) > 0 => fake.answer(&request),
            Some(status) => (status, "<html>".to_owned()),
            None => {
                let error = HttpError::Unreachable("no connection".into());
                return std::future::ready(Err(error));
            }
        };
        let answer = Response::builder().status(status).body(body.into());
        std::future::ready(Ok(answer.expect("an answer")))
    }
}

#[tokio::test]
async fn a_provider_that_is_away_is_asked_again() {
    let fake = Arc::new(Fake::new(
        &json!({ "code_challenge_methods_supported": ["S256"] }),
    ));
    for (meanwhile, is_temporary) in [
        (None, true),
        (Some(500), true),
        (Some(503), true),
        (Some(429), true),
        (Some(404), false),
        (Some(200), false),
    ] {
        let is_back = Arc::new(AtomicUsize::new(0));
        let http = away(&fake, &is_back, meanwhile);
        let found = OpenIdConnect::discover(&http, "oidc", AT).await;
        assert_eq!(found.is_ok(), is_temporary, "{meanwhile:?}");
        let Ok(provider) = found else { continue };
        assert_eq!(wrong(&provider), FINE);
        assert!(!provider.supports_pkce());
        is_back.store(1, Ordering::Relaxed);
        provider.prepare(&http, true).await.expect("it is back");
        assert!(provider.supports_pkce());
        assert_eq!(provider.endpoints().token, format!("{AT}/token"));
    }
}

#[tokio::test]
async fn what_a_late_provider_says_is_checked_before_it_is_used() {
    let fake = Arc::new(Fake::new(&json!({ "issuer": "https://elsewhere.example" })));
    let provider = OpenIdConnect::new("oidc", AT);
    let refused = provider.prepare(&network(&fake), true).await;
    assert!(matches!(refused, Err(ProviderError::Configuration(_))));
    assert_eq!(provider.endpoints().authorize, "", "it is not kept");
    let provider = OpenIdConnect::new("oidc", AT);
    provider
        .prepare(&network(&fake), false)
        .await
        .expect("the preset does not compare issuers");
}

#[tokio::test]
async fn a_page_with_a_query_keeps_it() {
    let common = "response_type=code&client_id=client&redirect_uri=r&state=s&scope=openid+email";
    for (page, expected) in [
        ("https://x.co/a", format!("https://x.co/a?{common}")),
        ("https://x.co/a?", format!("https://x.co/a?{common}")),
        (
            "https://x.co/a?p=b2c",
            format!("https://x.co/a?p=b2c&{common}"),
        ),
        (
            "https://x.co/a?p=b2c&",
            format!("https://x.co/a?p=b2c&{common}"),
        ),
    ] {
        let fake = Fake::new(&json!({ "authorization_endpoint": page }));
        let (provider, fake) = discovered(fake, AT).await;
        let client = client(provider, &fake);
        let asked = Authorization {
            redirect_uri: "r",
            state: "s",
            scopes: None,
            code_challenge: None,
            nonce: None,
        };
        assert_eq!(client.authorization_url(asked), expected);
        let client = client.authorize_param("audience", "https://api.x.co");
        let added = format!("{expected}&audience=https%3A%2F%2Fapi.x.co");
        assert_eq!(client.authorization_url(asked), added);
    }
}
