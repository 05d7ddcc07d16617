//! The attributes of a field.

use darling::{Error, FromField, FromMeta, Result, ast::NestedMeta, util::Flag, util::SpannedValue};
use syn::{Attribute, Expr, Ident, LitStr, Meta, Type};

use super::{Access, Audience, Word, values};

/// Everything that stands at a field.
#[derive(Debug, FromField)]
#[darling(attributes(fastapi_users), forward_attrs(doc))]
pub(crate) struct FieldAttrs {
    pub(crate) ident: Option<Ident>,
    pub(crate) ty: Type,
    pub(crate) attrs: Vec<Attribute>,
    #[darling(flatten)]
    pub(crate) keys: FieldKeys,
}

/// The keys of a field's attribute.
#[derive(Debug, FromMeta)]
pub(crate) struct FieldKeys {
    /// Marks the primary key.
    pub(crate) id: Option<SpannedValue<IdAttr>>,
    /// Marks the e-mail address.
    pub(crate) email: Flag,
    /// Marks the password hash.
    pub(crate) hashed_password: Flag,
    /// Marks the flag of users who may log in.
    pub(crate) is_active: Flag,
    /// Marks the flag of administrators.
    pub(crate) is_superuser: Flag,
    /// Marks the flag of proven addresses.
    pub(crate) is_verified: Flag,
    /// The name of the column.
    pub(crate) column: Option<LitStr>,
    /// Who may read and set the field.
    pub(crate) access: Option<Word<Access>>,
    /// Who may read the field.
    pub(crate) read: Option<Word<Audience>>,
    /// Who may set the field at registration.
    pub(crate) create: Option<Word<Audience>>,
    /// Who may change the field.
    pub(crate) update: Option<Word<Audience>>,
    /// The value where nobody sets one.
    pub(crate) default: Option<SpannedValue<DefaultAttr>>,
    /// The length of text or bytes.
    pub(crate) length: Option<SpannedValue<LengthAttr>>,
    /// The bounds of a number.
    pub(crate) range: Option<SpannedValue<RangeAttr>>,
    /// A regular expression that the text matches.
    pub(crate) pattern: Option<LitStr>,
    /// A function that judges the value.
    #[darling(default, with = some_expression)]
    pub(crate) validate: Option<Expr>,
    /// Neither stored nor in a schema.
    pub(crate) skip: Flag,
}

/// The primary key and how it is made.
#[derive(Debug, Default)]
pub(crate) struct IdAttr {
    /// UUIDs of version 7, which sort by time.
    pub(crate) v7: bool,
}

impl FromMeta for IdAttr {
    fn from_word() -> Result<Self> {
        Ok(Self::default())
    }

    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        match items {
            [NestedMeta::Meta(Meta::Path(path))] if path.is_ident("v7") => Ok(Self { v7: true }),
            [NestedMeta::Meta(Meta::Path(path))] if path.is_ident("v4") => Ok(Self { v7: false }),
            [other, ..] => Err(Error::custom("write `id`, `id(v4)` or `id(v7)`").with_span(other)),
            [] => Err(Error::custom("write `id`, `id(v4)` or `id(v7)`")),
        }
    }
}

/// A default: the type's own, or an expression.
#[derive(Debug)]
pub(crate) enum DefaultAttr {
    OfType,
    Value(Expr),
}

impl FromMeta for DefaultAttr {
    fn from_word() -> Result<Self> {
        Ok(Self::OfType)
    }

    fn from_expr(expr: &Expr) -> Result<Self> {
        Ok(Self::Value(expr.clone()))
    }
}

/// The length of text in code points, or of bytes.
#[derive(Debug, FromMeta)]
pub(crate) struct LengthAttr {
    /// At least so many.
    pub(crate) min: Option<SpannedValue<u32>>,
    /// At most so many.
    pub(crate) max: Option<SpannedValue<u32>>,
}

/// The bounds of a number.
#[derive(Debug, FromMeta)]
pub(crate) struct RangeAttr {
    /// At least this.
    #[darling(default, with = some_number)]
    pub(crate) min: Option<Expr>,
    /// At most this.
    #[darling(default, with = some_number)]
    pub(crate) max: Option<Expr>,
    /// More than this.
    #[darling(default, with = some_number)]
    pub(crate) above: Option<Expr>,
    /// Less than this.
    #[darling(default, with = some_number)]
    pub(crate) below: Option<Expr>,
}

fn some_expression(meta: &Meta) -> Result<Option<Expr>> {
    values::expression(meta).map(Some)
}

fn some_number(meta: &Meta) -> Result<Option<Expr>> {
    values::number(meta).map(Some)
}
