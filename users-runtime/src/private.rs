//! Everything that the derive's output names. Not part of the public interface: it may change with every release.

pub use core::{
    clone::Clone,
    concat,
    convert::Into,
    default::Default,
    fmt::{self, Debug, Formatter},
    iter::Iterator,
    marker::{Send, Sync},
    option::Option::{self, None, Some},
    primitive::{bool, str},
    result::Result::{self, Ok},
    time::Duration,
};
pub use std::string::String;

pub use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use std::{future::Future, iter::from_fn, vec::Vec};

pub use self::field_type::{
    EmailType, FlagType, NotShown, NotSupported, PasswordHashType, Shown, SortableId, Supported,
    Type, Unsupported, UnsupportedInput, email, flag, hashed_password, id, new_id_v7,
};
pub use self::json_type::{
    DocumentedSchema, JsonType, SchemaOf, UnknownSchema, computed, json_column,
};
use crate::schema::{FieldView, Visitor, body};
pub use crate::{
    __computed_member as computed_member, __field as field, __json_member as json_member,
    __json_presence as json_presence, __json_schema as json_schema, __member as member,
    __presence as presence, __redis_strategy as redis_strategy, __sent as sent, __shown as shown,
    __unchanged as unchanged,
    error::HookError,
    model::{
        Account, BackendSpec, Config, LimitBy, LimitPeriod, LimitRule, LimitRules, Limits, Loaded,
        Loading, MissingState, Routes, StrategyKind, TenantModel, UserModel,
    },
    password::PasswordHash,
    schema::{Input, InputSchema, Member, Schema, member},
    session::strategy::{EPOCHS, SESSIONS},
    store::{EVENTS, LIMITS, TICKETS, records::Table},
    value::{
        AsJson, Column, Field, Presence, Problem, Role, Row, RowError, UserField, Value, Viewer,
    },
    web::Route,
};

#[path = "private/field_type.rs"]
mod field_type;
#[path = "private/json_type.rs"]
mod json_type;

// No name of a variable in these macros is one that a static of the user's can have: hygiene does not tell those apart.

/// The constant of a struct that names a field of it with its type.
#[doc(hidden)]
#[macro_export]
macro_rules! __field {
    ($vis:vis $constant:ident: $type:ty = $name:literal) => {
        #[doc = $crate::__private::concat!("The field `", $name, "`.")]
        $vis const $constant: $crate::__private::UserField<Self, $type> =
            $crate::__private::UserField::new($name);
    };
}

/// A field of a schema, by its name, its identifier and its type.
#[doc(hidden)]
#[macro_export]
macro_rules! __member {
    ($name:literal, $field:ident: $type:ty) => {{
        use $crate::__private::Unsupported as _;
        $crate::__private::Type::<$type>::SHOWN
            .shown::<$type>()
            .member::<Self>($name, |__schema: &Self| &__schema.$field)
    }};
}

/// A field of a schema that may be left out, by its name, its identifier and the type that it has where it is present.
#[doc(hidden)]
#[macro_export]
macro_rules! __presence {
    ($name:literal, $field:ident: $type:ty) => {{
        use $crate::__private::Unsupported as _;
        $crate::__private::Type::<$type>::SHOWN
            .shown::<$type>()
            .presence::<Self>($name, |__schema: &Self| &__schema.$field)
    }};
}

/// A field of a schema that is stored as JSON, by its name, its identifier and its type.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_member {
    ($name:literal, $field:ident: $type:ty, $nullable:literal) => {{
        use $crate::__private::Unsupported as _;
        $crate::__private::JsonType::<$type, $nullable>::SHOWN
            .shown::<$type>()
            .documented($crate::__private::json_schema!($type))
            .member::<Self>($name, |__schema: &Self| &__schema.$field)
    }};
}

/// The same for a field that may be left out.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_presence {
    ($name:literal, $field:ident: $type:ty, $nullable:literal) => {{
        use $crate::__private::Unsupported as _;
        $crate::__private::JsonType::<$type, $nullable>::SHOWN
            .shown::<$type>()
            .documented($crate::__private::json_schema!($type))
            .presence::<Self>($name, |__schema: &Self| &__schema.$field)
    }};
}

/// A computed field of a schema, by its name, its identifier and its type.
#[doc(hidden)]
#[macro_export]
macro_rules! __computed_member {
    ($name:literal, $field:ident: $type:ty) => {
        $crate::__private::computed::<$type>($crate::__private::json_schema!($type))
            .member::<Self>($name, |__schema: &Self| &__schema.$field)
    };
}

