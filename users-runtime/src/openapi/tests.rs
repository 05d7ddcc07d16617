use serde_json::{Value, json};

use super::convert;
use crate::value::{Kind, json_schema};

fn kept(schema: &Value) -> Value {
    serde_json::to_value(convert::schema(schema.clone())).expect("a schema is JSON")
}

#[test]
fn schemas_of_every_kind_are_kept_as_they_are() {
    let kinds = [
        Kind::Bool,
        Kind::SmallInt,
        Kind::Int,
        Kind::BigInt,
        Kind::Float,
        Kind::Text,
        Kind::Bytes,
        Kind::Uuid,
        Kind::Timestamp,
        Kind::Date,
        Kind::Time,
        Kind::Json,
    ];
    for schema in kinds.map(json_schema::of_kind) {
        assert_eq!(kept(&schema), schema);
        let nullable = json_schema::nullable(schema);
        assert_eq!(kept(&nullable), nullable);
    }
}

#[test]
fn schemas_of_the_applications_own_are_kept_as_they_are() {
    for schema in [
        json!({ "type": "string", "enum": ["free", "paid"], "default": "free", "examples": ["paid"] }),
        json!({ "enum": [1, "two", null] }),
        json!({ "type": "array", "items": {}, "maxItems": 3, "uniqueItems": true }),
        json!({ "type": "object", "properties": { "street": { "type": "string" }, "more": {} }, "required": ["street"] }),
        json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
        json!({ "oneOf": [{ "type": "string" }, { "$ref": "#/components/schemas/Other" }] }),
        json!({ "$ref": "#/components/schemas/Other" }),
    ] {
        assert_eq!(kept(&schema), schema);
    }
    assert_eq!(
        json_schema::nullable(json!({ "type": "string", "enum": ["free"] })),
        json!({ "anyOf": [{ "type": "string", "enum": ["free"] }, { "type": "null" }] })
    );
}

#[cfg(all(feature = "sqlite", feature = "oauth", feature = "conformance"))]
#[tokio::test]
async fn every_answer_that_there_is_stands_in_the_document() {
    use crate::{
        Backend, BearerTransport, CookieTransport, JwtStrategy, Users,
        conformance::Member,
        oauth::{HttpError, OAuth, OAuthClient, providers::GitHub},
        session::SessionStrategy,
        store::SqliteStore,
        token::JwtKeys,
        web::outcome::{self, Outcome},
    };

    let store = SqliteStore::<Member<i64>>::connect("sqlite::memory:")
        .await
        .expect("a store");
    let keys = JwtKeys::hs256(crate::random_secret()).expect("a strong secret");
    let cookie = Backend::new(
        "web",
        CookieTransport::new(),
        JwtStrategy::new(keys.clone()),
    );
    let sessions = SessionStrategy::new(store.clone(), "api").with_refresh(keys);
    let refresh = Backend::new("api", BearerTransport::new(), sessions);
    let users = Users::builder(store, crate::random_secret())
        .backend(cookie)
        .backend(refresh)
        .build()
        .expect("a sound configuration");
    let offline = |_: http::Request<axum::body::Bytes>| async {
        Err::<http::Response<axum::body::Bytes>, _>(HttpError::TooLong)
    };
    let oauth = OAuth::new(OAuthClient::new(GitHub::new(), offline, "client", "secret"))
        .front_end("https://front.example");
    let api = users.api().router().auth("/strict", "database", true);
    let api = api
        .unlock("/auth")
        .oauth("/github", &oauth, "database")
        .oauth_associate("/link", &oauth)
        .oauth_accounts("/accounts");
    let document = serde_json::to_value(api.build().expect("a document")).expect("JSON");

    let mut shown = Vec::new();
    collect(&document, &mut shown);
    // The document leaves out what every operation may answer.
    let is_shown = |outcome: &&Outcome| {
        [outcome::SERVER_ERROR, outcome::UNAVAILABLE].contains(outcome)
            || shown.contains(&(outcome.name, outcome.example()))
    };
    let missing: Vec<_> = outcome::ALL
        .iter()
        .filter(|outcome| !is_shown(outcome))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(
        shown
            .iter()
            .filter(|(name, _)| !outcome::ALL.iter().any(|outcome| outcome.name == *name))
            .count(),
        0
    );
}

/// Every named example.
#[cfg(all(feature = "sqlite", feature = "oauth", feature = "conformance"))]
fn collect<'a>(json: &'a Value, shown: &mut Vec<(&'a str, Option<Value>)>) {
    match json {
        Value::Object(fields) => {
            if let Some(Value::Object(examples)) = fields.get("examples") {
                shown.extend(
                    examples
                        .iter()
                        .map(|(name, example)| (name.as_str(), Some(example["value"].clone()))),
                );
            }
            fields.values().for_each(|field| collect(field, shown));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, shown)),
        _ => {}
    }
}
