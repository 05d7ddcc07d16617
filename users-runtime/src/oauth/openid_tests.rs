//! Providers that are not as the standard wants them, with and without the options for them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::body::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, Response, header};
use serde_json::{Value, json};

use super::{
    Authorization, ClientAuth, HttpClient, HttpError, OAuthClient, OAuthProvider as _,
    OpenIdConnect, Profile, ProviderError, ProviderToken, SigningAlgorithm,
    id_token::tests::{Signer, base64},
};

const AT: &str = "https://login.example.com";
const SECRET: &str = "se cret & +100%:";
const MICROSOFT: &str = "https://login.microsoftonline.com/common/v2.0";
const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

/// What a provider answers, as tests change it.
struct Fake {
    description: Value,
    user_info: String,
    keys: Value,
    /// The paths that it was asked for, with the `Accept` header.
    asked: Mutex<Vec<(String, String)>>,
}

impl Fake {
    /// A provider that is as the standard wants it, but for this in its description.
    fn new(but: &Value) -> Self {
        Self {
            description: description(AT, but),
            user_info: json!({ "sub": "zoe", "email": "zoe@x.co", "email_verified": true })
                .to_string(),
            keys: Signer::new().key_set(),
            asked: Mutex::default(),
        }
    }

    fn microsoft(but: &Value) -> Self {
        let description = description(MICROSOFT, &json!({ "issuer": TEMPLATE }));
        Self {
            description: changed(description, but),
            ..Self::new(&json!({}))
        }
    }

    fn answer(&self, request: &Request<Bytes>) -> (u16, String) {
        let path = request.uri().path();
        let accept = request.headers()[header::ACCEPT].to_str().expect("ASCII");
        let asked = (path.to_owned(), accept.to_owned());
        self.asked.lock().expect("no panic").push(asked);
        match path.rsplit('/').next().unwrap_or_default() {
            "openid-configuration" => (200, self.description.to_string()),
            "me" => (200, self.user_info.clone()),
            "keys" => (200, self.keys.to_string()),
            _ => (404, "{}".to_owned()),
        }
    }

    fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().expect("no panic").clone()
    }
}

/// A description with endpoints below this issuer.
fn description(issuer: &str, but: &Value) -> Value {
    let description = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"), "jwks_uri": format!("{issuer}/keys"),
    });
    changed(description, but)
}

/// An object with these members instead of its own; those that are null are removed.
fn changed(mut object: Value, but: &Value) -> Value {
    for (name, value) in but.as_object().expect("an object") {
        if value.is_null() {
            object.as_object_mut().expect("an object").remove(name);
        } else {
            object[name] = value.clone();
        }
    }
    object
}

fn network(fake: &Arc<Fake>) -> impl HttpClient + use<> {
    let fake = Arc::clone(fake);
    move |request: Request<Bytes>| {
        let (status, body) = fake.answer(&request);
        let answer = Response::builder().status(status).body(body.into());
        std::future::ready(Ok::<_, HttpError>(answer.expect("an answer")))
    }
}

/// The provider at an address, discovered.
async fn discovered(fake: Fake, address: &str) -> (OpenIdConnect, Arc<Fake>) {
    let fake = Arc::new(fake);
    let provider = OpenIdConnect::discover(&network(&fake), "oidc", address).await;
    (provider.expect("a description"), fake)
}

/// What is wrong with a provider outside of the preset, and in it.
fn wrong(provider: &OpenIdConnect) -> [Option<String>; 2] {
    [true, false].map(|strict| match provider.check(strict) {
        Ok(()) => None,
        Err(ProviderError::Configuration(wrong)) => {
            Some(wrong.split(": ").next().expect("text").to_owned())
        }
        Err(other) => panic!("{other:?}"),
    })
}

const FINE: [Option<String>; 2] = [None, None];

