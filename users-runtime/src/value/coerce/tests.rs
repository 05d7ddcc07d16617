//! Coercions, held against what Pydantic 2 answers.

use serde_json::json;

use crate::value::Field;

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

#[test]
fn whole_numbers_have_the_bounds_of_their_type() {
    fn bounds<T: Field + PartialEq + std::fmt::Debug>(least: i64, most: i64) {
        for number in [least, most] {
            let read = T::from_input(&json!(number).into()).expect("a number");
            assert_eq!(read.to_value(), crate::value::Value::Int(number));
            assert_eq!(T::from_value(read.to_value()), Ok(read));
        }
        let told = format!("Input should be greater than or equal to {least}");
        assert_eq!(refused::<T>(json!(least - 1)), told);
        let told = format!("Input should be less than or equal to {most}");
        assert_eq!(refused::<T>(json!(most + 1)), told);
        let schema = T::json_schema();
        assert_eq!(
            (&schema["minimum"], &schema["maximum"]),
            (&json!(least), &json!(most))
        );
    }
    bounds::<i8>(-128, 127);
    bounds::<u8>(0, 255);
    bounds::<u16>(0, 65_535);
    bounds::<u32>(0, 4_294_967_295);
}

#[test]
fn numbers_of_32_bits_are_what_they_are_written_as() {
    let tenth = f32::from_input(&json!(0.1).into()).expect("a number");
    assert_eq!(tenth.to_value(), crate::value::Value::Float(0.1));
    assert_eq!(tenth.to_json(), Some(json!(0.1)));
    for number in [
        f32::MIN,
        f32::MAX,
        f32::MIN_POSITIVE,
        f32::EPSILON,
        f32::from_bits(1),
        16_777_217.0,
        1.0 / 3.0,
    ] {
        let back = f32::from_value(number.to_value()).expect("a number");
        assert_eq!(back.to_bits(), number.to_bits());
    }
    assert_eq!(
        refused::<f32>(json!(1e39)),
        "Value error, expected a number of 32 bits"
    );
    assert_eq!(
        refused::<f32>(json!("x")),
        "Input should be a valid number, unable to parse string as a number"
    );
}

#[test]
fn instants_without_a_time_zone_are_in_utc() {
    use chrono::NaiveDateTime;
    let read = |json: serde_json::Value| {
        NaiveDateTime::from_input(&json.into())
            .expect("an instant")
            .to_string()
    };
    assert_eq!(read(json!("2024-01-01T12:00:00")), "2024-01-01 12:00:00");
    assert_eq!(
        read(json!("2024-01-01T12:00:00+02:00")),
        "2024-01-01 10:00:00"
    );
    assert_eq!(
        refused::<NaiveDateTime>(json!(true)),
        "Input should be a valid datetime"
    );
}

#[test]
fn lists_are_read_item_by_item_and_their_errors_name_the_position() {
    type Lists = Vec<Option<Vec<i64>>>;
    let sent = json!([[1, "2"], null, []]);
    let read = Lists::from_input(&sent.into()).expect("a list");
    assert_eq!(read, [Some(vec![1, 2]), None, Some(Vec::new())]);
    assert_eq!(
        read.to_value(),
        crate::value::Value::Json(json!([[1, 2], null, []]))
    );
    assert_eq!(Lists::from_value(read.to_value()), Ok(read));
    assert_eq!(refused::<Lists>(json!({})), "Input should be a valid list");
    assert_eq!(
        Lists::json_schema(),
        json!({ "type": "array", "items": { "type": ["array", "null"], "items": i64::json_schema() } })
    );
    let sent = json!([[1], [2, 3, "x"]]).into();
    let problem = Lists::from_input(&sent).expect_err("a problem");
    let error = crate::schema::ValidationError::of_field(
        problem,
        "lists",
        Some(&sent),
        crate::schema::echo::Echo::AsOriginal,
    );
    let error = serde_json::to_value(error).expect("JSON");
    assert_eq!(
        (&error["loc"], &error["type"], &error["input"]),
        (
            &json!(["body", "lists", 1, 2]),
            &json!("int_parsing"),
            &json!("x")
        )
    );
    assert_eq!(
        Vec::<u8>::from_input(&json!("bytes").into()),
        Ok(b"bytes".to_vec()),
        "a list of `u8` is bytes"
    );
}
