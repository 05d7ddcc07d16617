//! The attributes of a field.

use darling::{
    Error, FromField, FromMeta, Result, ast::NestedMeta, util::Flag, util::SpannedValue,
};
use syn::{Attribute, Expr, Ident, LitStr, Meta, Type, Visibility};

use super::{
    Access, Audience, Keyed, Word,
    forms::{self, Form},
    salvage, values,
};

/// Everything that stands at a field.
#[derive(Debug, FromField)]
#[darling(attributes(fastapi_users), forward_attrs(doc))]
pub(crate) struct FieldAttrs {
    pub(crate) ident: Option<Ident>,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) attrs: Vec<Attribute>,
    #[darling(flatten)]
    pub(crate) keys: FieldKeys,
    /// Whether keys are missing here that have mistakes.
    #[darling(skip)]
    pub(crate) is_incomplete: bool,
}

impl FieldAttrs {
    /// What is right of a field whose attributes have mistakes.
    pub(super) fn salvaged(field: &syn::Field) -> Option<Self> {
        let docs = field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"));
        Some(Self {
            ident: field.ident.clone(),
            vis: field.vis.clone(),
            ty: field.ty.clone(),
            attrs: docs.cloned().collect(),
            keys: salvage::keys(&salvage::items(&field.attrs), &[])?,
            is_incomplete: true,
        })
    }
}

/// The keys of a field's attribute.
#[derive(Debug, FromMeta)]
pub(crate) struct FieldKeys {
    /// Marks the primary key.
    pub(crate) id: Option<Keyed<IdAttr>>,
    /// Marks the e-mail address.
    #[darling(default, with = forms::mark)]
    pub(crate) email: Flag,
    /// Marks the password hash.
    #[darling(default, with = forms::mark)]
    pub(crate) hashed_password: Flag,
    /// Marks the flag of users who may log in.
    #[darling(default, with = forms::mark)]
    pub(crate) is_active: Flag,
    /// Marks the flag of administrators.
    #[darling(default, with = forms::mark)]
    pub(crate) is_superuser: Flag,
    /// Marks the flag of proven addresses.
    #[darling(default, with = forms::mark)]
    pub(crate) is_verified: Flag,
    /// The name of the column.
    #[darling(default, with = forms::text)]
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
    pub(crate) default: Option<Keyed<DefaultAttr>>,
    /// The length of text or bytes.
    pub(crate) length: Option<Keyed<LengthAttr>>,
    /// The bounds of a number.
    pub(crate) range: Option<Keyed<RangeAttr>>,
    /// A regular expression that the text matches.
    #[darling(default, with = forms::text)]
    pub(crate) pattern: Option<LitStr>,
    /// A function that judges the value.
    #[darling(default, with = some_expression)]
    pub(crate) validate: Option<Expr>,
    /// What the OpenAPI document shows as a value.
    #[darling(default, with = some_expression)]
    pub(crate) example: Option<Expr>,
    /// Neither stored nor in a schema.
    #[darling(default, with = forms::mark)]
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
            [other, ..] => Err(Error::custom(Self::TOLD).with_span(other)),
            [] => Err(Error::custom(Self::TOLD)),
        }
    }
}

impl Form for IdAttr {
    const TOLD: &'static str = "write `id`, `id(v4)` or `id(v7)`";

    fn fits(meta: &Meta) -> bool {
        !matches!(meta, Meta::NameValue(_))
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

impl Form for DefaultAttr {
    const TOLD: &'static str = "write `default` for what the type has as its own, or `default = …`";

    fn fits(meta: &Meta) -> bool {
        !matches!(meta, Meta::List(_))
    }
}

/// The length of text in code points, or of bytes.
#[derive(Debug, FromMeta)]
pub(crate) struct LengthAttr {
    /// At least so many.
    #[darling(default, with = forms::count)]
    pub(crate) min: Option<SpannedValue<u32>>,
    /// At most so many.
    #[darling(default, with = forms::count)]
    pub(crate) max: Option<SpannedValue<u32>>,
}

impl Form for LengthAttr {
    const TOLD: &'static str = "write `length(min = 1)`, `length(max = 100)` or both";
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

impl Form for RangeAttr {
    const TOLD: &'static str = "write `range(min = 0)`, `range(max = 10)`, `above` or `below`";
}

fn some_expression(meta: &Meta) -> Result<Option<Expr>> {
    values::expression(meta).map(Some)
}

fn some_number(meta: &Meta) -> Result<Option<Expr>> {
    values::number(meta).map(Some)
}