/// Wrong outside of the preset only.
fn wrong_if_strict(what: &str) -> [Option<String>; 2] {
    [Some(what.to_owned()), None]
}

fn claims(but: &Value) -> Value {
    let claims =
        json!({ "iss": AT, "aud": "client", "sub": "zoe", "exp": 4_102_444_800_u64, "nonce": "n" });
    changed(claims, but)
}

/// Signs with a secret.
fn hs256(secret: &str, claims: &Value) -> String {
    let header = base64(json!({ "alg": "HS256" }).to_string());
    let message = format!("{header}.{}", base64(claims.to_string()));
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    let mac = mac.chain_update(&message).finalize().into_bytes();
    format!("{message}.{}", base64(mac))
}

fn client(provider: OpenIdConnect, fake: &Arc<Fake>) -> OAuthClient {
    OAuthClient::new(provider, network(fake), "client", SECRET)
}

/// The profile of the user who comes with an id token.
async fn profile(
    client: &OAuthClient,
    id_token: Option<&str>,
    strict: bool,
) -> Result<Profile, ProviderError> {
    let token = ProviderToken {
        access_token: "access".to_owned(),
        expires_at: None,
        refresh_token: None,
        answer: json!({ "id_token": id_token }),
    };
    client.profile(&token, strict.then_some("n"), strict).await
}

fn zoe(email_verified: Option<bool>) -> Profile {
    Profile {
        account_id: "zoe".to_owned(),
        email: Some("zoe@x.co".to_owned()),
        email_verified,
    }
}

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
        let (provider, _) = super::openid_tests::discovered(fake, MICROSOFT).await;
        provider.all_tenants()
    };
    let another = Some("it names another issuer than its address".to_owned());
    assert_eq!(wrong(&v1().await), [another.clone(), another]);
    assert_eq!(wrong(&v1().await.issuer(sts)), FINE);
    // And the options are for such issuers only.
    let (one, _) = super::openid_tests::discovered(Fake::new(&json!({})), AT).await;
    let one = one.all_tenants();
    let needless = Some("its issuer has no `{tenantid}`".to_owned());
    assert_eq!(wrong(&one), [needless.clone(), needless]);
}

