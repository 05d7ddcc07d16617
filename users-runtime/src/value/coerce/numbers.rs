//! Truth values and numbers.

use crate::{value::Problem, wire::json::Json};

/// The first number beyond 64 bits with a sign.
const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;

/// Numbers that a `float` column and JSON cannot hold.
pub(super) fn infinite() -> Problem {
    Problem::new("finite_number", "Input should be a finite number")
}

/// A truth value: itself, 0 and 1, and the usual words.
pub(super) fn boolean(json: &Json) -> Result<bool, Problem> {
    let unclear = || {
        Problem::new(
            "bool_parsing",
            "Input should be a valid boolean, unable to interpret input",
        )
    };
    match json {
        Json::Bool(flag) => Ok(*flag),
        Json::Int(0) => Ok(false),
        Json::Int(1) => Ok(true),
        Json::Int(_) => Err(unclear()),
        Json::Float(number) if *number == 0.0 => Ok(false),
        #[expect(clippy::float_cmp, reason = "exactly one is meant")]
        Json::Float(number) if *number == 1.0 => Ok(true),
        // A whole number of 64 bits, as it is without the point.
        Json::Float(number)
            if number.fract() == 0.0 && (-TWO_TO_63..TWO_TO_63).contains(number) =>
        {
            Err(unclear())
        }
        Json::Text(text) => match text.to_ascii_lowercase().as_str() {
            "0" | "off" | "f" | "false" | "n" | "no" => Ok(false),
            "1" | "on" | "t" | "true" | "y" | "yes" => Ok(true),
            _ => Err(unclear()),
        },
        _ => Err(Problem::new("bool_type", "Input should be a valid boolean")),
    }
}

/// A whole number within bounds, which are those of the column.
pub(crate) fn integer(json: &Json, least: i64, most: i64) -> Result<i64, Problem> {
    let number = match json {
        Json::Bool(flag) => i128::from(*flag),
        Json::Int(number) => i128::from(*number),
        Json::BigInt(digits) if digits.starts_with('-') => i128::MIN,
        Json::BigInt(_) => i128::MAX,
        Json::Float(number) if !number.is_finite() => return Err(infinite()),
        Json::Float(number) if number.fract() != 0.0 => {
            let message = "Input should be a valid integer, got a number with a fractional part";
            return Err(Problem::new("int_from_float", message));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the cast saturates, far outside the bounds"
        )]
        Json::Float(number) => *number as i128,
        Json::Text(text) => whole(text).ok_or_else(|| {
            Problem::new(
                "int_parsing",
                "Input should be a valid integer, unable to parse string as an integer",
            )
        })?,
        _ => return Err(Problem::new("int_type", "Input should be a valid integer")),
    };
    match i64::try_from(number) {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ if number > 0 => Err(Problem::new(
            "less_than_equal",
            format!("Input should be less than or equal to {most}"),
        )
        .with("le", most)),
        _ => {
            let message = format!("Input should be greater than or equal to {least}");
            Err(Problem::new("greater_than_equal", message).with("ge", least))
        }
    }
}

/// A whole number in text: blanks around it, single underscores between digits and zeros behind a point are fine.
fn whole(text: &str) -> Option<i128> {
    let text = text.trim();
    let text = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    without_underscores(text)?.parse().ok()
}

/// A number with a fraction.
pub(super) fn float(json: &Json) -> Result<f64, Problem> {
    let number = match json {
        Json::Bool(flag) => f64::from(u8::from(*flag)),
        #[expect(clippy::cast_precision_loss, reason = "a float is what was asked for")]
        Json::Int(number) => *number as f64,
        Json::BigInt(digits) => digits.parse().map_err(|_| infinite())?,
        Json::Float(number) => *number,
        Json::Text(text) => without_underscores(text.trim())
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| {
                Problem::new(
                    "float_parsing",
                    "Input should be a valid number, unable to parse string as a number",
                )
            })?,
        _ => return Err(Problem::new("float_type", "Input should be a valid number")),
    };
    if number.is_finite() {
        Ok(number)
    } else {
        Err(infinite())
    }
}

/// The text without underscores, each of which must stand between digits.
fn without_underscores(text: &str) -> Option<String> {
    let misplaced = text.starts_with('_') || text.ends_with('_') || text.contains("__");
    (!misplaced).then(|| text.replace('_', ""))
}
