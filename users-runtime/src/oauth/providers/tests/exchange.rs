//! What browsers are sent to the providers with, and how codes are exchanged. The addresses and forms are those of httpx-oauth.

use http::{Method, header};

use super::{super::*, answering, profile};
use crate::oauth::{Authorization, OAuthClient, OAuthProvider, ProviderError};

const CHALLENGE: &str = "&code_challenge=c&code_challenge_method=S256";

/// Checks the provider's name, its page, and what follows the common parameters.
fn assert_sent(provider: impl OAuthProvider, name: &str, page: &str, rest: &str) {
    let (pkce, nonce) = (provider.supports_pkce(), provider.supports_nonce());
    let client = OAuthClient::new(provider, answering(&[]).0, "id", "secret");
    let url = client.authorization_url(Authorization {
        redirect_uri: "https://app.example/cb",
        state: "S",
        scopes: None,
        code_challenge: pkce.then_some("c"),
        nonce: nonce.then_some("n"),
    });
    let common = "response_type=code&client_id=id&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&state=S&scope=";
    assert_eq!(
        (client.name(), url),
        (name, format!("{page}?{common}{rest}"))
    );
}

#[test]
fn browsers_are_sent_with_a_challenge_where_the_original_sends_them() {
    let google = format!(
        "https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fuserinfo.profile\
         +https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fuserinfo.email{CHALLENGE}"
    );
    assert_sent(
        Google::new(),
        "google",
        "https://accounts.google.com/o/oauth2/v2/auth",
        &google,
    );
    let github = format!("user+user%3Aemail{CHALLENGE}");
    assert_sent(
        GitHub::new(),
        "github",
        "https://github.com/login/oauth/authorize",
        &github,
    );
    let microsoft = format!("User.Read{CHALLENGE}&response_mode=query");
    let page = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize";
    assert_sent(Microsoft::new(), "microsoft", page, &microsoft);
    let page = "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize";
    assert_sent(
        Microsoft::tenant("contoso.example").named("contoso"),
        "contoso",
        page,
        &microsoft,
    );
    let discord = format!("identify+email{CHALLENGE}");
    assert_sent(
        Discord::new(),
        "discord",
        "https://discord.com/api/oauth2/authorize",
        &discord,
    );
}

#[test]
fn browsers_are_sent_without_a_challenge_where_the_original_sends_none() {
    assert_sent(
        Facebook::new(),
        "facebook",
        "https://www.facebook.com/v5.0/dialog/oauth",
        "email+public_profile",
    );
    let page = "https://www.linkedin.com/oauth/v2/authorization";
    assert_sent(
        LinkedIn::new(),
        "linkedin",
        page,
        "r_emailaddress+r_liteprofile+r_basicprofile",
    );
    assert_sent(LinkedIn::openid(), "linkedin", page, "openid+profile+email");
    assert_sent(
        Reddit::new(),
        "reddit",
        "https://www.reddit.com/api/v1/authorize",
        "identity",
    );
    let scopes = "openid+email&nonce=n";
    let page = "https://app.franceconnect.gouv.fr/api/v1/authorize";
    assert_sent(FranceConnect::new(), "franceconnect", page, scopes);
    let page = "https://fcp.integ01.dev-franceconnect.fr/api/v1/authorize";
    assert_sent(FranceConnect::integration(), "franceconnect", page, scopes);
    assert_sent(
        Kakao::new(),
        "kakao",
        "https://kauth.kakao.com/oauth/authorize",
        "profile_nickname+account_email",
    );
    assert_sent(
        Naver::new(),
        "naver",
        "https://nid.naver.com/oauth2.0/authorize",
        "",
    );
    assert_sent(
        Shopify::new("acme"),
        "shopify",
        "https://acme.myshopify.com/admin/oauth/authorize",
        "read_orders",
    );
    let page = "https://appleid.apple.com/auth/authorize";
    assert_sent(
        Apple::new(),
        "apple",
        page,
        "email&nonce=n&response_mode=form_post",
    );
}

/// Exchanges a code and returns where, with which header, and with which form.
async fn exchange(provider: impl OAuthProvider) -> (String, Option<String>, String) {
    let url = provider.endpoints().token.clone();
    let (http, asked) = answering(&[(
        &url,
        200,
        r#"{"access_token": "T", "token_type": "bearer", "expires_in": 3600}"#,
    )]);
    let client = OAuthClient::new(provider, http, "id", "secret");
    let token = client
        .exchange("C", "https://app.example/cb", Some("V"), true)
        .await
        .expect("a token");
    assert_eq!(token.access_token, "T");
    let request = asked
        .lock()
        .expect("the requests")
        .pop()
        .expect("a request");
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.headers()[header::ACCEPT], "application/json");
    let authorization = request.headers().get(header::AUTHORIZATION);
    let authorization = authorization.map(|value| value.to_str().expect("ASCII").to_owned());
    (
        url,
        authorization,
        String::from_utf8(request.into_body().to_vec()).expect("a form"),
    )
}

