//! Who the users are.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http::{Method, header};
use serde_json::{Value, json};

use super::{super::*, answering, known, profile, provider_token, told};
use crate::oauth::{OAuthClient, OAuthProvider as _, Profile, ProviderError};

#[tokio::test]
async fn google_tells_the_primary_address() {
    let url = "https://people.googleapis.com/v1/people/me?personFields=emailAddresses";
    let domain = json!({ "metadata": { "primary": true, "source": { "type": "DOMAIN_PROFILE", "id": "1" } }, "value": "zoe@x.co" });
    let account = json!({ "metadata": { "verified": true, "source": { "type": "ACCOUNT", "id": "1" } }, "value": "zoe@x.co" });
    let other = json!({ "metadata": { "verified": true, "source": { "type": "ACCOUNT", "id": "1" } }, "value": "other@x.co" });
    let person = |addresses: &[&Value]| {
        json!({ "resourceName": "people/117", "etag": "%EgUBCS43PhoEAQIFBw==", "emailAddresses": addresses }).to_string()
    };
    for (addresses, email, verified) in [
        (
            &[&other, &domain, &account][..],
            Some("zoe@x.co"),
            Some(true),
        ),
        (&[&other, &domain], Some("zoe@x.co"), Some(false)),
        (&[&other], None, None),
        (&[], None, None),
    ] {
        let profile = told(Google::new(), url, &person(addresses))
            .await
            .expect("a profile");
        assert_eq!(profile, known("people/117", email, verified));
    }
}

#[tokio::test]
async fn github_tells_the_public_address_or_the_primary() {
    let (user, emails) = (
        "https://api.github.com/user",
        "https://api.github.com/user/emails",
    );
    let public =
        r#"{"login": "zoe", "id": 583231, "node_id": "MDQ6VXNlcjU4MzIzMQ==", "email": "zoe@x.co"}"#;
    assert_eq!(
        told(GitHub::new(), user, public).await.expect("a profile"),
        known("583231", Some("zoe@x.co"), None)
    );
    let private =
        r#"{"login": "zoe", "id": 583231, "node_id": "MDQ6VXNlcjU4MzIzMQ==", "email": null}"#;
    let first =
        json!({ "email": "first@x.co", "verified": false, "primary": false, "visibility": null });
    let primary =
        json!({ "email": "zoe@x.co", "verified": true, "primary": true, "visibility": "private" });
    for (addresses, email, verified) in [
        (json!([first, primary]), Some("zoe@x.co"), Some(true)),
        (json!([first]), Some("first@x.co"), Some(false)),
        (json!([]), None, None),
    ] {
        let answers = [(user, 200, private), (emails, 200, &*addresses.to_string())];
        assert_eq!(
            profile(GitHub::new(), &answers).await.expect("a profile"),
            known("583231", email, verified)
        );
    }
    let refused = profile(GitHub::new(), &[(user, 200, private), (emails, 403, "{}")]).await;
    assert!(
        matches!(refused, Err(ProviderError::Status { status }) if status == 403),
        "{refused:?}"
    );
}

#[tokio::test]
async fn microsoft_tells_the_principal_name() {
    let url = "https://graph.microsoft.com/v1.0/me";
    let user = r#"{
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity", "displayName": "Zoë", "jobTitle": null,
        "mail": "another@x.co", "userPrincipalName": "zoe@x.co", "id": "87d349ed-44d7-43e1-9a83-5f2406dee5bd"
    }"#;
    let profile = told(Microsoft::new(), url, user).await.expect("a profile");
    assert_eq!(
        profile,
        known(
            "87d349ed-44d7-43e1-9a83-5f2406dee5bd",
            Some("zoe@x.co"),
            Some(false)
        )
        .shown_as(Some(&json!("Zoë")), None)
    );
    let profile = told(
        Microsoft::new(),
        url,
        r#"{"id": "1", "userPrincipalName": null}"#,
    )
    .await
    .expect("a profile");
    assert_eq!(profile, known("1", None, Some(false)));
}

