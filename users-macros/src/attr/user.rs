//! The attributes of the struct.

use darling::{Error, FromDeriveInput, FromField, FromMeta, Result, ast::NestedMeta, util::Flag};
use proc_macro2::Span;
use syn::{
    Data, DeriveInput, Fields, Ident, Lit, LitStr, Meta, Path, Visibility, spanned::Spanned as _,
};

use super::{
    FieldAttrs, Keyed, LimitsAttr, Strategy, Transport, Word,
    forms::{self, Form},
    salvage,
};

/// Everything that stands at the struct.
#[derive(Debug)]
pub(crate) struct UserAttrs {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) keys: StructKeys,
    /// Whether a backend is declared that has mistakes, and is missing in the keys.
    pub(crate) lacks_a_backend: bool,
    pub(crate) fields: Vec<FieldAttrs>,
}

/// The attributes of the struct without its fields.
#[derive(Debug, FromDeriveInput)]
#[darling(attributes(fastapi_users))]
struct StructAttrs {
    #[darling(flatten)]
    keys: StructKeys,
}

/// The keys of the struct's attribute.
#[derive(Debug, FromMeta)]
pub(crate) struct StructKeys {
    /// The name of the table.
    #[darling(default, with = forms::text)]
    pub(crate) table: Option<LitStr>,
    /// The names of the generated schemas.
    pub(crate) schemas: Option<Keyed<SchemasAttr>>,
    /// One way to stay logged in.
    #[darling(multiple, rename = "backend")]
    pub(crate) backends: Vec<Keyed<BackendAttr>>,
    /// Which routes there are, and where.
    pub(crate) routes: Option<Keyed<RoutesAttr>>,
    /// How often clients may try what could be guessed.
    pub(crate) limits: Option<Keyed<LimitsAttr>>,
    /// Whether every protection is on that there is.
    #[darling(default, with = forms::mark)]
    pub(crate) secure: Flag,
    /// Whether what OAuth logins use once is stored in a table.
    #[darling(default, with = forms::mark)]
    pub(crate) oauth: Flag,
    /// Tables of the application's own beside the users'.
    pub(crate) tables: Option<Keyed<TablesAttr>>,
    /// The path of the runtime crate.
    #[darling(default, rename = "crate", with = forms::path)]
    pub(crate) krate: Option<Path>,
}

/// The names of the schemas.
#[derive(Debug, Default, FromMeta)]
pub(crate) struct SchemasAttr {
    /// What a client is shown of a user.
    #[darling(default, with = forms::name)]
    pub(crate) read: Option<Ident>,
    /// What a client sends to register.
    #[darling(default, with = forms::name)]
    pub(crate) create: Option<Ident>,
    /// What a client sends to change a user.
    #[darling(default, with = forms::name)]
    pub(crate) update: Option<Ident>,
}

/// A backend: a transport and a strategy under a name.
#[derive(Debug, FromMeta)]
pub(crate) struct BackendAttr {
    /// The backend's name.
    #[darling(default, with = forms::text)]
    pub(crate) name: Option<LitStr>,
    /// How the token travels.
    pub(crate) transport: Option<Word<Transport>>,
    /// What the token is.
    pub(crate) strategy: Option<Word<Strategy>>,
    /// The prefix of the backend's login and logout.
    #[darling(default, with = forms::text)]
    pub(crate) prefix: Option<LitStr>,
    /// Whether a login also gives a refresh token.
    #[darling(default, with = forms::mark)]
    pub(crate) refresh: Flag,
    /// Whether JSON web tokens of a user can be ended before they expire.
    #[darling(default, with = forms::mark)]
    pub(crate) revocable: Flag,
}

/// Paths of statics, each a table.
#[derive(Debug)]
pub(crate) struct TablesAttr(pub(crate) Vec<Path>);

impl FromMeta for TablesAttr {
    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let mut errors = Error::accumulator();
        let path = |item: &NestedMeta| match item {
            NestedMeta::Meta(Meta::Path(path)) => Ok(path.clone()),
            other => Err(Error::custom(
                "a table is the path of a `static` of the type `Table`: write `tables(ADDRESSES)`",
            )
            .with_span(other)),
        };
        let paths: Vec<_> = items
            .iter()
            .filter_map(|item| errors.handle(path(item)))
            .collect();
        errors.finish_with(Self(paths))
    }
}

