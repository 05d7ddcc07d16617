//! The attributes of the struct.

use darling::{Error, FromDeriveInput, FromField, FromMeta, Result, util::Flag, util::SpannedValue};
use proc_macro2::Span;
use syn::{Data, DeriveInput, Fields, Ident, LitStr, Path, Visibility, spanned::Spanned as _};

use super::{FieldAttrs, Strategy, Transport, Word};

/// Everything that stands at the struct.
#[derive(Debug)]
pub(crate) struct UserAttrs {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) keys: StructKeys,
    pub(crate) fields: Vec<FieldAttrs>,
}

/// The keys of the struct's attribute.
#[derive(Debug, FromDeriveInput)]
#[darling(attributes(fastapi_users))]
pub(crate) struct StructKeys {
    /// The name of the table.
    pub(crate) table: Option<LitStr>,
    /// The names of the generated schemas.
    #[darling(default)]
    pub(crate) schemas: SchemasAttr,
    /// One way to stay logged in.
    #[darling(multiple, rename = "backend")]
    pub(crate) backends: Vec<SpannedValue<BackendAttr>>,
    /// Which routes there are, and where.
    pub(crate) routes: Option<SpannedValue<RoutesAttr>>,
    /// The path of the runtime crate.
    #[darling(rename = "crate")]
    pub(crate) krate: Option<Path>,
}

/// The names of the schemas.
#[derive(Debug, Default, FromMeta)]
pub(crate) struct SchemasAttr {
    /// What a client is shown of a user.
    pub(crate) read: Option<Ident>,
    /// What a client sends to register.
    pub(crate) create: Option<Ident>,
    /// What a client sends to change a user.
    pub(crate) update: Option<Ident>,
}

/// A backend: a transport and a strategy under a name.
#[derive(Debug, FromMeta)]
pub(crate) struct BackendAttr {
    /// The backend's name.
    pub(crate) name: Option<LitStr>,
    /// How the token travels.
    pub(crate) transport: Option<Word<Transport>>,
    /// What the token is.
    pub(crate) strategy: Option<Word<Strategy>>,
    /// The prefix of the backend's login and logout.
    pub(crate) prefix: Option<LitStr>,
}

/// Which routes are mounted, and where.
#[derive(Debug, FromMeta)]
pub(crate) struct RoutesAttr {
    /// Whether the backends' login and logout are mounted.
    pub(crate) auth: Option<SpannedValue<bool>>,
    /// The prefix of the registration.
    pub(crate) register: Option<Prefix>,
    /// The prefix of the password reset.
    pub(crate) reset_password: Option<Prefix>,
    /// The prefix of the verification.
    pub(crate) verify: Option<Prefix>,
    /// The prefix of the users' routes.
    pub(crate) users: Option<Prefix>,
    /// Whether only verified users get in.
    pub(crate) requires_verification: Flag,
}

/// A path prefix, or `false` for routes that are left out.
#[derive(Debug)]
pub(crate) enum Prefix {
    At(LitStr),
    Nowhere,
}

impl FromMeta for Prefix {
    fn from_word() -> Result<Self> {
        Err(Error::custom("this key needs a value: a prefix such as `\"/auth\"`, or `false` to leave the routes out"))
    }

    fn from_bool(value: bool) -> Result<Self> {
        if value { Self::from_word() } else { Ok(Self::Nowhere) }
    }

    fn from_value(value: &syn::Lit) -> Result<Self> {
        match value {
            syn::Lit::Str(text) => Ok(Self::At(text.clone())),
            syn::Lit::Bool(flag) => Self::from_bool(flag.value).map_err(|error| error.with_span(value)),
            _ => Self::from_word().map_err(|error| error.with_span(value)),
        }
    }
}

impl UserAttrs {
    /// Reads the attributes of the struct and of its fields, with all mistakes of form at once.
    pub(crate) fn read(input: &DeriveInput) -> Result<Self> {
        let mut errors = Error::accumulator();
        if let Some(parameter) = input.generics.params.first() {
            let message = "a user is one table, so its struct has no generic parameters; name the types";
            errors.push(Error::custom(message).with_span(parameter));
        }
        let keys = errors.handle(StructKeys::from_derive_input(input));
        let fields = errors.handle(named_fields(input)).map(|fields| {
            let fields = fields.named.iter();
            fields.filter_map(|field| errors.handle(FieldAttrs::from_field(field))).collect()
        });
        let (keys, fields) = errors.finish_with((keys, fields))?;
        match (keys, fields) {
            (Some(keys), Some(fields)) => Ok(Self { ident: input.ident.clone(), vis: input.vis.clone(), keys, fields }),
            _ => Err(Error::custom("the attributes cannot be read").with_span(&input.ident)),
        }
    }
}

fn named_fields(input: &DeriveInput) -> Result<&syn::FieldsNamed> {
    let misplaced = |span: Span| {
        Err(Error::custom("only a struct with named fields can be a user: `struct User { pub id: Uuid, … }`").with_span(&span))
    };
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields),
            _ => misplaced(input.ident.span()),
        },
        Data::Enum(data) => misplaced(data.enum_token.span()),
        Data::Union(data) => misplaced(data.union_token.span()),
    }
}
