//! Everything that the derive's output names. Not part of the public interface: it may change with every release.

pub use core::{
    clone::Clone,
    convert::Into,
    default::Default,
    fmt::{self, Debug, Formatter},
    option::Option::{self, None, Some},
    primitive::str,
    result::Result::{self, Ok},
};
pub use std::string::String;

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::schema::{FieldView, Visitor, body};
pub use crate::{
    model::{
        Account, BackendSpec, Column, Config, Field, Presence, Role, Routes, Row, RowError,
        StrategyKind, UserModel, Value, Viewer,
    },
    schema::{Input, InputSchema, Member, Schema, member},
};

/// The stored form of a default.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it gives an expression its type"
)]
pub fn value<T: Field>(default: T) -> Value {
    default.to_value()
}

/// An example as JSON, as a client is shown it; `null` where its type cannot be shown.
#[expect(
    clippy::needless_pass_by_value,
    reason = "it gives an expression its type"
)]
pub fn example<T: FieldView>(example: T) -> serde_json::Value {
    example.json().into_option().unwrap_or_default()
}

/// A new UUID that sorts by the time it was made (RFC 9562, version 7).
pub fn new_uuid_v7() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

/// The `Debug` of a schema: its name and every field's own `Debug`.
pub fn debug<S: Schema>(schema: &S, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    struct Fields<'a, 'b, 'c>(&'a mut fmt::DebugStruct<'b, 'c>);
    impl Visitor for Fields<'_, '_, '_> {
        fn field(&mut self, name: &'static str, field: &dyn FieldView) {
            self.0.field(name, field.debug());
        }
    }
    let mut output = f.debug_struct(S::NAME);
    schema.visit(&mut Fields(&mut output));
    output.finish()
}

/// The `Serialize` of a schema: a map of the fields that are there and not secret.
pub fn serialize<S: Schema, Z: Serializer>(schema: &S, serializer: Z) -> Result<Z::Ok, Z::Error> {
    struct Fields(Vec<(&'static str, serde_json::Value)>);
    impl Visitor for Fields {
        fn field(&mut self, name: &'static str, field: &dyn FieldView) {
            if let Presence::Present(json) = field.json() {
                self.0.push((name, json));
            }
        }
    }
    let mut fields = Fields(Vec::new());
    schema.visit(&mut fields);
    serializer.collect_map(fields.0)
}

/// What a function of the application's says of a value.
pub fn checked<E: fmt::Display>(judged: Result<(), E>) -> Result<(), String> {
    judged.map_err(|error| error.to_string())
}

/// What a function says of the value, where there is one.
pub fn if_some<T>(value: &Option<T>, judge: fn(&T) -> Result<(), String>) -> Result<(), String> {
    value.as_ref().map_or(Ok(()), judge)
}

/// What `Deserialize::deserialize` returns.
pub type Parsed<'de, T, D> = Result<T, <D as Deserializer<'de>>::Error>;

/// The `Deserialize` of a schema that clients send, with the validation and the rights of registration and of `PATCH /users/me`: for
/// bodies that custom routes read. [`AsAdmin`](crate::AsAdmin) has an administrator's rights.
pub fn deserialize<'de, S: InputSchema, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<S, D::Error> {
    body::deserialize(deserializer, Viewer::Owner)
}

/// The schemas of a struct whose attributes have mistakes; nothing with it is ever run.
#[derive(Debug, Serialize)]
pub struct StandIn;

impl Schema for StandIn {
    const NAME: &'static str = "";
    const FIELDS: &'static [&'static dyn Member<Self>] = &[];
}

impl InputSchema for StandIn {
    fn parse(_input: &mut Input<'_>) -> Option<Self> {
        None
    }
}

/// A value in code that is never run, since the attributes' mistakes keep it from being compiled.
pub fn stand_in<T>() -> T {
    unreachable!("the attributes of the struct have mistakes")
}
