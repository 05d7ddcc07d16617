//! Coercions, held against what Pydantic 2 answers.

use serde_json::json;

use crate::model::Field;

fn refused<T: Field>(json: serde_json::Value) -> serde_json::Value {
    let problem = T::from_input(&json.into()).err().expect("a problem");
    let error = crate::schema::ValidationError::of_field(
        problem,
        "x",
        None,
        crate::schema::echo::Echo::AsOriginal,
    );
    serde_json::to_value(error).expect("JSON")["msg"].take()
}

#[test]
fn dates_are_read_as_pydantic_reads_them() {
    use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
    type Instant = DateTime<Utc>;
    let instant = |json: serde_json::Value| {
        Instant::from_input(&json.into())
            .expect("an instant")
            .to_rfc3339()
    };
    assert_eq!(instant(json!("2024-01-01")), "2024-01-01T00:00:00+00:00");
    assert_eq!(
        instant(json!("2024-01-01T00:00:00+01:00")),
        "2023-12-31T23:00:00+00:00"
    );
    assert_eq!(
        instant(json!("2024-01-01 00:00:00.123456Z")),
        "2024-01-01T00:00:00.123456+00:00"
    );
    assert_eq!(instant(json!(1)), "1970-01-01T00:00:01+00:00");
    assert_eq!(instant(json!(1.5)), "1970-01-01T00:00:01.500+00:00");
    assert_eq!(
        refused::<Instant>(json!("x")),
        "Input should be a valid datetime or date, input is too short"
    );
    assert_eq!(
        refused::<Instant>(json!("2024-13-01T00:00:00")),
        "Input should be a valid datetime or date, month value is outside expected range of 1-12"
    );
    assert_eq!(
        refused::<Instant>(json!(true)),
        "Input should be a valid datetime"
    );
    assert_eq!(
        refused::<NaiveDate>(json!("x")),
        "Input should be a valid date or datetime, input is too short"
    );
    assert_eq!(
        refused::<NaiveDate>(json!("2024-01-01T00:00:01")),
        "Datetimes provided to dates should have zero time - e.g. be exact dates"
    );
    assert_eq!(
        refused::<NaiveTime>(json!("x")),
        "Input should be in a valid time format, input is too short"
    );
    assert_eq!(
        refused::<NaiveTime>(json!([])),
        "Input should be a valid time"
    );
}

#[test]
fn numbers_and_truth_values_are_read_as_pydantic_reads_them() {
    for (json, number) in [
        (json!("1.0"), 1),
        (json!("1_0"), 10),
        (json!(" 1 "), 1),
        (json!(true), 1),
        (json!(2.0), 2),
        (json!("+1"), 1),
    ] {
        assert_eq!(i64::from_input(&json.into()), Ok(number));
    }
    let unreadable = "Input should be a valid integer, unable to parse string as an integer";
    assert_eq!(refused::<i64>(json!("x")), unreadable);
    assert_eq!(refused::<i64>(json!("1.5")), unreadable);
    assert_eq!(
        refused::<i64>(json!(1.5)),
        "Input should be a valid integer, got a number with a fractional part"
    );
    assert_eq!(
        refused::<i64>(json!(null)),
        "Input should be a valid integer"
    );
    assert_eq!(
        refused::<i16>(json!(40_000)),
        "Input should be less than or equal to 32767"
    );
    assert_eq!(
        refused::<f64>(json!("nan")),
        "Input should be a finite number"
    );
    assert_eq!(f64::from_input(&json!("1_0.5").into()), Ok(10.5));
    assert_eq!(
        refused::<bool>(json!(2)),
        "Input should be a valid boolean, unable to interpret input"
    );
    let unclear = "Input should be a valid boolean, unable to interpret input";
    for number in [2.0, -1.0, 1e15, 9.2e18] {
        assert_eq!(refused::<bool>(json!(number)), unclear, "{number}");
    }
    for number in [0.5, 9.3e18, -1e19] {
        assert_eq!(
            refused::<bool>(json!(number)),
            "Input should be a valid boolean",
            "{number}"
        );
    }
    assert_eq!(bool::from_input(&json!("Off").into()), Ok(false));
}
