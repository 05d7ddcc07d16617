//! Every problem of what a client sent for a type that serde reads, although serde stops at the first one.
//!
//! What is wrong is replaced with a value that the type accepts, and the whole is read again, until nothing else is wrong. Where no such
//! value is found, the problems so far are all that are known.

use std::{cell::Cell, fmt};

use serde::{
    Deserializer,
    de::{DeserializeOwned, Error, Visitor},
    forward_to_deserialize_any,
};

use super::{
    Problem, Step,
    reader::{Form, read},
};
use crate::wire::json::Json;

/// How often a value is read at most. It bounds the problems, too.
const ATTEMPTS: usize = 100;

/// Reads a value as any type, or returns its problems in the order of the type's fields.
pub(crate) fn read_or_all<T: DeserializeOwned>(json: &Json, form: Form) -> Result<T, Vec<Problem>> {
    let first = match read(json, form) {
        Ok(value) => return Ok(value),
        Err(problem) => problem,
    };
    let mut search = Search {
        json: json.clone(),
        form,
        places: Vec::new(),
        problems: Vec::new(),
    };
    let mut next = Some(first);
    for _ in 0..ATTEMPTS {
        let Some(problem) = next else { break };
        if !search.go_on(problem) {
            break;
        }
        next = read::<T>(&search.json, form).err();
    }
    let order = fields_of::<T>();
    let place = |problem: &Problem| match problem.steps.last() {
        Some(Step::Name(name)) => order.iter().position(|field| field == name),
        _ => None,
    };
    search
        .problems
        .sort_by_key(|problem| place(problem).unwrap_or(usize::MAX));
    Err(search.problems)
}

/// A place whose value was replaced, and how many replacements were tried there.
struct Place {
    path: Vec<Step>,
    tried: usize,
}

struct Search {
    json: Json,
    form: Form,
    places: Vec<Place>,
    problems: Vec<Problem>,
}

impl Search {
    /// Replaces what has a problem, which is kept unless a replacement has caused it; whether there is something to read again.
    fn go_on(&mut self, problem: Problem) -> bool {
        let path: Vec<_> = problem.steps.iter().rev().cloned().collect();
        // A rule of the application's type about several fields, of which one may be a replacement.
        if self
            .places
            .iter()
            .any(|place| is_within(&place.path, &path) && place.path != path)
        {
            return false;
        }
        let (is_missing, is_unknown) =
            (problem.kind == "missing", problem.kind == "extra_forbidden");
        let expected = first_expected(&problem);
        let replaced = self
            .places
            .iter()
            .rposition(|place| is_within(&path, &place.path));
        match replaced {
            None => self.problems.push(problem),
            // A replacement that is an object lacks a field.
            Some(position) if is_missing && self.places[position].path != path => {}
            Some(position) => {
                self.places.truncate(position + 1);
                let place = &mut self.places[position];
                let replacement = expected.or_else(|| {
                    place.tried += 1;
                    replacements(self.form).into_iter().nth(place.tried)
                });
                return replacement
                    .is_some_and(|json| put(&mut self.json, &place.path, Some(json)));
            }
        }
        let replacement = if is_unknown {
            None
        } else {
            expected.or_else(|| replacements(self.form).into_iter().next())
        };
        let is_put = !path.is_empty() && put(&mut self.json, &path, replacement);
        if !is_unknown {
            self.places.push(Place { path, tried: 0 });
        }
        is_put
    }
}

/// Whether a path leads to a place or into it.
fn is_within(path: &[Step], place: &[Step]) -> bool {
    path.starts_with(place)
}

/// One of the texts that an enumeration takes.
fn first_expected(problem: &Problem) -> Option<Json> {
    let expected = problem.context.get("expected")?.as_str()?;
    let first = expected.strip_prefix('\'')?.split('\'').next()?;
    Some(Json::Text(first.to_owned()))
}

/// What most types accept one of.
fn replacements(form: Form) -> Vec<Json> {
    let texts = [
        "",
        "1",
        "false",
        "00000000-0000-0000-0000-000000000000",
        "2000-01-01",
        "2000-01-01T00:00:00Z",
        "00:00:00",
        "a",
    ];
    let texts = texts.map(|text| Json::Text(text.to_owned()));
    let others = [
        Json::Null,
        Json::Int(1),
        Json::Bool(false),
        Json::List(Vec::new()),
        Json::Object(Box::default()),
    ];
    match form {
        Form::Json => others.into_iter().chain(texts).collect(),
        Form::Parameters => texts.into(),
    }
}

/// Puts a value in a place, or removes it from there; whether the place is there.
fn put(json: &mut Json, path: &[Step], value: Option<Json>) -> bool {
    match (json, path) {
        (Json::Object(fields), [Step::Name(name)]) => {
            match value {
                Some(value) => fields.insert(name.to_string(), value),
                None => fields.shift_remove(&**name),
            };
            true
        }
        (Json::Object(fields), [Step::Name(name), rest @ ..]) => fields
            .get_mut(&**name)
            .is_some_and(|inner| put(inner, rest, value)),
        (Json::List(items), [Step::Position(position), rest @ ..]) => {
            let Some(item) = items.get_mut(*position) else {
                return false;
            };
            match (rest, value) {
                ([], Some(value)) => *item = value,
                (rest, value) => return put(item, rest, value),
            }
            true
        }
        _ => false,
    }
}

