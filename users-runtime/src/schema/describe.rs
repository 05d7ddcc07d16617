//! What clients may send, told by the very calls that read it.

use std::cell::RefCell;

use serde_json::{Map, Value, json};

use super::{InputField, InputSchema, rules::Rules};
use crate::{
    schema::Input,
    value::{Field, Kind, Viewer, json_schema},
    wire::json::Json,
};

/// A field that a client may send.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentField {
    pub(crate) name: &'static str,
    pub(crate) schema: Value,
    pub(crate) is_required: bool,
    /// What counts where the field is not sent, unless it is `null` or differs from time to time.
    pub(crate) default: Option<Value>,
    /// Whether it is ignored when anybody else sends it.
    pub(crate) is_for_admins: bool,
    /// Whether the field's example is there, and is what a client may send.
    pub(crate) takes_example: bool,
}

impl SentField {
    /// A field that may be left out.
    pub(super) fn new(name: &'static str, schema: Value) -> Self {
        Self {
            name,
            schema,
            is_required: false,
            default: None,
            is_for_admins: false,
            takes_example: false,
        }
    }

    pub(super) fn email() -> Self {
        Self::new("email", json!({ "type": "string", "format": "idn-email" }))
    }

    pub(super) fn password() -> Self {
        Self::new("password", json_schema::password())
    }

    pub(super) fn flag(name: &'static str) -> Self {
        Self::new(name, json_schema::of_kind(Kind::Bool)).for_admins()
    }

    pub(super) fn nullable(mut self) -> Self {
        self.schema = json_schema::nullable(self.schema);
        self
    }

    pub(super) fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    pub(super) fn or(mut self, default: impl Into<Value>) -> Self {
        self.default = Some(default.into()).filter(|default| !default.is_null());
        self
    }

    pub(super) fn for_admins(mut self) -> Self {
        self.is_for_admins = true;
        self
    }
}

impl<T: Field> InputField<'_, '_, T> {
    pub(super) fn description(&self) -> SentField {
        let mut field = SentField::new(self.name, self.rules.schema());
        let judged =
            |example| T::from_input(example).and_then(|example| self.rules.judge(&example));
        field.takes_example = self
            .input
            .body
            .get(self.name)
            .is_some_and(|example| judged(example).is_ok());
        if T::NULLABLE { field.nullable() } else { field }
    }

    /// The description with the default, as JSON; one that differs from call to call, as ids and instants do, is left out.
    pub(super) fn description_with(&self, default: fn() -> T) -> SentField
    where
        T: serde::Serialize,
    {
        let as_json = |field: T| serde_json::to_value(field).unwrap_or_default();
        let (once, again) = (as_json(default()), as_json(default()));
        let is_constant =
            once == again && !matches!(T::KIND, Kind::Timestamp | Kind::Date | Kind::Time);
        self.description()
            .or(if is_constant { once } else { Value::Null })
    }
}

impl<T: Field> Rules<T> {
    /// The type's schema with the rules that a JSON schema can say.
    fn schema(&self) -> Value {
        let mut schema = T::json_schema();
        let Some(keywords) = schema.as_object_mut() else {
            return schema;
        };
        let lengths = [
            ("minLength", self.min_length),
            ("maxLength", self.max_length),
        ];
        keywords.extend(
            lengths
                .into_iter()
                .filter_map(|(name, length)| Some((name.to_owned(), length?.into()))),
        );
        let bounds = [
            ("minimum", self.ge),
            ("maximum", self.le),
            ("exclusiveMinimum", self.gt),
            ("exclusiveMaximum", self.lt),
        ];
        keywords.extend(
            bounds
                .into_iter()
                .filter_map(|(name, bound)| Some((name.to_owned(), number(bound?)))),
        );
        if let Some(pattern) = self.pattern {
            keywords.insert("pattern".to_owned(), pattern.into());
        }
        schema
    }
}

/// A whole number without a point.
fn number(bound: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "compared with what it was")]
    let whole = bound as i64;
    #[expect(
        clippy::cast_precision_loss,
        clippy::float_cmp,
        reason = "exactly the same is meant"
    )]
    if whole as f64 == bound {
        whole.into()
    } else {
        bound.into()
    }
}

/// The fields of a schema that clients send, in its order, tried with the examples, which are an object.
pub(crate) fn sent_fields<T: InputSchema>(examples: Map<String, Value>) -> Vec<SentField> {
    let examples = Json::from(Value::Object(examples));
    let mut input = Input::new(&examples, Viewer::Admin);
    input.described = Some(RefCell::default());
    drop(T::parse(&mut input));
    input.described.unwrap_or_default().into_inner()
}