/// The JSON schema of a type, as a function: a field's own, else that of `utoipa::ToSchema`, else one that allows anything.
#[doc(hidden)]
#[macro_export]
macro_rules! __json_schema {
    ($type:ty) => {
        || {
            #[allow(unused_imports, reason = "the type decides which of them is used")]
            use $crate::__private::{DocumentedSchema as _, UnknownSchema as _};
            (&$crate::__private::SchemaOf::<$type>::NEW).json_schema()
        }
    };
}

/// What every schema that clients are shown is, whatever its fields are.
#[doc(hidden)]
#[macro_export]
macro_rules! __shown {
    ($schema:ident) => {
        impl $crate::__private::Debug for $schema {
            fn fmt(
                &self,
                __formatter: &mut $crate::__private::Formatter<'_>,
            ) -> $crate::__private::fmt::Result {
                $crate::__private::debug(self, __formatter)
            }
        }
        impl $crate::__private::Serialize for $schema {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                __serializer: S,
            ) -> $crate::__private::Result<S::Ok, S::Error> {
                $crate::__private::serialize(self, __serializer)
            }
        }
    };
}

/// What every schema that clients send is, whatever its fields are.
#[doc(hidden)]
#[macro_export]
macro_rules! __sent {
    ($schema:ident) => {
        impl $crate::__private::Debug for $schema {
            fn fmt(
                &self,
                __formatter: &mut $crate::__private::Formatter<'_>,
            ) -> $crate::__private::fmt::Result {
                $crate::__private::debug(self, __formatter)
            }
        }
        impl<'de> $crate::__private::Deserialize<'de> for $schema {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                __deserializer: D,
            ) -> $crate::__private::Result<Self, D::Error> {
                $crate::__private::deserialize(__deserializer)
            }
        }
    };
}

/// An update that changes nothing, of the fields of its schema.
#[doc(hidden)]
#[macro_export]
macro_rules! __unchanged {
    ($schema:ident: $($field:ident)*) => {
        impl $crate::__private::Default for $schema {
            fn default() -> Self {
                Self {
                    $($field: $crate::__private::Presence::Absent,)*
                }
            }
        }
    };
}

/// What `strategy = redis` needs: the cargo feature.
#[cfg(feature = "redis")]
#[doc(hidden)]
#[macro_export]
macro_rules! __redis_strategy {
    () => {};
}

/// What `strategy = redis` needs: the cargo feature.
#[cfg(not(feature = "redis"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __redis_strategy {
    () => {
        ::core::compile_error! {
            "`strategy = redis` needs the cargo feature `redis`: write `users-runtime = { …, features = [\"redis\"] }` in Cargo.toml"
        }
    };
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

/// How many fields the schemas of most users have at most, so that the list need not grow.
const USUAL_FIELDS: usize = 16;

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
    let mut fields = Fields(Vec::with_capacity(USUAL_FIELDS));
    schema.visit(&mut fields);
    serializer.collect_map(fields.0)
}

/// What a function of the application's says of a value.
pub fn checked<E: fmt::Display>(judged: Result<(), E>) -> Result<(), String> {
    judged.map_err(|error| error.to_string())
}

/// The values of a computed field, one for each user.
pub fn loaded<T, E: Into<HookError>>(
    field: &str,
    users: usize,
    loaded: Result<Vec<T>, E>,
) -> Result<std::vec::IntoIter<T>, HookError> {
    let values = loaded.map_err(Into::into)?;
    if values.len() == users {
        return Ok(values.into_iter());
    }
    let count = values.len();
    Err(format!("the function of `{field}` returned {count} values for {users} users").into())
}

/// What a function of the application's says of a schema.
pub fn judged<E: Into<Problem>>(judged: Result<(), E>) -> Result<(), Problem> {
    judged.map_err(Into::into)
}

/// What a function says of the value, where there is one.
pub fn if_some<T>(value: &Option<T>, judge: fn(&T) -> Result<(), String>) -> Result<(), String> {
    value.as_ref().map_or(Ok(()), judge)
}

/// The `Deserialize` of a schema that clients send, with the validation and the rights of registration and of `PATCH /users/me`: for
/// bodies that custom routes read. [`AsAdmin`](crate::schema::AsAdmin) has an administrator's rights.
pub fn deserialize<'de, S: InputSchema, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<S, D::Error> {
    body::deserialize(deserializer, Viewer::Owner)
}

/// A value in code that is never run, since the attributes' mistakes keep it from being compiled.
pub fn stand_in<T>() -> T {
    unreachable!("the attributes of the struct have mistakes")
}
