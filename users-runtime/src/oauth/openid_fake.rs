//! A provider of OpenID Connect as tests need it: any description, any answers, and what it was asked for.

use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Request, Response, header};
use serde_json::{Value, json};

use super::{
    HttpClient, HttpError, OAuthClient, OAuthProvider as _, OpenIdConnect, Profile, ProviderError,
    ProviderToken,
    id_token::tests::{Signer, base64},
};

pub(super) const AT: &str = "https://login.example.com";
pub(super) const SECRET: &str = "se cret & +100%:";
pub(super) const MICROSOFT: &str = "https://login.microsoftonline.com/common/v2.0";
pub(super) const TEMPLATE: &str = "https://login.microsoftonline.com/{tenantid}/v2.0";

/// What a provider answers, as tests change it.
pub(super) struct Fake {
    description: Value,
    pub(super) user_info: String,
    pub(super) keys: Value,
    /// The paths that it was asked for, with the `Accept` header.
    asked: Mutex<Vec<(String, String)>>,
}

impl Fake {
    /// A provider that follows the standard, except for this part of its description.
    pub(super) fn new(but: &Value) -> Self {
        Self {
            description: description(AT, but),
            user_info: json!({ "sub": "zoe", "email": "zoe@x.co", "email_verified": true })
                .to_string(),
            keys: Signer::new().key_set(),
            asked: Mutex::default(),
        }
    }

    pub(super) fn microsoft(but: &Value) -> Self {
        let description = description(MICROSOFT, &json!({ "issuer": TEMPLATE }));
        Self {
            description: changed(description, but),
            ..Self::new(&json!({}))
        }
    }

    pub(super) fn answer(&self, request: &Request<Bytes>) -> (u16, String) {
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

    pub(super) fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().expect("no panic").clone()
    }
}

/// A description with endpoints below this issuer.
pub(super) fn description(issuer: &str, but: &Value) -> Value {
    let description = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"), "jwks_uri": format!("{issuer}/keys"),
    });
    changed(description, but)
}

/// An object with these members instead of its own; those that are null are removed.
pub(super) fn changed(mut object: Value, but: &Value) -> Value {
    for (name, value) in but.as_object().expect("an object") {
        if value.is_null() {
            object.as_object_mut().expect("an object").remove(name);
        } else {
            object[name] = value.clone();
        }
    }
    object
}

pub(super) fn network(fake: &Arc<Fake>) -> impl HttpClient + use<> {
    let fake = Arc::clone(fake);
    move |request: Request<Bytes>| {
        let (status, body) = fake.answer(&request);
        let answer = Response::builder().status(status).body(body.into());
        std::future::ready(Ok::<_, HttpError>(answer.expect("an answer")))
    }
}

/// The provider at an address, discovered.
pub(super) async fn discovered(fake: Fake, address: &str) -> (OpenIdConnect, Arc<Fake>) {
    let fake = Arc::new(fake);
    let provider = OpenIdConnect::discover(&network(&fake), "oidc", address).await;
    (provider.expect("a description"), fake)
}

/// What is wrong with a provider outside of the preset, and in it.
pub(super) fn wrong(provider: &OpenIdConnect) -> [Option<String>; 2] {
    [true, false].map(|strict| match provider.check(strict) {
        Ok(()) => None,
        Err(ProviderError::Configuration(wrong)) => {
            Some(wrong.split(": ").next().expect("text").to_owned())
        }
        Err(other) => panic!("{other:?}"),
    })
}

pub(super) const FINE: [Option<String>; 2] = [None, None];

/// Wrong outside of the preset only.
pub(super) fn wrong_if_strict(what: &str) -> [Option<String>; 2] {
    [Some(what.to_owned()), None]
}

pub(super) fn claims(but: &Value) -> Value {
    let claims =
        json!({ "iss": AT, "aud": "client", "sub": "zoe", "exp": 4_102_444_800_u64, "nonce": "n" });
    changed(claims, but)
}

/// Signs with a secret.
pub(super) fn hs256(secret: &str, claims: &Value) -> String {
    let header = base64(json!({ "alg": "HS256" }).to_string());
    let message = format!("{header}.{}", base64(claims.to_string()));
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("any key");
    let mac = mac.chain_update(&message).finalize().into_bytes();
    format!("{message}.{}", base64(mac))
}

pub(super) fn client(provider: OpenIdConnect, fake: &Arc<Fake>) -> OAuthClient {
    OAuthClient::new(provider, network(fake), "client", SECRET)
}

/// The profile of the user who comes with an id token.
pub(super) async fn profile(
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

pub(super) fn zoe(email_verified: Option<bool>) -> Profile {
    Profile {
        account_id: "zoe".to_owned(),
        email: Some("zoe@x.co".to_owned()),
        email_verified,
        name: None,
        picture: None,
    }
}