#[tokio::test]
async fn the_issuer_of_a_tenant_is_the_template_with_its_id() {
    let of = |tenant: &str| TEMPLATE.replace("{tenantid}", tenant);
    let all = discovered(Fake::microsoft(&json!({})), MICROSOFT).await;
    let all = client(all.0.all_tenants(), &all.1);
    let listed = discovered(Fake::microsoft(&json!({})), MICROSOFT).await;
    let listed = client(listed.0.tenants(["B0", "c0"]), &listed.1);
    for (but, by_all, by_listed) in [
        (json!({ "tid": "a0", "iss": of("a0") }), true, false),
        (json!({ "tid": "b0", "iss": of("b0") }), true, true),
        (json!({ "tid": "c0", "iss": of("c0") }), true, true),
        (json!({ "tid": "b0", "iss": of("a0") }), false, false),
        (json!({ "tid": "b0", "iss": TEMPLATE }), false, false),
        (
            json!({ "tid": "{tenantid}", "iss": TEMPLATE }),
            false,
            false,
        ),
        (json!({ "tid": "", "iss": of("") }), false, false),
        (json!({ "tid": "b0/c0", "iss": of("b0/c0") }), false, false),
        (json!({ "iss": of("b0") }), false, false),
        (json!({ "tid": 7, "iss": of("7") }), false, false),
        (json!({ "tid": "b0", "iss": null }), false, false),
    ] {
        let token = Signer::new().rsa(&claims(&but));
        for (client, accepted) in [(&all, by_all), (&listed, by_listed)] {
            // In the preset, too, where the options were given.
            for strict in [true, false] {
                let profile = profile(client, Some(&token), strict).await;
                assert_eq!(profile.is_ok(), accepted, "{but}: {profile:?}");
                if let Ok(profile) = profile {
                    assert_eq!(profile, zoe(Some(false)), "no address is proven");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_key_of_one_tenant_signs_for_no_other() {
    let of = |tenant: &str| TEMPLATE.replace("{tenantid}", tenant);
    let token = Signer::new().rsa(&claims(&json!({ "tid": "b0", "iss": of("b0") })));
    for (issuer, accepted) in [
        (of("b0"), true),
        (TEMPLATE.to_owned(), true),
        (of("c0"), false),
    ] {
        let mut fake = Fake::microsoft(&json!({}));
        fake.keys["keys"][0]["issuer"] = json!(issuer);
        let (provider, fake) = discovered(fake, MICROSOFT).await;
        let client = client(provider.all_tenants(), &fake);
        let profile = profile(&client, Some(&token), true).await;
        assert_eq!(profile.is_ok(), accepted, "{issuer}: {profile:?}");
    }
}

#[tokio::test]
async fn the_clients_secret_signs_where_it_is_accepted() {
    let by = |secret: &str| hs256(secret, &claims(&json!({})));
    let by_key = Signer::new().rsa(&claims(&json!({})));
    let (by_default, fake) = discovered(Fake::new(&json!({})), AT).await;
    let by_default = client(by_default, &fake);
    let (by_secret, fake) = discovered(Fake::new(&json!({ "jwks_uri": null })), AT).await;
    let by_secret = client(by_secret.signed_with([SigningAlgorithm::Hs256]), &fake);
    for (token, without, with) in [
        (by(SECRET), false, true),
        (by("another secret"), false, false),
        (by(""), false, false),
        (by_key, true, false),
    ] {
        assert_eq!(
            profile(&by_default, Some(&token), true).await.is_ok(),
            without
        );
        assert_eq!(profile(&by_secret, Some(&token), true).await.is_ok(), with);
    }
    let (public, fake) = discovered(Fake::new(&json!({})), AT).await;
    let public = public.signed_with([SigningAlgorithm::Hs256]);
    let public = OAuthClient::new(public, network(&fake), "client", "");
    profile(&public, Some(&by("")), true)
        .await
        .expect_err("a secret that is none signs nothing");
    let (none, _) = discovered(Fake::new(&json!({})), AT).await;
    assert!(none.signed_with([]).check(false).is_err());
}

#[tokio::test]
async fn the_profile_may_be_in_the_id_token_alone() {
    let fake = || Fake::new(&json!({ "userinfo_endpoint": null }));
    let (provider, _) = discovered(fake(), AT).await;
    assert_eq!(
        wrong(&provider),
        wrong_if_strict("it has no `userinfo_endpoint`")
    );
    let (provider, fake) = discovered(fake(), AT).await;
    let provider = provider.profile_from_id_token(true);
    assert_eq!(wrong(&provider), FINE);
    let client = client(provider, &fake);
    let told = json!({ "email": "zoe@x.co", "email_verified": true });
    let token = Signer::new().rsa(&claims(&told));
    for strict in [true, false] {
        let profile = profile(&client, Some(&token), strict).await;
        assert_eq!(profile.expect("a profile"), zoe(Some(true)));
    }
    // The id token is all that there is, so it is required in the preset, too.
    profile(&client, None, false)
        .await
        .expect_err("no id token");
    let forged = hs256(SECRET, &claims(&told));
    profile(&client, Some(&forged), false)
        .await
        .expect_err("a forged id token");
}

#[tokio::test]
async fn user_info_may_be_a_signed_token() {
    let about = json!({ "sub": "zoe", "email": "zoe@x.co", "email_verified": true });
    let with = |but: Value| Signer::new().rsa(&changed(about.clone(), &but));
    let id_token = Signer::new().rsa(&claims(&json!({})));
    for (user_info, accepted) in [
        (with(json!({})), true),
        (with(json!({ "iss": AT, "aud": ["client"] })), true),
        (with(json!({ "iss": "https://elsewhere.example" })), false),
        (with(json!({ "aud": "another" })), false),
        (with(json!({ "exp": 7 })), false),
        (with(json!({ "sub": "adam" })), false),
        (hs256(SECRET, &about), false),
        (format!("{}x", with(json!({}))), false),
        (about.to_string(), false),
        (String::new(), false),
    ] {
        for has_option in [true, false] {
            let mut fake = Fake::new(&json!({}));
            fake.user_info.clone_from(&user_info);
            let (provider, fake) = discovered(fake, AT).await;
            let client = client(provider.signed_user_info(has_option), &fake);
            let profile = profile(&client, Some(&id_token), true).await;
            let is_json = user_info.starts_with('{');
            let expected = if has_option { accepted } else { is_json };
            assert_eq!(profile.is_ok(), expected, "{user_info}: {profile:?}");
            let accept = if has_option {
                "application/jwt"
            } else {
                "application/json"
            };
            let asked = fake.asked();
            assert!(
                asked.contains(&("/me".to_owned(), accept.to_owned())),
                "{asked:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_nonce_may_be_missing_but_not_be_another() {
    for (nonce, without, with) in [
        (json!("n"), true, true),
        (json!(null), false, true),
        (json!("another"), false, false),
        (json!(""), false, false),
        (json!(7), false, false),
    ] {
        let token = Signer::new().rsa(&claims(&json!({ "nonce": nonce })));
        for (allowed, accepted) in [(false, without), (true, with)] {
            let (provider, fake) = discovered(Fake::new(&json!({})), AT).await;
            let client = client(provider.allow_missing_nonce(allowed), &fake);
            let profile = profile(&client, Some(&token), true).await;
            assert_eq!(profile.is_ok(), accepted, "{nonce}: {profile:?}");
        }
    }
}

#[tokio::test]
async fn the_preset_does_not_read_the_id_token() {
    let (provider, fake) = discovered(Fake::microsoft(&json!({})), MICROSOFT).await;
    let client = client(provider, &fake);
    for token in [
        None,
        Some("no token"),
        Some(&*hs256(SECRET, &claims(&json!({})))),
    ] {
        let read = profile(&client, token, false).await.expect("a profile");
        assert_eq!(read, zoe(Some(false)));
        profile(&client, token, true)
            .await
            .expect_err("no good token");
    }
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

/// A provider whose keys are on the way while others ask for them, too.
fn slow(fake: &Arc<Fake>, keys: u16) -> impl HttpClient + use<> {
    let fake = Arc::clone(fake);
    move |request: Request<Bytes>| {
        let fake = Arc::clone(&fake);
        async move {
            let (mut status, body) = fake.answer(&request);
            if request.uri().path() == "/keys" {
                status = keys;
                tokio::task::yield_now().await;
            }
            let answer = Response::builder().status(status).body(body.into());
            Ok::<_, HttpError>(answer.expect("an answer"))
        }
    }
}

#[tokio::test]
async fn many_logins_ask_once_for_the_keys() {
    for (status, is_good) in [(200, true), (503, false)] {
        let (provider, fake) = discovered(Fake::new(&json!({})), AT).await;
        let http = slow(&fake, status);
        let client = OAuthClient::new(provider, http, "client", SECRET);
        let token = Signer::new().rsa(&claims(&json!({})));
        let logins: Vec<_> = (0..50)
            .map(|_| {
                let (client, token) = (client.clone(), token.clone());
                tokio::spawn(async move { profile(&client, Some(&token), true).await.is_ok() })
            })
            .collect();
        for login in logins {
            assert_eq!(login.await.expect("no panic"), is_good);
        }
        let asked = fake.asked();
        let for_keys = asked.iter().filter(|(path, _)| path == "/keys");
        assert_eq!(for_keys.count(), 1, "{status}");
    }
}
