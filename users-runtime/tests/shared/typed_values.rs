//! What fields of every type are given: values that they take, values at their limits and beyond, and values of other types.

use chrono::{NaiveTime, TimeDelta};
use serde_json::{Value as Json, json};
use users_runtime::value::Value;
use uuid::Uuid;

use crate::typed::{Address, Cents, Extras, Handle, Level, Plan, Preferences, Tenant, at, day};

/// What a new user has of whom nothing else is known.
pub(crate) fn default() -> Extras {
    Extras {
        plan: Plan::ForLife,
        next_plan: None,
        level: Level::Lowest,
        next_level: None,
        handle: Handle("it's \\ 🦀".into()),
        old_handle: None,
        credit: Cents(i64::MIN),
        debt: None,
        tenant: Tenant(Uuid::from_u128(7)),
        former_tenant: None,
        small: -7,
        medium: i32::MIN,
        tiny: i8::MIN,
        byte: u8::MAX,
        port: u16::MAX,
        count: u32::MAX,
        next_count: None,
        weight: 0.1,
        height: None,
        ratio: 0.1 + 0.2,
        share: None,
        is_curious: true,
        is_shy: None,
        avatar: vec![0, 39, 92, 255],
        key: None,
        born_on: day(1999, 12, 31),
        left_on: None,
        wakes_at: NaiveTime::MIN + TimeDelta::microseconds(1),
        sleeps_at: None,
        seen_at: at(1969, 7, 20, 73_060_123_456),
        paid_at: None,
        rings_at: at(1969, 7, 20, 73_060_123_456).naive_utc(),
        rang_at: None,
        settings: json!({ "it's": ["\\ \"🦀\"", null, 1.5, { "": {} }] }),
        labels: None,
        tags: vec!["it's".into(), "\\ \"🦀\"".into(), String::new()],
        old_tags: None,
        days: Vec::new(),
        plans: vec![Plan::Free],
        address: Address::new("rue de l'Été", &[i64::MIN, i64::MAX], None),
        billing: None,
        preferences: Preferences::new(&["it's", "\\ \"🦀\""], None),
        old_preferences: None,
    }
}

/// Another value for each field.
pub(crate) fn other() -> Extras {
    Extras {
        plan: Plan::PayAsYouGo,
        next_plan: Some(Plan::Free),
        level: Level::Middle,
        next_level: Some(Level::Highest),
        handle: Handle(String::new()),
        old_handle: Some(Handle("🦀".repeat(20))),
        credit: Cents(-1),
        debt: Some(Cents(i64::MAX)),
        tenant: Tenant(Uuid::nil()),
        former_tenant: Some(Tenant(Uuid::max())),
        small: i16::MAX,
        medium: i32::MAX,
        tiny: i8::MAX,
        byte: 0,
        port: 0,
        count: 0,
        next_count: Some(2_147_483_648),
        weight: f32::MIN_POSITIVE,
        height: Some(f32::MAX),
        ratio: f64::MIN_POSITIVE,
        share: Some(f64::MAX),
        is_curious: false,
        is_shy: Some(false),
        avatar: Vec::new(),
        key: Some((0..=255).collect()),
        born_on: day(1, 1, 1),
        left_on: Some(day(9999, 12, 31)),
        wakes_at: NaiveTime::MIN,
        sleeps_at: Some(NaiveTime::MIN - TimeDelta::microseconds(1)),
        seen_at: at(2024, 2, 29, 86_399_999_999),
        paid_at: Some(at(1970, 1, 1, -1)),
        rings_at: at(2024, 2, 29, 86_399_999_999).naive_utc(),
        rang_at: Some(at(1970, 1, 1, -1).naive_utc()),
        settings: Json::Null,
        labels: Some(json!(["", i64::MIN, { "$oid": "507f1f77bcf86cd799439011", "a.b": false }])),
        tags: Vec::new(),
        old_tags: Some(vec!["é".repeat(40_000)]),
        days: vec![Some(day(1, 1, 1)), None, Some(day(9999, 12, 31))],
        plans: vec![Plan::ForLife, Plan::PayAsYouGo],
        address: Address::new("", &[], Some(-1)),
        billing: Some(Address::new("\"\\\n", &[0], Some(i8::MAX))),
        preferences: Preferences::new(&[], Some(Preferences::new(&[""], None))),
        old_preferences: Some(Preferences::new(&["é"], None)),
    }
}

/// Values at the limits of their types.
pub(crate) fn limits() -> Vec<Extras> {
    vec![
        Extras {
            credit: Cents(i64::MAX),
            debt: Some(Cents(i64::MIN)),
            small: i16::MIN,
            weight: f32::MIN,
            height: Some(f32::from_bits(1)),
            ratio: f64::MIN,
            ..default()
        },
        Extras {
            ratio: 5e-324,
            share: Some(f64::EPSILON),
            level: Level::Highest,
            medium: -1,
            ..default()
        },
        Extras {
            seen_at: at(1, 1, 1, 0),
            paid_at: Some(at(9999, 12, 31, 86_399_999_999)),
            rings_at: at(1, 1, 1, 0).naive_utc(),
            rang_at: Some(at(9999, 12, 31, 86_399_999_999).naive_utc()),
            born_on: day(9999, 12, 31),
            ..default()
        },
        Extras {
            handle: Handle("\u{10ffff}".repeat(20)),
            avatar: vec![255; 70_000],
            key: Some(vec![0]),
            ..default()
        },
        Extras {
            labels: Some(json!("x".repeat(70_000))),
            address: Address::new(&"é".repeat(40_000), &[0; 1000], None),
            ..other()
        },
    ]
}

/// Values with one beyond what its column takes, and that column.
pub(crate) fn beyond() -> Vec<(Extras, &'static str)> {
    vec![
        (
            Extras {
                handle: Handle("secret".repeat(4)),
                ..other()
            },
            "handle",
        ),
        (
            Extras {
                old_handle: Some(Handle("\u{10ffff}".repeat(21))),
                ..other()
            },
            "old_handle",
        ),
        (
            Extras {
                seen_at: at(9999, 12, 31, 86_400_000_000),
                ..other()
            },
            "seen_at",
        ),
        (
            Extras {
                paid_at: Some(at(1, 1, 1, -1)),
                ..other()
            },
            "paid_at",
        ),
        (
            Extras {
                rang_at: Some(at(1, 1, 1, -1).naive_utc()),
                ..other()
            },
            "rang_at",
        ),
        (
            Extras {
                weight: f32::NAN,
                ..other()
            },
            "weight",
        ),
        (
            Extras {
                ratio: f64::NAN,
                ..other()
            },
            "ratio",
        ),
    ]
}

/// Columns, and values that their fields have no variant for or cannot hold.
pub(crate) fn foreign() -> Vec<(&'static str, Value)> {
    vec![
        ("plan", Value::Text("secret".into())),
        ("plan", Value::Text("Free".into())),
        ("next_plan", Value::Text("secret".into())),
        ("order", Value::Int(4711)),
        (
            "address",
            Value::Json(json!({ "streetName": "secret", "numbers": ["secret"], "floor": null })),
        ),
        ("address", Value::Json(json!("secret"))),
        ("byte", Value::Int(4711)),
        ("tiny", Value::Int(-4711)),
        ("weight", Value::Float(4711e300)),
        ("tags", Value::Json(json!(["a", { "secret": 4711 }]))),
        ("tags", Value::Json(json!("secret"))),
    ]
}
