//! The attributes of a field.

use darling::FromMeta;
use proc_macro2::Span;
use syn::{Attribute, Expr, Ident, LitStr, Meta, Type, Visibility};

use super::{
    Access, Audience, Keyed, Word,
    forms::{self, Counted, mistake},
    keys::{Item, Keys, items, items_of},
    serde, values,
};
use crate::error::{self, Errors, Result};

/// Everything that stands at a field.
#[derive(Debug)]
pub(crate) struct FieldAttrs {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    /// The documentation.
    pub(crate) docs: Vec<Attribute>,
    pub(crate) keys: FieldKeys,
}

impl FieldAttrs {
    /// Reads what is right of a field's attributes.
    pub(super) fn read(field: &syn::Field, ident: &Ident, errors: &mut Errors) -> Self {
        let docs = field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"));
        let keys = FieldKeys::read(&field.attrs, errors);
        serde::refuse_at_field(&field.attrs, ident, errors);
        Self {
            ident: ident.clone(),
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            docs: docs.cloned().collect(),
            keys,
        }
    }
}

/// The keys of a field's attribute.
#[derive(Debug)]
pub(crate) struct FieldKeys {
    /// Marks the primary key.
    pub(crate) id: Option<Keyed<IdAttr>>,
    /// Marks the e-mail address.
    pub(crate) email: Option<Span>,
    /// Marks the password hash.
    pub(crate) hashed_password: Option<Span>,
    /// Marks the flag of users who may log in.
    pub(crate) is_active: Option<Span>,
    /// Marks the flag of administrators.
    pub(crate) is_superuser: Option<Span>,
    /// Marks the flag of verified addresses.
    pub(crate) is_verified: Option<Span>,
    /// The name of the column.
    pub(crate) column: Option<LitStr>,
    /// The name of the field in the schemas.
    pub(crate) rename: Option<LitStr>,
    /// Who may read and set the field.
    pub(crate) access: Option<Word<Access>>,
    /// Who may read the field.
    pub(crate) read: Option<Word<Audience>>,
    /// Who may set the field at registration.
    pub(crate) create: Option<Word<Audience>>,
    /// Who may change the field.
    pub(crate) update: Option<Word<Audience>>,
    /// The value of users for whom none is set.
    pub(crate) default: Option<Keyed<DefaultAttr>>,
    /// The length of text or bytes.
    pub(crate) length: Option<Keyed<LengthAttr>>,
    /// The bounds of a number.
    pub(crate) range: Option<Keyed<RangeAttr>>,
    /// A regular expression that the text matches.
    pub(crate) pattern: Option<LitStr>,
    /// A function that validates the value.
    pub(crate) validate: Option<Expr>,
    /// What the OpenAPI document shows as a value.
    pub(crate) example: Option<Expr>,
    /// Stored as JSON, by serde.
    pub(crate) json: Option<Span>,
    /// Stored in a native array.
    pub(crate) array: Option<Span>,
    /// Holds the tenant that the user belongs to.
    pub(crate) tenant: Option<Span>,
    /// Holds the instant of the user's last change.
    pub(crate) updated_at: Option<Span>,
    /// Neither stored nor in a schema.
    pub(crate) skip: Option<Span>,
    /// Whether a key has a mistake that may have been meant to set who reads and sets the field, or its default.
    pub(crate) is_incomplete: bool,
}

impl FieldKeys {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &[
        "id",
        "email",
        "hashed_password",
        "is_active",
        "is_superuser",
        "is_verified",
        "column",
        "rename",
        "access",
        "read",
        "create",
        "update",
        "default",
        "length",
        "range",
        "pattern",
        "validate",
        "example",
        "json",
        "array",
        "tenant",
        "updated_at",
        "skip",
    ];