/// The form of a code that is exchanged.
const FORM: &str = "grant_type=authorization_code&code=C&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&code_verifier=V";

#[tokio::test]
async fn some_providers_take_the_client_in_a_header() {
    let in_header = [
        (
            exchange(Discord::new()).await,
            "https://discord.com/api/oauth2/token",
        ),
        (
            exchange(Reddit::new()).await,
            "https://www.reddit.com/api/v1/access_token",
        ),
    ];
    for (asked, url) in in_header {
        assert_eq!(
            asked,
            (
                url.to_owned(),
                Some("Basic aWQ6c2VjcmV0".to_owned()),
                FORM.to_owned()
            )
        );
    }
}

#[tokio::test]
async fn the_other_providers_take_the_client_in_the_form() {
    let in_body = [
        (
            exchange(Google::new()).await,
            "https://oauth2.googleapis.com/token",
        ),
        (
            exchange(GitHub::new()).await,
            "https://github.com/login/oauth/access_token",
        ),
        (
            exchange(Microsoft::new()).await,
            "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        ),
        (
            exchange(Facebook::version("v23.0")).await,
            "https://graph.facebook.com/v23.0/oauth/access_token",
        ),
        (
            exchange(Facebook::new()).await,
            "https://graph.facebook.com/v5.0/oauth/access_token",
        ),
        (
            exchange(LinkedIn::new()).await,
            "https://www.linkedin.com/oauth/v2/accessToken",
        ),
        (
            exchange(FranceConnect::new()).await,
            "https://app.franceconnect.gouv.fr/api/v1/token",
        ),
        (
            exchange(FranceConnect::integration()).await,
            "https://fcp.integ01.dev-franceconnect.fr/api/v1/token",
        ),
        (
            exchange(Kakao::new()).await,
            "https://kauth.kakao.com/oauth/token",
        ),
        (
            exchange(Naver::new()).await,
            "https://nid.naver.com/oauth2.0/token",
        ),
        (
            exchange(Shopify::new("acme")).await,
            "https://acme.myshopify.com/admin/oauth/access_token",
        ),
        (
            exchange(Apple::new()).await,
            "https://appleid.apple.com/auth/token",
        ),
    ];
    for (asked, url) in in_body {
        let form = format!("{FORM}&client_id=id&client_secret=secret");
        assert_eq!(asked, (url.to_owned(), None, form));
    }
}

#[tokio::test]
async fn an_error_with_status_200_is_no_token() {
    let url = "https://github.com/login/oauth/access_token";
    let answer = r#"{"error": "bad_verification_code", "error_description": "The code passed is incorrect or expired."}"#;
    let client = OAuthClient::new(
        GitHub::new(),
        answering(&[(url, 200, answer)]).0,
        "id",
        "secret",
    );
    let refused = client
        .exchange("C", "https://app.example/cb", None, true)
        .await;
    assert!(
        matches!(refused, Err(ProviderError::Answer(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn errors_and_garbage_are_nobody() {
    macro_rules! each {
        ($($provider:expr, $url:literal;)*) => {$(
            let refused = profile($provider, &[($url, 401, r#"{"error": "invalid_token"}"#)]).await;
            assert!(matches!(refused, Err(ProviderError::Status { status }) if status == 401), "{}: {refused:?}", $url);
            for garbage in ["<html>", "", "null", "[]", "{}", "7", r#"{"id": null}"#, r#"{"id": {}, "response": 7, "shop": []}"#] {
                let refused = profile($provider, &[($url, 200, garbage)]).await;
                assert!(matches!(refused, Err(ProviderError::Answer(_))), "{}, {garbage}: {refused:?}", $url);
            }
        )*};
    }
    each! {
        Google::new(), "https://people.googleapis.com/v1/people/me?personFields=emailAddresses";
        GitHub::new(), "https://api.github.com/user";
        Microsoft::new(), "https://graph.microsoft.com/v1.0/me";
        Facebook::new(), "https://graph.facebook.com/v5.0/me?fields=id%2Cemail&access_token=tok%2Fen";
        Discord::new(), "https://discord.com/api/users/@me";
        LinkedIn::openid(), "https://api.linkedin.com/v2/userinfo";
        Reddit::new(), "https://oauth.reddit.com/api/v1/me";
        FranceConnect::new(), "https://app.franceconnect.gouv.fr/api/v1/userinfo";
        Kakao::new(), "https://kapi.kakao.com/v2/user/me?property_keys=%5B%22kakao_account.email%22%5D";
        Naver::new(), "https://openapi.naver.com/v1/nid/me";
        Shopify::new("acme"), "https://acme.myshopify.com/admin/api/2023-04/shop.json";
    }
}