/// The names of a struct's fields, in their order; none of what is no struct.
fn fields_of<T: DeserializeOwned>() -> &'static [&'static str] {
    let fields = Cell::new(&[][..]);
    let _ = T::deserialize(Asked(&fields));
    fields.get()
}

/// What notes which fields a type asks for, and gives none.
struct Asked<'a>(&'a Cell<&'static [&'static str]>);

#[derive(Debug)]
struct NothingThere;

impl fmt::Display for NothingThere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing is there")
    }
}

impl std::error::Error for NothingThere {}

impl Error for NothingThere {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = NothingThere;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NothingThere> {
        Err(NothingThere)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NothingThere> {
        self.0.set(fields);
        Err(NothingThere)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NothingThere> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct
        map enum identifier ignored_any
    }
}

#[cfg(test)]
#[expect(dead_code, reason = "only serde writes the fields")]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Plan {
        Free,
        Paid,
    }

    #[derive(Debug, Deserialize)]
    struct Part {
        size: f64,
        unit: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(try_from = "u8")]
    struct Even;

    impl TryFrom<u8> for Even {
        type Error = &'static str;

        fn try_from(number: u8) -> Result<Self, &'static str> {
            if number.is_multiple_of(2) {
                Ok(Self)
            } else {
                Err("odd")
            }
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        text: String,
        count: i64,
        id: uuid::Uuid,
        day: chrono::NaiveDate,
        plan: Plan,
        part: Part,
        parts: Vec<Part>,
        flag: bool,
        note: Option<String>,
    }

    /// The kinds and the places of the problems.
    fn told<T: DeserializeOwned + fmt::Debug>(sent: serde_json::Value, form: Form) -> Vec<String> {
        let problems = read_or_all::<T>(&sent.into(), form).expect_err("a mistake");
        let told = |problem: &Problem| {
            let steps = problem.steps.iter().rev().map(|step| match step {
                Step::Name(name) => name.to_string(),
                Step::Position(position) => position.to_string(),
            });
            format!("{} {}", steps.collect::<Vec<_>>().join("."), problem.kind)
        };
        problems.iter().map(told).collect()
    }

    #[test]
    fn every_field_that_is_missing_is_told_in_the_order_of_the_type() {
        let names = [
            "text", "count", "id", "day", "plan", "part", "parts", "flag",
        ];
        let missing: Vec<_> = names.iter().map(|name| format!("{name} missing")).collect();
        assert_eq!(told::<Whole>(json!({}), Form::Json), missing);
        let [text, rest @ ..] = &missing[..] else {
            panic!("names")
        };
        let mut expected = vec![text.replace("missing", "string_type")];
        expected.extend(rest.iter().cloned());
        expected.push("other extra_forbidden".into());
        assert_eq!(
            told::<Whole>(json!({ "other": 1, "text": 7 }), Form::Json),
            expected
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_missing_within() {
        let sent = json!({
            "note": 1, "flag": "x", "parts": [{ "size": 1, "unit": "m" }, { "size": "x" }, 7], "part": { "size": [] },
            "plan": "gold", "day": "today", "id": "x", "count": 0.5, "text": "t",
        });
        let expected = [
            "count int_from_float",
            "id uuid_parsing",
            "day value_error",
            "plan enum",
            "part.size float_type",
            "part.unit missing",
            "parts.1.size float_parsing",
            "parts.1.unit missing",
            "parts.2 model_attributes_type",
            "flag bool_parsing",
            "note string_type",
        ];
        let mut seen = told::<Whole>(sent, Form::Json);
        // Within one field, in the order in which they are met.
        seen.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(seen, expected);
    }

    #[test]
    fn a_rule_that_a_replacement_breaks_is_no_mistake_of_the_client() {
        #[derive(Debug, Deserialize)]
        struct Numbers {
            first: Even,
            second: i64,
        }
        let seen = told::<Numbers>(json!({ "first": 3 }), Form::Json);
        assert_eq!(seen[0], "first value_error");
        assert!(
            seen.len() == 1 || seen[1..] == ["second missing"],
            "{seen:?}"
        );
        assert_eq!(
            told::<Whole>(json!([]), Form::Json),
            [" model_attributes_type"]
        );
    }

    #[test]
    fn parameters_are_texts() {
        #[derive(Debug, Deserialize)]
        struct Paging {
            limit: u8,
            order: Plan,
            ids: Vec<i64>,
            after: Option<uuid::Uuid>,
        }
        let sent = json!({ "after": "x", "ids": ["1", "y"], "limit": "z" });
        let expected = [
            "limit int_parsing",
            "order missing",
            "ids.1 int_parsing",
            "after uuid_parsing",
        ];
        assert_eq!(told::<Paging>(sent, Form::Parameters), expected);
        assert_eq!(
            told::<(i64, uuid::Uuid)>(json!({ "a": "x", "b": "y" }), Form::Parameters),
            ["a int_parsing", "b uuid_parsing"]
        );
    }
}
