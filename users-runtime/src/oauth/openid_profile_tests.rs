//! Whose profile a provider's id token and user info are, with and without the options for what is not standard.

use std::sync::Arc;

use axum::body::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use super::{
    HttpClient, HttpError, OAuthClient, OAuthProvider as _, SigningAlgorithm,
    id_token::tests::Signer,
    openid_fake::{
        AT, FINE, Fake, MICROSOFT, SECRET, TEMPLATE, changed, claims, client, discovered, hs256,
        network, profile, wrong, wrong_if_strict, zoe,
    },
};

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