#[tokio::test]
async fn facebook_tells_an_address_that_is_shared() {
    let url = "https://graph.facebook.com/v5.0/me?fields=id%2Cemail&access_token=tok%2Fen";
    let (http, asked) = answering(&[(url, 200, r#"{"id": "10224", "email": "zoe\u0040x.co"}"#)]);
    let client = OAuthClient::new(Facebook::new(), http, "id", "secret");
    let profile = client
        .profile(&provider_token(json!({})), None, true)
        .await
        .expect("a profile");
    assert_eq!(profile, known("10224", Some("zoe@x.co"), None));
    assert!(
        !asked.lock().expect("the requests")[0]
            .headers()
            .contains_key(header::AUTHORIZATION)
    );
    assert_eq!(
        told(Facebook::new(), url, r#"{"id": "10224"}"#)
            .await
            .expect("a profile"),
        known("10224", None, None)
    );
    let newer = url.replace("v5.0", "v23.0");
    assert_eq!(
        told(Facebook::version("v23.0"), &newer, r#"{"id": "1"}"#)
            .await
            .expect("a profile"),
        known("1", None, None)
    );
}

#[tokio::test]
async fn discord_tells_verified_addresses_only() {
    let url = "https://discord.com/api/users/@me";
    let user = |email: Value, verified: Value| {
        json!({ "id": "80351110224678912", "username": "zoe", "email": email, "verified": verified }).to_string()
    };
    for (email, verified, expected) in [
        (
            json!("zoe@x.co"),
            json!(true),
            known("80351110224678912", Some("zoe@x.co"), Some(true)),
        ),
        (
            json!("zoe@x.co"),
            json!(false),
            known("80351110224678912", None, Some(false)),
        ),
        (
            json!("zoe@x.co"),
            json!(null),
            known("80351110224678912", None, None),
        ),
        (
            json!(null),
            json!(true),
            known("80351110224678912", None, Some(true)),
        ),
    ] {
        assert_eq!(
            told(Discord::new(), url, &user(email, verified))
                .await
                .expect("a profile"),
            expected.shown_as(Some(&json!("zoe")), None)
        );
    }
}

#[tokio::test]
async fn linkedin_tells_the_first_handle_or_the_claims() {
    let member = "https://api.linkedin.com/v2/me?projection=%28id%29";
    let email = "https://api.linkedin.com/v2/emailAddress?q=members&projection=%28elements%2A%28handle~%29%29";
    let handles = r#"{"elements": [{"handle": "urn:li:emailAddress:3775708763", "handle~": {"emailAddress": "zoe@x.co"}}]}"#;
    let answers = [
        (member, 200, r#"{"id": "yrZCpj2Z12"}"#),
        (email, 200, handles),
    ];
    assert_eq!(
        profile(LinkedIn::new(), &answers).await.expect("a profile"),
        known("yrZCpj2Z12", Some("zoe@x.co"), None)
    );
    let answers = [
        (member, 200, r#"{"id": "yrZCpj2Z12"}"#),
        (email, 200, r#"{"elements": []}"#),
    ];
    assert_eq!(
        profile(LinkedIn::new(), &answers).await.expect("a profile"),
        known("yrZCpj2Z12", None, None)
    );
    for answers in [
        [(member, 401, "{}"), (email, 200, handles)],
        [(member, 200, r#"{"id": "1"}"#), (email, 403, "{}")],
    ] {
        assert!(matches!(
            profile(LinkedIn::new(), &answers).await,
            Err(ProviderError::Status { .. })
        ));
    }
    let info = r#"{"sub": "782bbtaQ", "name": "Zoë", "email": "zoe@x.co", "email_verified": true, "locale": "en-US"}"#;
    let profile = told(
        LinkedIn::openid(),
        "https://api.linkedin.com/v2/userinfo",
        info,
    )
    .await
    .expect("a profile");
    let expected = known("782bbtaQ", Some("zoe@x.co"), Some(true));
    assert_eq!(profile, expected.shown_as(Some(&json!("Zoë")), None));
}

#[tokio::test]
async fn reddit_tells_no_address() {
    let user = r#"{"name": "zoe", "id": "1w72", "has_verified_email": true, "total_karma": 7}"#;
    let profile = told(Reddit::new(), "https://oauth.reddit.com/api/v1/me", user)
        .await
        .expect("a profile");
    let expected = known("zoe", None, None);
    assert_eq!(profile, expected.shown_as(Some(&json!("zoe")), None));
}

#[tokio::test]
async fn kakao_tells_the_address_of_the_nested_account() {
    let url = "https://kapi.kakao.com/v2/user/me?property_keys=%5B%22kakao_account.email%22%5D";
    let user = |account: Value| json!({ "id": 123_456_789, "kakao_account": account }).to_string();
    for (account, email, verified) in [
        (
            json!({ "email": "zoe@x.co", "is_email_valid": true, "is_email_verified": true }),
            Some("zoe@x.co"),
            Some(true),
        ),
        (
            json!({ "email": "zoe@x.co", "is_email_valid": false, "is_email_verified": true }),
            Some("zoe@x.co"),
            Some(false),
        ),
        (
            json!({ "email": "zoe@x.co", "is_email_valid": true, "is_email_verified": false }),
            Some("zoe@x.co"),
            Some(false),
        ),
        (json!({ "email": "zoe@x.co" }), Some("zoe@x.co"), None),
        (
            json!({ "has_email": true, "email_needs_agreement": true }),
            None,
            None,
        ),
        (json!(null), None, None),
    ] {
        let profile = told(Kakao::new(), url, &user(account))
            .await
            .expect("a profile");
        assert_eq!(profile, known("123456789", email, verified));
    }
}

#[tokio::test]
async fn naver_and_kakao_are_asked_by_post() {
    let naver = "https://openapi.naver.com/v1/nid/me";
    let user = r#"{"resultcode": "00", "message": "success", "response": {"id": "32742776", "email": "zoe@naver.com"}}"#;
    let (http, asked) = answering(&[(naver, 200, user)]);
    let client = OAuthClient::new(Naver::new(), http, "id", "secret");
    let profile = client
        .profile(&provider_token(json!({})), None, true)
        .await
        .expect("a profile");
    assert_eq!(profile, known("32742776", Some("zoe@naver.com"), None));
    let request = asked
        .lock()
        .expect("the requests")
        .pop()
        .expect("a request");
    assert_eq!((request.method(), request.body().len()), (&Method::POST, 0));
    assert_eq!(request.headers()[header::CONTENT_LENGTH], "0");
    assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer tok/en");
    let silent = r#"{"resultcode": "00", "message": "success", "response": {"id": "32742776"}}"#;
    assert_eq!(
        told(Naver::new(), naver, silent).await.expect("a profile"),
        known("32742776", None, None)
    );
}

#[tokio::test]
async fn shopify_tells_the_shop() {
    let url = "https://acme.myshopify.com/admin/api/2025-07/shop.json";
    let shop = r#"{"shop": {"id": 548380009, "name": "Acme", "email": "zoe@x.co", "domain": "shop.x.co"}}"#;
    let (http, asked) = answering(&[(url, 200, shop)]);
    let client = OAuthClient::new(
        Shopify::new("acme").version("2025-07").named("acme"),
        http,
        "id",
        "secret",
    );
    let profile = client
        .profile(&provider_token(json!({})), None, true)
        .await
        .expect("a profile");
    assert_eq!(
        (client.name(), profile),
        ("acme", known("548380009", Some("zoe@x.co"), None))
    );
    let request = asked
        .lock()
        .expect("the requests")
        .pop()
        .expect("a request");
    assert_eq!(request.headers()["x-shopify-access-token"], "tok/en");
    assert!(!request.headers().contains_key(header::AUTHORIZATION));
}

#[tokio::test]
async fn franceconnect_tells_whom_its_id_token_is_about() {
    let info = r#"{"sub": "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1", "email": "zoe@x.co"}"#;
    let subject = "b6048e95bb134ec5b1d1e1fa69f287172e91722b9354d637a1bcf2ebb0fd2ef5v1";
    let client = || {
        let url = "https://app.franceconnect.gouv.fr/api/v1/userinfo";
        OAuthClient::new(
            FranceConnect::new(),
            answering(&[(url, 200, info)]).0,
            "id",
            "secret",
        )
    };
    let answer = |subject: &str| {
        let claims = json!({ "iss": "https://app.franceconnect.gouv.fr", "aud": "id", "sub": subject, "exp": 4_102_444_800_u64,
            "idp": "FC", "nonce": "n", "acr": "eidas1" });
        let [header, claims] = [json!({ "alg": "HS256" }), claims]
            .map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
        provider_token(json!({ "id_token": format!("{header}.{claims}.AA") }))
    };
    let good = client()
        .profile(&answer(subject), Some("n"), true)
        .await
        .expect("a profile");
    assert_eq!(good, known(subject, Some("zoe@x.co"), None));
    client()
        .profile(&answer(subject), Some("another"), true)
        .await
        .expect_err("another flow");
    client()
        .profile(&answer("adam"), Some("n"), true)
        .await
        .expect_err("somebody else");
    client()
        .profile(&provider_token(json!({})), Some("n"), true)
        .await
        .expect_err("no id token");
    client()
        .profile(&provider_token(json!({})), Some("n"), false)
        .await
        .expect("the original asks for none");
    assert!(FranceConnect::new().requires_nonce() && !Apple::new().requires_nonce());
}

#[tokio::test]
async fn names_and_pictures_are_told_where_the_answer_has_them() {
    let shown = |profile: Profile| (profile.name, profile.picture);
    let expected = || {
        (
            Some("Zoë".to_owned()),
            Some("https://x.co/zoe.png".to_owned()),
        )
    };
    let person = json!({
        "resourceName": "people/117",
        "names": [{ "displayName": "Other" }, { "metadata": { "primary": true }, "displayName": "Zoë" }],
        "photos": [{ "metadata": { "primary": true }, "url": "https://x.co/zoe.png" }],
    });
    let url = "https://people.googleapis.com/v1/people/me?personFields=emailAddresses,names,photos";
    let http = answering(&[(url, 200, &person.to_string())]).0;
    let google = OAuthClient::new(Google::new(), http, "id", "secret");
    let google = google.profile(&provider_token(json!({})), None, true).await;
    assert_eq!(shown(google.expect("a profile")), expected());
    let user = r#"{"id": 1, "name": "Zoë", "avatar_url": "https://x.co/zoe.png", "email": null}"#;
    let answers = [
        ("https://api.github.com/user", 200, user),
        ("https://api.github.com/user/emails", 200, "[]"),
    ];
    let github = profile(GitHub::new(), &answers).await;
    assert_eq!(shown(github.expect("a profile")), expected());
    let info = r#"{"sub": "1", "name": "Zoë", "picture": "https://x.co/zoe.png"}"#;
    let url = "https://api.linkedin.com/v2/userinfo";
    let linkedin = told(LinkedIn::openid(), url, info).await;
    assert_eq!(shown(linkedin.expect("a profile")), expected());
    let user = r#"{"id": "7", "username": "zoe", "global_name": "Zoë", "avatar": "a1"}"#;
    let url = "https://discord.com/api/users/@me";
    let discord = told(Discord::new(), url, user).await.expect("a profile");
    let picture = "https://cdn.discordapp.com/avatars/7/a1.png";
    assert_eq!(
        shown(discord),
        (Some("Zoë".to_owned()), Some(picture.to_owned()))
    );
    let empty = told(
        LinkedIn::openid(),
        "https://api.linkedin.com/v2/userinfo",
        r#"{"sub": "1", "name": "", "picture": 3}"#,
    );
    assert_eq!(shown(empty.await.expect("a profile")), (None, None));
}
