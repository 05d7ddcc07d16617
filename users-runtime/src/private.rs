//! Everything that the derive's output names. Not part of the public interface: it may change with every release.

pub use core::{clone::Clone, convert::Into, fmt, option::Option, result::Result, str};
pub use std::string::String;

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use crate::{
    model::{
        Account, BackendSpec, Column, Config, Field, Presence, Role, Routes, Row, RowError, StrategyKind, TransportKind, UserId,
        UserModel, Value, Viewer,
    },
    password::{Password, PasswordHash},
    schema::{FieldView, Input, InputSchema, Rules, Schema, Visitor},
};

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
