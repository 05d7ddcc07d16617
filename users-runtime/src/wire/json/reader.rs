//! The reader itself. Containers being read are kept on a list, not on the call stack, so depth costs no stack.

use indexmap::IndexMap;

use super::cursor::Cursor;
use super::encoding::decode;
use super::numbers::number;
use super::strings::string;
use super::{Json, ReadError};

/// How many containers may be open at once. Python gives up somewhere between 950 and 980.
const MAX_DEPTH: usize = 960;

/// How many values, containers included, a text may have unless another number is asked for.
///
/// A body of the user system has tens. Ten thousand leave room for a JSON field with a document of about 100 KB, at ten bytes a
/// value, and even those that cost the most memory (objects with one short key each) come to 3 MiB.
pub(crate) const MAX_VALUES: usize = 10_000;

const VALUE: &str = "Expecting value";
const KEY: &str = "Expecting property name enclosed in double quotes";
const COLON: &str = "Expecting ':' delimiter";
const COMMA: &str = "Expecting ',' delimiter";
const EXTRA: &str = "Extra data";

/// A container whose end has not been read.
enum Open {
    List(Vec<Json>),
    /// The fields so far and the key of the one being read; no key if it is one that cannot be kept.
    Object(IndexMap<String, Json>, Option<String>),
}

/// What a step through the text came to.
enum Step {
    /// A whole value has been read.
    Complete(Json),
    /// A container is open and its next value is due.
    Inside(Open),
}

/// Reads a text as one JSON value with blanks around it at most, which has at most [`MAX_VALUES`] values in all.
pub(crate) fn read(bytes: &[u8]) -> Result<Json, ReadError> {
    read_at_most(bytes, MAX_VALUES)
}

/// [`read`] with another limit of values.
pub(crate) fn read_at_most(bytes: &[u8], max_values: usize) -> Result<Json, ReadError> {
    let text = decode(bytes)?;
    let mut cursor = Cursor::new(&text);
    cursor.skip_blanks();
    let value = value(&mut cursor, max_values)?;
    cursor.skip_blanks();
    if cursor.peek().is_some() {
        Err(cursor.invalid(EXTRA))
    } else {
        Ok(value)
    }
}

/// Reads a value with all nested values, up to this number.
fn value(cursor: &mut Cursor<'_>, max_values: usize) -> Result<Json, ReadError> {
    let mut open = Vec::new();
    let mut left = max_values;
    loop {
        left = left.checked_sub(1).ok_or(ReadError::Unreadable)?;
        let mut step = begin(cursor, open.len())?;
        while let Step::Complete(value) = step {
            let Some(container) = open.pop() else {
                return Ok(value);
            };
            step = add(cursor, container, value)?;
        }
        if let Step::Inside(container) = step {
            open.push(container);
        }
    }
}

/// Reads a value that has no others in it, or the beginning of one that has.
fn begin(cursor: &mut Cursor<'_>, depth: usize) -> Result<Step, ReadError> {
    let value = match cursor.peek() {
        Some(b'{' | b'[') if depth >= MAX_DEPTH => return Err(ReadError::Unreadable),
        Some(b'{') => return begin_object(cursor),
        Some(b'[') => return Ok(begin_list(cursor)),
        Some(b'"') => string(cursor)?.map_or(Json::Surrogates, Json::Text),
        _ => match literal(cursor) {
            Some(value) => value,
            None => number(cursor)?.ok_or_else(|| cursor.invalid(VALUE))?,
        },
    };
    Ok(Step::Complete(value))
}

/// Reads one of the words; Python knows three more than JSON.
fn literal(cursor: &mut Cursor<'_>) -> Option<Json> {
    let words = [
        ("null", Json::Null),
        ("true", Json::Bool(true)),
        ("false", Json::Bool(false)),
        ("NaN", Json::Float(f64::NAN)),
        ("Infinity", Json::Float(f64::INFINITY)),
        ("-Infinity", Json::Float(f64::NEG_INFINITY)),
    ];
    words
        .into_iter()
        .find_map(|(word, value)| cursor.eat(word).then_some(value))
}

/// Reads `[` and, for an empty list, its end.
fn begin_list(cursor: &mut Cursor<'_>) -> Step {
    cursor.skip(1);
    cursor.skip_blanks();
    if cursor.eat("]") {
        Step::Complete(Json::List(Vec::new()))
    } else {
        Step::Inside(Open::List(Vec::new()))
    }
}

/// Reads `{` and its end or its first key.
fn begin_object(cursor: &mut Cursor<'_>) -> Result<Step, ReadError> {
    cursor.skip(1);
    cursor.skip_blanks();
    if cursor.eat("}") {
        return Ok(Step::Complete(Json::Object(Box::default())));
    }
    Ok(Step::Inside(Open::Object(IndexMap::new(), key(cursor)?)))
}

/// Reads a key, its colon and the blanks around that. Nothing is returned for a key with lone surrogates.
fn key(cursor: &mut Cursor<'_>) -> Result<Option<String>, ReadError> {
    if cursor.peek() != Some(b'"') {
        return Err(cursor.invalid(KEY));
    }
    let key = string(cursor)?;
    cursor.skip_blanks();
    if !cursor.eat(":") {
        return Err(cursor.invalid(COLON));
    }
    cursor.skip_blanks();
    Ok(key)
}

/// Puts a value into its container and reads on to the container's end or to where its next value is due.
fn add(cursor: &mut Cursor<'_>, container: Open, value: Json) -> Result<Step, ReadError> {
    cursor.skip_blanks();
    match container {
        Open::List(mut items) => {
            items.push(value);
            if cursor.eat("]") {
                // A list grows in steps, of which many short ones would keep a multiple of what they need.
                items.shrink_to_fit();
                return Ok(Step::Complete(Json::List(items)));
            }
            comma(cursor)?;
            Ok(Step::Inside(Open::List(items)))
        }
        Open::Object(mut fields, name) => {
            // As in a Python dict, a repeated key keeps its first place and takes its last value.
            if let Some(name) = name {
                fields.insert(name, value);
            }
            if cursor.eat("}") {
                fields.shrink_to_fit();
                return Ok(Step::Complete(Json::Object(Box::new(fields))));
            }
            comma(cursor)?;
            Ok(Step::Inside(Open::Object(fields, key(cursor)?)))
        }
    }
}

/// Reads a comma and the blanks behind it.
fn comma(cursor: &mut Cursor<'_>) -> Result<(), ReadError> {
    if !cursor.eat(",") {
        return Err(cursor.invalid(COMMA));
    }
    cursor.skip_blanks();
    Ok(())
}