    fn read(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let before = errors.len();
        let items = items_of(attributes, errors);
        let mut keys = Keys::new(items, Self::KNOWN, &[], errors);
        let mut read = Self {
            id: keys.value("id", Keyed::from_meta),
            email: keys.value("email", forms::mark),
            hashed_password: keys.value("hashed_password", forms::mark),
            is_active: keys.value("is_active", forms::mark),
            is_superuser: keys.value("is_superuser", forms::mark),
            is_verified: keys.value("is_verified", forms::mark),
            column: keys.value("column", forms::text),
            rename: keys.value("rename", forms::text),
            access: keys.value("access", Word::from_meta),
            read: keys.value("read", Word::from_meta),
            create: keys.value("create", Word::from_meta),
            update: keys.value("update", Word::from_meta),
            default: keys.value("default", Keyed::from_meta),
            length: keys.group("length", LengthAttr::read),
            range: keys.group("range", RangeAttr::read),
            pattern: keys.value("pattern", forms::text),
            validate: keys.value("validate", values::expression),
            example: keys.value("example", values::expression),
            json: keys.value("json", forms::mark),
            array: keys.value("array", forms::mark),
            tenant: keys.value("tenant", forms::mark),
            updated_at: keys.value("updated_at", forms::mark),
            skip: keys.value("skip", forms::mark),
            is_incomplete: false,
        };
        read.is_incomplete = errors.len() > before;
        read
    }
}

/// The primary key and how it is made.
#[derive(Debug)]
pub(crate) struct IdAttr {
    /// UUIDs of version 7, which sort by time.
    pub(crate) v7: bool,
}

impl FromMeta for IdAttr {
    fn from_meta(meta: &Meta) -> Result<Self> {
        const USAGE: &str = "write `id`, `id(v4)` or `id(v7)`";
        let v7 = match meta {
            Meta::Path(_) => Ok(false),
            Meta::List(list) => match items(list.tokens.clone(), &mut Errors::default()).as_slice()
            {
                [Item::Key(Meta::Path(path))] if path.is_ident("v7") => Ok(true),
                [Item::Key(Meta::Path(path))] if path.is_ident("v4") => Ok(false),
                [Item::Key(other), ..] => Err(error::at(other, USAGE)),
                [Item::Literal(other), ..] => Err(error::at(other, USAGE)),
                [] => Err(mistake(meta, USAGE)),
            },
            Meta::NameValue(_) => Err(mistake(meta, USAGE)),
        };
        v7.map(|v7| Self { v7 })
    }
}

/// A default: the type's own, or an expression.
#[derive(Debug)]
pub(crate) enum DefaultAttr {
    OfType,
    Value(Expr),
}

impl FromMeta for DefaultAttr {
    fn from_meta(meta: &Meta) -> Result<Self> {
        match meta {
            Meta::Path(_) => Ok(Self::OfType),
            Meta::NameValue(pair) => Ok(Self::Value(pair.value.clone())),
            Meta::List(_) => {
                let message = "write `default` for the type's `Default`, or `default = …`";
                Err(mistake(meta, message))
            }
        }
    }
}

/// The length of text in code points, or of bytes.
#[derive(Debug)]
pub(crate) struct LengthAttr {
    /// The least length.
    pub(crate) min: Option<Counted>,
    /// The greatest length.
    pub(crate) max: Option<Counted>,
}

impl LengthAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &["min", "max"];

    fn read(meta: &Meta, errors: &mut Errors) -> Option<Keyed<Self>> {
        let before = errors.len();
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        let length = Self {
            min: keys.value("min", forms::count),
            max: keys.value("max", forms::count),
        };
        if length.min.is_none() && length.max.is_none() {
            if errors.len() == before {
                let message = "write `length(min = 1)`, `length(max = 100)` or both";
                errors.push(mistake(meta, message));
            }
            return None;
        }
        Some(Keyed::new(meta, length))
    }
}

/// The bounds of a number.
#[derive(Debug)]
pub(crate) struct RangeAttr {
    /// At least this.
    pub(crate) min: Option<Expr>,
    /// At most this.
    pub(crate) max: Option<Expr>,
    /// More than this.
    pub(crate) above: Option<Expr>,
    /// Less than this.
    pub(crate) below: Option<Expr>,
}

impl RangeAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &["min", "max", "above", "below"];

    fn read(meta: &Meta, errors: &mut Errors) -> Option<Keyed<Self>> {
        let before = errors.len();
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        let range = Self {
            min: keys.value("min", values::number),
            max: keys.value("max", values::number),
            above: keys.value("above", values::number),
            below: keys.value("below", values::number),
        };
        let bounds = [&range.min, &range.max, &range.above, &range.below];
        if bounds.iter().all(|bound| bound.is_none()) {
            if errors.len() == before {
                let message = "write `range(min = 0)`, `range(max = 10)`, `above` or `below`";
                errors.push(mistake(meta, message));
            }
            return None;
        }
        Some(Keyed::new(meta, range))
    }
}
