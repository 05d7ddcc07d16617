//! The validated model: what the attributes mean, with every default applied and every rule kept.

mod access;
mod backends;
mod fields;
mod limits;
mod names;
mod roles;
mod routes;
mod rules;
mod unique;

use darling::{Error, Result};
use proc_macro2::TokenStream;
use syn::{Attribute, Ident, Path, Type, Visibility};

pub(crate) use access::Access;
pub(crate) use backends::Backend;
pub(crate) use limits::{LimitBy, LimitRule, Limits, Period, RouteRules};
pub(crate) use roles::{Role, claimed};
pub(crate) use routes::Routes;
pub(crate) use rules::Rules;

use crate::attr::{Keyed, UserAttrs};

/// An annotated struct that makes sense.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// The path of the runtime crate.
    pub(crate) krate: Path,
    pub(crate) table: String,
    pub(crate) schemas: Schemas,
    pub(crate) backends: Vec<Backend>,
    /// `None` for the default routes.
    pub(crate) routes: Option<Routes>,
    /// `None` for the default limits, counted by each process for itself; `secure` declares them.
    pub(crate) limits: Option<Limits>,
    /// Whether every protection is on that there is.
    pub(crate) secure: bool,
    /// Whether what OAuth logins use once is stored in a table.
    pub(crate) oauth: bool,
    /// The tables of the application's own, as paths of statics.
    pub(crate) tables: Vec<Path>,
    /// Every field, in the struct's order.
    pub(crate) fields: Vec<Field>,
}

/// The names of the schemas.
#[derive(Debug)]
pub(crate) struct Schemas {
    pub(crate) read: Ident,
    pub(crate) create: Ident,
    pub(crate) update: Ident,
}

/// A field of the struct.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    /// The column's name, where it is not the field's name in the schemas.
    pub(crate) column: Option<String>,
    pub(crate) kind: Kind,
}

/// What a field is.
#[derive(Debug)]
pub(crate) enum Kind {
    /// One of the six fields that every user has.
    Role(Role),
    /// A field of the application's own.
    Extra(Extra),
    /// Neither stored nor in a schema.
    Skipped,
}

/// A field of the application's own.
#[derive(Debug)]
pub(crate) struct Extra {
    pub(crate) access: Access,
    /// The value where nobody sets one; `None` where a value is required.
    pub(crate) default: Option<TokenStream>,
    /// What the OpenAPI document shows as a value.
    pub(crate) example: Option<TokenStream>,
    pub(crate) rules: Rules,
}

impl Field {
    /// The field's name in the schemas and, unless it has a column of its own, in the table.
    pub(crate) fn name(&self) -> String {
        match &self.kind {
            Kind::Role(role) => role.name().to_owned(),
            Kind::Extra(_) | Kind::Skipped => names::plain(&self.ident),
        }
    }

    /// Whether the field's type is called as the type of its role. Others may be the same type under another name.
    pub(crate) fn has_usual_type(&self) -> bool {
        match &self.kind {
            Kind::Role(role) => roles::is_usual(*role, &self.ty),
            Kind::Extra(_) | Kind::Skipped => true,
        }
    }

    /// The name of the field's column.
    pub(crate) fn column_name(&self) -> String {
        self.column.clone().unwrap_or_else(|| self.name())
    }
}

impl User {
    /// Judges the attributes, with all mistakes at once.
    pub(crate) fn new(attrs: UserAttrs) -> Result<Self> {
        let UserAttrs {
            ident,
            vis,
            keys,
            lacks_a_backend,
            fields,
        } = attrs;
        let mut errors = Error::accumulator();
        let table = errors.handle(names::table(keys.table.as_ref(), &ident));
        let schemas = errors.handle(unique::schemas(keys.schemas.map(Keyed::into_inner), &ident));
        let secure = keys.secure.is_present();
        let backends = errors.handle(backends::all(
            keys.backends,
            lacks_a_backend,
            secure,
            &ident,
        ));
        let routes = errors.handle(keys.routes.map(routes::read).transpose());
        let limits = errors.handle(keys.limits.map(limits::read).transpose());
        let claimed: Vec<_> = fields.iter().flat_map(roles::claimed).collect();
        let fields: Vec<_> = fields
            .into_iter()
            .filter_map(|field| errors.handle(fields::field(field)))
            .collect();
        errors.handle(roles::complete(&fields, &claimed, &ident));
        errors.handle(unique::fields(&fields));
        let krate = keys
            .krate
            .unwrap_or_else(|| syn::parse_quote!(::users_runtime));
        match errors.finish_with((table, schemas, backends, routes, limits))? {
            (Some(table), Some(schemas), Some(backends), Some(routes), Some(limits)) => Ok(Self {
                ident,
                vis,
                krate,
                table,
                schemas,
                backends,
                routes,
                limits: limits.or_else(|| secure.then(|| Limits::Rules(Vec::new()))),
                secure,
                oauth: keys.oauth.is_present(),
                tables: keys
                    .tables
                    .map_or_else(Vec::new, |tables| tables.into_inner().0),
                fields,
            }),
            _ => Err(Error::custom("the attributes cannot be used").with_span(&ident)),
        }
    }

    /// The fields with a role, in the roles' order.
    pub(crate) fn role(&self, wanted: Role) -> Option<&Field> {
        self.fields
            .iter()
            .find(|field| matches!(&field.kind, Kind::Role(role) if role.is_same(wanted)))
    }

    /// The fields of the application's own that are stored.
    pub(crate) fn extras(&self) -> impl Iterator<Item = (&Field, &Extra)> {
        self.fields.iter().filter_map(|field| match &field.kind {
            Kind::Extra(extra) => Some((field, extra)),
            Kind::Role(_) | Kind::Skipped => None,
        })
    }

    /// The fields that have a column, in the struct's order.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .filter(|field| !matches!(field.kind, Kind::Skipped))
    }
}
