//! Instants, dates and times of day, by the reader that Pydantic uses.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use speedate::{Date, DateTime as ReadDateTime, ParseError, Time};
use strum::EnumMessage as _;

use super::told;
use crate::{value::Problem, wire::json::Json};

/// An instant: ISO 8601, or seconds (or milliseconds) since 1970. Without an offset it is in UTC.
pub(super) fn instant(json: &Json) -> Result<DateTime<Utc>, Problem> {
    let read = match json {
        Json::Text(text) => read_instant(text).map_err(|error| {
            problem(
                "datetime_from_date_parsing",
                "Input should be a valid datetime or date",
                &error,
            )
        })?,
        Json::Int(_) | Json::Float(_) => timestamp(json).map_err(|error| {
            problem(
                "datetime_parsing",
                "Input should be a valid datetime",
                &error,
            )
        })?,
        _ => {
            return Err(Problem::new(
                "datetime_type",
                "Input should be a valid datetime",
            ));
        }
    };
    let microsecond = TimeDelta::microseconds(read.time.microsecond.into());
    DateTime::from_timestamp(read.timestamp_tz(), 0)
        .and_then(|instant| instant.checked_add_signed(microsecond))
        .ok_or_else(|| Problem::new("datetime_object_invalid", "Invalid datetime object"))
}

/// A date, or an instant at midnight.
pub(super) fn date(json: &Json) -> Result<NaiveDate, Problem> {
    let parsing = |error| {
        problem(
            "date_from_datetime_parsing",
            "Input should be a valid date or datetime",
            &error,
        )
    };
    let read = match json {
        Json::Text(text) => read_instant(text).map_err(parsing)?,
        Json::Int(_) | Json::Float(_) => timestamp(json).map_err(parsing)?,
        _ => return Err(Problem::new("date_type", "Input should be a valid date")),
    };
    let Time {
        hour: 0,
        minute: 0,
        second: 0,
        microsecond: 0,
        ..
    } = read.time
    else {
        let message = "Datetimes provided to dates should have zero time - e.g. be exact dates";
        return Err(Problem::new("date_from_datetime_inexact", message));
    };
    NaiveDate::from_ymd_opt(
        read.date.year.into(),
        read.date.month.into(),
        read.date.day.into(),
    )
    .ok_or_else(|| Problem::new("date_type", "Input should be a valid date"))
}

/// A time of day, or the seconds since midnight.
pub(super) fn time(json: &Json) -> Result<NaiveTime, Problem> {
    let parsing = |error| {
        problem(
            "time_parsing",
            "Input should be in a valid time format",
            &error,
        )
    };
    let read = match json {
        Json::Text(text) => Time::parse_str(text).map_err(parsing)?,
        Json::Int(seconds) => {
            Time::from_timestamp(u32::try_from(*seconds).unwrap_or(u32::MAX), 0).map_err(parsing)?
        }
        _ => return Err(Problem::new("time_type", "Input should be a valid time")),
    };
    NaiveTime::from_hms_micro_opt(
        read.hour.into(),
        read.minute.into(),
        read.second.into(),
        read.microsecond,
    )
    .ok_or_else(|| Problem::new("time_type", "Input should be a valid time"))
}

fn read_instant(text: &str) -> Result<ReadDateTime, ParseError> {
    ReadDateTime::parse_str(text).or_else(|error| {
        let midnight = Time {
            hour: 0,
            minute: 0,
            second: 0,
            microsecond: 0,
            tz_offset: None,
        };
        // The error of the date's reader is reported only for text as short as a date.
        match Date::parse_str(text) {
            Ok(date) => Ok(ReadDateTime {
                date,
                time: midnight,
            }),
            Err(of_date) => Err(if text.len() <= 10 { of_date } else { error }),
        }
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a fraction of a second has six digits"
)]
fn timestamp(json: &Json) -> Result<ReadDateTime, ParseError> {
    match json {
        Json::Float(seconds) => {
            let whole = seconds.floor();
            ReadDateTime::from_timestamp(whole as i64, ((seconds - whole) * 1e6).round() as u32)
        }
        Json::Int(seconds) => ReadDateTime::from_timestamp(*seconds, 0),
        _ => Err(ParseError::TooShort),
    }
}

/// A problem in the reader's own words.
fn problem(kind: &'static str, message: &str, error: &ParseError) -> Problem {
    told(
        kind,
        message,
        &error.get_documentation().unwrap_or("it is invalid"),
    )
}
