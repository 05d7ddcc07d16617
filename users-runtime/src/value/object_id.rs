//! `ObjectId` as a field and as an id.

use mongodb::bson::oid::ObjectId;

use super::{Field, FieldError, Kind, UserId, Value};

/// Shown to clients as its 24 hexadecimal digits, as the original shows it.
impl Field for ObjectId {
    const KIND: Kind = Kind::ObjectId;

    fn to_value(&self) -> Value {
        Value::Text(self.to_hex())
    }

    fn from_value(value: Value) -> Result<Self, FieldError> {
        let expected = || FieldError::expected("an ObjectId");
        match value {
            Value::Text(text) => Self::parse_str(text).map_err(|_| expected()),
            _ => Err(expected()),
        }
    }

    fn to_json(&self) -> Option<serde_json::Value> {
        Some(self.to_hex().into())
    }
}

/// Made by the application, as every driver does: nothing has to be asked for.
impl UserId for ObjectId {
    fn parse(text: &str) -> Option<Self> {
        Self::parse_str(text).ok()
    }

    fn generate() -> Option<Self> {
        Some(Self::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{schema::FieldView, wire::json::Json};

    #[test]
    fn object_ids_are_read_as_beanie_reads_them() {
        let id = ObjectId::from_bytes([
            0x50, 0x7f, 0x1f, 0x77, 0xbc, 0xf8, 0x6c, 0xd7, 0x99, 0x43, 0x90, 0x11,
        ]);
        for form in ["507f1f77bcf86cd799439011", "507F1F77BCF86CD799439011"] {
            assert_eq!(ObjectId::parse(form), Some(id), "{form}");
            assert_eq!(
                ObjectId::from_input(&Json::Text(form.into())).ok(),
                Some(id),
                "{form}"
            );
        }
        for form in [
            "",
            "x",
            "me",
            "zzzzzzzzzzzz",
            "507f1f77bcf86cd799439011 ",
            "507f1f77bcf86cd79943901",
            "+07f1f77bcf86cd799439011",
        ] {
            assert_eq!(ObjectId::parse(form), None, "{form}");
            assert!(
                ObjectId::from_input(&Json::Text(form.into())).is_err(),
                "{form}"
            );
        }
    }

    #[test]
    fn object_ids_are_shown_and_stored_as_hexadecimal_digits() {
        let id = ObjectId::new();
        assert_eq!(FieldView::json(&id).into_option(), Some(id.to_hex().into()));
        assert_eq!(
            FieldView::json(&Some(id)).into_option(),
            Some(id.to_hex().into())
        );
        assert_eq!(
            FieldView::json(&None::<ObjectId>).into_option(),
            Some(serde_json::Value::Null)
        );
        assert_eq!(ObjectId::from_value(id.to_value()), Ok(id));
        assert!(ObjectId::from_value(Value::Text("secret".into())).is_err());
    }
}
