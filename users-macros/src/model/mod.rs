//! The validated model: what the attributes mean, with every default applied and every rule kept.

mod access;
mod backends;
mod computed;
mod events;
mod fields;
mod limits;
mod names;
mod recovery;
mod roles;
mod routes;
mod rules;
mod unique;

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Generics, Ident, Path, Type, Visibility};

pub(crate) use access::Access;
pub(crate) use backends::Backend;
pub(crate) use computed::Computed;
pub(crate) use events::Events;
pub(crate) use limits::{LimitBy, LimitRule, LimitRules, Limits, Period, RouteRules};
pub(crate) use roles::Role;
pub(crate) use routes::Routes;
pub(crate) use rules::Rules;

use crate::{
    attr::{SchemaChecksAttr, UserAttrs},
    error::Errors,
};

/// An annotated struct.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// Generic parameters, which only a struct with mistakes has.
    pub(crate) generics: Generics,
    /// Whether the attributes have mistakes, so that some of this is not what the struct says.
    pub(crate) has_mistakes: bool,
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
    /// The table of events, where it is declared.
    pub(crate) events: Option<Events>,
    /// The tables of the application's own, as paths of statics.
    pub(crate) tables: Vec<Path>,
    /// Every field, in the struct's order.
    pub(crate) fields: Vec<Field>,
    /// The fields of the read schema that are computed.
    pub(crate) computed: Vec<Computed>,
}

/// The names of the schemas.
#[derive(Debug)]
pub(crate) struct Schemas {
    pub(crate) read: Ident,
    pub(crate) create: Ident,
    pub(crate) update: Ident,
    /// Whether clients may send no fields that the schemas do not have.
    pub(crate) deny_unknown: bool,
    /// What validates those that clients send as a whole.
    pub(crate) checks: SchemaChecksAttr,
}

/// A field of the struct.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) ty: Type,
    pub(crate) docs: Vec<Attribute>,
    /// The name that the schemas have for the field, where it is not the struct's.
    pub(crate) rename: Option<String>,
    /// The column's name, where it is given.
    pub(crate) column: Option<String>,
    /// The call of the function that validates the address, where there is one.
    pub(crate) check: Option<TokenStream>,
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
    /// The value if none is set; `None` where a value is required.
    pub(crate) default: Option<TokenStream>,
    /// What the OpenAPI document shows as a value.
    pub(crate) example: Option<TokenStream>,
    pub(crate) rules: Rules,
    /// How the field is stored as JSON, where it is.
    pub(crate) json: Option<Json>,
    /// Where the mark stands of a field that is stored in an array.
    pub(crate) array: Option<Span>,
    /// Where the mark stands of a field that holds the user's tenant.
    pub(crate) tenant: Option<Span>,
    /// Where the mark stands of a field that holds the instant of the user's last change.
    pub(crate) updated_at: Option<Span>,
}

/// A field of any type that serde writes and reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Json {
    /// Whether the column may be `NULL`.
    pub(crate) is_option: bool,
}

impl Field {
    /// The field's name in the schemas.
    pub(crate) fn name(&self) -> String {
        self.rename.clone().unwrap_or_else(|| self.own_name())
    }

    /// The name of a role's field, and of any other that the struct has for it.
    fn own_name(&self) -> String {
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

    /// How the field is stored as JSON, where it is.
    pub(crate) fn json(&self) -> Option<Json> {
        match &self.kind {
            Kind::Extra(extra) => extra.json,
            Kind::Role(_) | Kind::Skipped => None,
        }
    }

    /// Whether the field has this role, whatever its options.
    pub(crate) fn has_role(&self, wanted: Role) -> bool {
        matches!(&self.kind, Kind::Role(role) if role.is_same(wanted))
    }

    /// Whether the field has a column.
    pub(crate) fn is_stored(&self) -> bool {
        !matches!(self.kind, Kind::Skipped)
    }

    /// Whether the field is the application's own.
    pub(crate) fn is_extra(&self) -> bool {
        matches!(self.kind, Kind::Extra(_))
    }

    /// The name of the field's column.
    pub(crate) fn column_name(&self) -> String {
        self.column.clone().unwrap_or_else(|| self.own_name())
    }
}

impl User {
    /// Validates the attributes and adds all mistakes to those of their form. What has a mistake is replaced by something that
    /// compiles, so that the struct's schemas are there and the rest of the application is not blamed for it.
    pub(crate) fn new(attrs: UserAttrs, errors: &mut Errors) -> Self {
        let UserAttrs {
            ident,
            vis,
            generics,
            keys,
            fields,
        } = attrs;
        let table = names::table(keys.table.as_ref(), &ident);
        let table = errors.handle(table).unwrap_or_default();
        let mut schemas = unique::schemas(keys.schemas, &ident, errors);
        schemas.deny_unknown = keys.deny_unknown.is_some();
        schemas.checks = keys.checks;
        let backends = backends::all(keys.backends, keys.has_backend, keys.secure, &ident, errors);
        let routes = keys.routes.map(|routes| routes::read(routes, errors));
        let limits = keys.limits.map(|limits| limits::read(limits, errors));
        let events = keys.events.map(|events| events::read(events, errors));
        // What is no struct with named fields needs no fields.
        let fields = fields.map(|fields| {
            let claimed: Vec<_> = fields.iter().flat_map(roles::claimed).collect();
            let fields: Vec<_> = fields
                .into_iter()
                .map(|field| fields::field(field, keys.rename_all, errors))
                .collect();
            roles::complete(&fields, &claimed, &ident, errors);
            unique::fields(&fields, errors);
            unique::tenant(&fields, errors);
            fields
        });
        let fields = fields.unwrap_or_default();
        let computed = computed::read(keys.computed, keys.rename_all, &fields, errors);
        let krate = keys.krate;
        let mut user = Self {
            ident,
            vis,
            generics,
            has_mistakes: !errors.is_empty(),
            krate: krate.unwrap_or_else(|| syn::parse_quote!(::users_runtime)),
            table,
            schemas,
            backends,
            routes,
            limits: limits.or_else(|| keys.secure.then(|| Limits::Rules(LimitRules::default()))),
            secure: keys.secure,
            oauth: keys.oauth,
            events,
            tables: keys.tables,
            fields,
            computed,
        };
        if user.has_mistakes {
            recovery::recover(&mut user);
        }
        user
    }

    /// The fields with a role, in the roles' order.
    pub(crate) fn role(&self, wanted: Role) -> Option<&Field> {
        self.fields.iter().find(|field| field.has_role(wanted))
    }

    /// The fields of the application's own that are stored.
    pub(crate) fn extras(&self) -> impl Iterator<Item = (&Field, &Extra)> {
        self.fields.iter().filter_map(|field| match &field.kind {
            Kind::Extra(extra) => Some((field, extra)),
            Kind::Role(_) | Kind::Skipped => None,
        })
    }

    /// The field of the tenant, where users belong to tenants.
    pub(crate) fn tenant(&self) -> Option<&Field> {
        let mut extras = self.extras();
        let (field, _) = extras.find(|(_, extra)| extra.tenant.is_some())?;
        Some(field)
    }

    /// The fields that have a column, in the struct's order.
    pub(crate) fn stored(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_stored())
    }
}