/// Which routes are mounted, and where.
#[derive(Debug, FromMeta)]
pub(crate) struct RoutesAttr {
    /// Whether the backends' login and logout are mounted.
    #[darling(default, with = forms::yes_or_no)]
    pub(crate) auth: Option<bool>,
    /// The prefix of the registration.
    pub(crate) register: Option<Prefix>,
    /// The prefix of the password reset.
    pub(crate) reset_password: Option<Prefix>,
    /// The prefix of the verification.
    pub(crate) verify: Option<Prefix>,
    /// The prefix of the users' routes.
    pub(crate) users: Option<Prefix>,
    /// Whether only verified users get in.
    #[darling(default, with = forms::mark)]
    pub(crate) requires_verification: Flag,
}

/// A path prefix, or `false` for routes that are left out.
#[derive(Debug)]
pub(crate) enum Prefix {
    At(LitStr),
    Nowhere,
}

impl FromMeta for Prefix {
    fn from_meta(meta: &Meta) -> Result<Self> {
        match forms::literal(meta) {
            Some(Lit::Str(text)) => Ok(Self::At(text.clone())),
            Some(Lit::Bool(flag)) if !flag.value => Ok(Self::Nowhere),
            _ => {
                let told = "write a prefix such as `{0} = \"/auth\"`, or `{0} = false` to leave the routes out";
                Err(forms::mistake(meta, told.replace("{0}", &forms::key(meta))))
            }
        }
    }
}

impl Form for SchemasAttr {
    const TOLD: &'static str = "write `schemas(read = …, create = …, update = …)` with those names that differ from the usual";
}

impl Form for BackendAttr {
    const TOLD: &'static str =
        "write `backend(name = \"jwt\", transport = bearer, strategy = jwt)`";
}

impl Form for TablesAttr {
    const TOLD: &'static str = "write `tables(ADDRESSES)` with the paths of the tables' statics";
}

impl Form for RoutesAttr {
    const TOLD: &'static str = "write `routes(…)` with what differs from the usual, e.g. `routes(users = \"/members\", verify = false)`";
}

impl UserAttrs {
    /// Reads the attributes of the struct and of its fields: what is right, with all mistakes of form at once.
    pub(crate) fn read(input: &DeriveInput) -> (Option<Self>, Vec<Error>) {
        let mut errors = Vec::new();
        if let Some(parameter) = input.generics.params.first() {
            let message =
                "a user is one table, so its struct has no generic parameters; name the types";
            errors.push(Error::custom(message).with_span(parameter));
        }
        let mut lacks_a_backend = false;
        let keys = match StructAttrs::from_derive_input(input) {
            Ok(StructAttrs { keys }) => Some(keys),
            Err(error) => {
                errors.push(error);
                let items = salvage::items(&input.attrs);
                let keys: Option<StructKeys> = salvage::keys(&items, &["backend"]);
                // A list of keys under another name may be one that is misspelt.
                let is_backend = |item: &&NestedMeta| match salvage::name(item).as_deref() {
                    Some("backend") => true,
                    Some("schemas" | "routes" | "limits" | "tables") => false,
                    _ => matches!(item, NestedMeta::Meta(Meta::List(_))),
                };
                let backends = items.iter().filter(is_backend).count();
                lacks_a_backend = backends > keys.as_ref().map_or(0, |keys| keys.backends.len());
                keys
            }
        };
        let fields = match named_fields(input) {
            Ok(fields) => fields.named.iter(),
            Err(error) => {
                errors.push(error);
                return (None, errors);
            }
        };
        let fields = fields.filter_map(|field| {
            FieldAttrs::from_field(field).map_or_else(
                |error| {
                    errors.push(error);
                    FieldAttrs::salvaged(field)
                },
                Some,
            )
        });
        let fields = fields.collect();
        let attrs = keys.map(|keys| Self {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            keys,
            lacks_a_backend,
            fields,
        });
        (attrs, errors)
    }
}

fn named_fields(input: &DeriveInput) -> Result<&syn::FieldsNamed> {
    let misplaced = |span: Span| {
        Err(Error::custom(
            "only a struct with named fields can be a user: `struct User { pub id: Uuid, … }`",
        )
        .with_span(&span))
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
