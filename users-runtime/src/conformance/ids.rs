//! Ids of every kind.

use std::fmt;

use serde::Serialize;
use uuid::Uuid;

use crate::value::{Field, FieldError, Kind, UserId, Value};

/// An id of one kind.
macro_rules! id {
    ($(#[$docs:meta])* $name:ident($inner:ty), $kind:ident, $variant:ident, $generate:expr) => {
        $(#[$docs])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Field for $name {
            const KIND: Kind = Kind::$kind;

            fn to_value(&self) -> Value {
                Value::$variant(self.0.clone().into())
            }

            fn from_value(value: Value) -> Result<Self, FieldError> {
                match value {
                    Value::$variant(inner) => inner.try_into().map(Self).map_err(|_| FieldError::expected("an id in range")),
                    _ => Err(FieldError::expected("an id")),
                }
            }
        }

        impl UserId for $name {
            fn parse(text: &str) -> Option<Self> {
                text.parse().ok().map(Self)
            }

            fn generate() -> Option<Self> {
                $generate
            }
        }
    };
}

id! {
    /// An id that is a UUID.
    UuidId(Uuid), Uuid, Uuid, Some(Self(Uuid::new_v4()))
}
id! {
    /// An id that the database assigns, of 64 bits.
    BigId(i64), BigInt, Int, None
}
id! {
    /// An id that the database assigns, of 32 bits.
    IntId(i32), Int, Int, None
}
id! {
    /// An id that is text.
    TextId(String), Text, Text, Some(Self(format!("usr_{}", Uuid::new_v4().simple())))
}
