//! The attributes of the struct.

use proc_macro2::Span;
use syn::{
    Data, DeriveInput, Fields, Generics, Ident, LitStr, Meta, Path, Visibility,
    spanned::Spanned as _,
};

use super::{
    BackendAttr, Case, ComputedAttr, EventsAttr, FieldAttrs, Keyed, LimitsAttr, RoutesAttr,
    SchemaChecksAttr, computed,
    forms::{self, mistake},
    keys::{Item, Keys, items, items_of},
    serde,
};
use crate::error::{self, Errors, Result};

/// Everything that stands at the struct.
#[derive(Debug)]
pub(crate) struct UserAttrs {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// Generic parameters, which are a mistake.
    pub(crate) generics: Generics,
    pub(crate) keys: StructKeys,
    /// `None` where the type is no struct with named fields, which is a mistake.
    pub(crate) fields: Option<Vec<FieldAttrs>>,
}

/// The keys of the struct's attribute.
#[derive(Debug)]
pub(crate) struct StructKeys {
    /// The name of the table.
    pub(crate) table: Option<LitStr>,
    /// The names of the generated schemas.
    pub(crate) schemas: SchemasAttr,
    /// How the fields are called in the schemas.
    pub(crate) rename_all: Option<Case>,
    /// The fields of the read schema that are computed.
    pub(crate) computed: Vec<ComputedAttr>,
    /// Whether clients may send no fields that the schemas do not have.
    pub(crate) deny_unknown: Option<Span>,
    /// What validates the schemas that clients send as a whole.
    pub(crate) checks: SchemaChecksAttr,
    /// The ways to stay logged in, without those that cannot be read at all.
    pub(crate) backends: Vec<Keyed<BackendAttr>>,
    /// Whether a backend is declared, even if it cannot be read.
    pub(crate) has_backend: bool,
    /// Which routes there are, and where.
    pub(crate) routes: Option<Keyed<RoutesAttr>>,
    /// How often clients may try what could be guessed.
    pub(crate) limits: Option<Keyed<LimitsAttr>>,
    /// Whether every protection is on that there is.
    pub(crate) secure: bool,
    /// Whether what OAuth logins use once is stored in a table.
    pub(crate) oauth: bool,
    /// Whether events are stored in a table, and for how long.
    pub(crate) events: Option<Keyed<EventsAttr>>,
    /// Paths of the application's own tables beside the users', each a static.
    pub(crate) tables: Vec<Path>,
    /// The path of the runtime crate.
    pub(crate) krate: Option<Path>,
}

/// The names of the schemas.
#[derive(Debug, Default)]
pub(crate) struct SchemasAttr {
    /// What a client is shown of a user.
    pub(crate) read: Option<Ident>,
    /// What a client sends to register.
    pub(crate) create: Option<Ident>,
    /// What a client sends to change a user.
    pub(crate) update: Option<Ident>,
}

impl UserAttrs {
    /// Reads what is right of the attributes of the struct and of its fields.
    pub(crate) fn read(input: &DeriveInput, errors: &mut Errors) -> Self {
        if let Some(parameter) = input.generics.params.first() {
            let message = "`UserModel` cannot be derived for generic structs: replace the parameters by the types themselves";
            errors.at(parameter, message);
        }
        let keys = StructKeys::read(input, errors);
        serde::refuse_at_struct(&input.attrs, errors);
        let fields = errors.handle(named_fields(input)).map(|fields| {
            let named = |field: &syn::Field| {
                let ident = field.ident.as_ref()?;
                Some(FieldAttrs::read(field, ident, errors))
            };
            fields.named.iter().filter_map(named).collect()
        });
        Self {
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            generics: input.generics.clone(),
            keys,
            fields,
        }
    }
}

impl StructKeys {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &[
        "table",
        "schemas",
        "rename_all",
        "deny_unknown",
        "validate_schemas",
        "computed",
        "backend",
        "routes",
        "limits",
        "secure",
        "oauth",
        "events",
        "tables",
        "crate",
    ];

    fn read(input: &DeriveInput, errors: &mut Errors) -> Self {
        let items = items_of(&input.attrs, errors);
        // An unknown key with a list may be a backend that is misspelt.
        let is_misspelt = |item: &Item| {
            matches!(item, Item::Key(Meta::List(list))
                if list.path.get_ident().is_none_or(|key| !Self::KNOWN.contains(&key.to_string().as_str())))
        };
        let may_have_backend = items.iter().any(is_misspelt);
        let mut keys = Keys::new(items, Self::KNOWN, &["backend", "computed"], errors);
        Self {
            table: keys.value("table", forms::text),
            schemas: keys.group("schemas", SchemasAttr::read).unwrap_or_default(),
            rename_all: keys.value("rename_all", Case::read),
            deny_unknown: keys.value("deny_unknown", forms::mark),
            checks: keys
                .group("validate_schemas", SchemaChecksAttr::read)
                .unwrap_or_default(),
            computed: keys
                .groups("computed", computed::read)
                .into_iter()
                .flatten()
                .collect(),
            backends: keys.groups("backend", BackendAttr::read),
            has_backend: may_have_backend || keys.is_given("backend"),
            routes: keys.group("routes", RoutesAttr::read),
            limits: keys.group("limits", LimitsAttr::read),
            secure: keys.value("secure", forms::mark).is_some(),
            oauth: keys.value("oauth", forms::mark).is_some(),
            events: keys.group("events", EventsAttr::read),
            tables: keys.group("tables", tables).unwrap_or_default(),
            krate: keys.value("crate", forms::path),
        }
    }
}

impl SchemasAttr {
    /// All keys.
    pub(crate) const KNOWN: &'static [&'static str] = &["read", "create", "update"];

    fn read(meta: &Meta, errors: &mut Errors) -> Option<Self> {
        if !matches!(meta, Meta::List(_)) {
            let message = "write `schemas(read = …, create = …, update = …)` with those names that differ from the default";
            errors.push(mistake(meta, message));
            return None;
        }
        let mut keys = Keys::within(meta, Self::KNOWN, errors);
        Some(Self {
            read: keys.value("read", forms::name),
            create: keys.value("create", forms::name),
            update: keys.value("update", forms::name),
        })
    }
}

/// Paths of statics, each a table.
fn tables(meta: &Meta, errors: &mut Errors) -> Option<Vec<Path>> {
    let Meta::List(list) = meta else {
        let message = "write `tables(ADDRESSES)` with the paths of the tables' statics";
        errors.push(mistake(meta, message));
        return None;
    };
    let message =
        "a table is the path of a `static` of the type `Table`: write `tables(ADDRESSES)`";
    let mut paths = Vec::new();
    for item in items(list.tokens.clone(), errors) {
        match item {
            Item::Key(Meta::Path(path)) => paths.push(path),
            Item::Key(other) => errors.at(&other, message),
            Item::Literal(other) => errors.at(&other, message),
        }
    }
    Some(paths)
}

fn named_fields(input: &DeriveInput) -> Result<&syn::FieldsNamed> {
    let misplaced = |span: Span| {
        let message =
            "only a struct with named fields can be a user: `struct User { pub id: Uuid, … }`";
        Err(error::at(&span, message))
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
