//! The implementation of the trait: columns, rows, and how a user is shown.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::{Attribute, Expr, ExprLit, Ident, Index, Lit, Meta, spanned::Spanned as _};

use super::{config, loaded, schema::ident};
use crate::{
    attr::Audience,
    model::{Field, Json, Kind, Role, User},
    place::{at, local},
};

pub(super) fn implementation(user: &User) -> TokenStream {
    let User {
        ident,
        generics,
        table,
        schemas,
        ..
    } = user;
    let (read, create, update) = (&schemas.read, &schemas.create, &schemas.update);
    let id = user.role(Role::Id { v7: false }).map(|field| &field.ty);
    let loaded = loaded::ty(user);
    let columns = user.stored().map(column);
    let config = config::value(user);
    let methods = if user.has_mistakes {
        stand_ins(user)
    } else {
        let (from_row, account, shown) = (from_row(user), account(user), shown(user));
        quote!(#from_row #account #shown)
    };
    let (new_id, tenant) = (new_id(user), tenant(user));
    let (impl_generics, ty_generics, _) = generics.split_for_impl();
    let bounds = (!generics.params.is_empty())
        .then(|| quote!(where Self: __rt::Clone + __rt::Send + __rt::Sync + 'static));
    quote! {
        impl #impl_generics __rt::UserModel for #ident #ty_generics #bounds {
            type Id = #id;
            type Read = #read;
            type Loaded = #loaded;
            type Create = #create;
            type Update = #update;
            const TABLE: &'static __rt::str = #table;
            const COLUMNS: &'static [__rt::Column] = &[#(#columns),*];
            const CONFIG: __rt::Config = #config;
            #methods
            #tenant
            #new_id
        }
    }
}

/// The method that returns the tenant, where users belong to tenants.
fn tenant(user: &User) -> Option<TokenStream> {
    let field = user.tenant()?;
    let (own, span) = (&field.ident, at(field.ty.span()));
    let value = quote_spanned!(span=> __rt::Field::to_value(&self.#own));
    Some(quote! {
        fn tenant(&self) -> __rt::Option<__rt::Value> {
            __rt::Some(#value)
        }
    })
}

/// The type of the tenant, where users belong to tenants.
pub(super) fn tenant_model(user: &User) -> Option<TokenStream> {
    let (ident, ty) = (&user.ident, &user.tenant()?.ty);
    user.generics.params.is_empty().then(|| {
        quote! {
            impl __rt::TenantModel for #ident {
                type Tenant = #ty;
            }
        }
    })
}

/// Whether each rule fits its field's type, as constants: they are evaluated even where other types have mistakes.
pub(super) fn checks(user: &User) -> TokenStream {
    let checks = user.extras().filter_map(|(field, extra)| {
        let (ty, steps) = (&field.ty, &extra.rules.column_steps);
        let span = at(extra.rules.span?);
        (!steps.is_empty()).then(
            || quote_spanned!(span=> const _: __rt::Column = __rt::Column::new::<#ty>("") #steps;),
        )
    });
    let instants = user.extras().filter_map(|(field, extra)| {
        let (ty, span) = (&field.ty, at(extra.updated_at?));
        let column = quote_spanned!(span=> __rt::Column::new::<#ty>("").is_instant());
        Some(quote_spanned!(span=> const _: __rt::Column = #column;))
    });
    let tenant = user.extras().find(|(_, extra)| extra.tenant.is_some());
    let tenant = tenant.and_then(|(field, extra)| {
        let (ty, span) = (&field.ty, at(extra.tenant?));
        let length = extra.rules.max_length.map(Literal::u32_unsuffixed);
        let length = length.map(|length| quote_spanned!(span=> .at_most(#length)));
        let column = quote_spanned!(span=> __rt::Column::new::<#ty>("")#length.is_tenant());
        Some(quote_spanned!(span=> const _: __rt::Column = #column;))
    });
    checks.chain(instants).chain(tenant).collect()
}

fn column(field: &Field) -> TokenStream {
    let ty = &field.ty;
    let column_name = field.column_name();
    let doc = doc(field).map(|doc| quote!(.doc(#doc)));
    match &field.kind {
        Kind::Role(role) => {
            let column = match role {
                Role::Id { .. } => quote!(__rt::Type::<#ty>::ID),
                Role::Email => quote!(__rt::email::<#ty>()),
                Role::HashedPassword => quote!(__rt::hashed_password::<#ty>()),
                Role::IsActive | Role::IsSuperuser | Role::IsVerified => {
                    let role = role.variant();
                    quote!(__rt::flag::<#ty>(__rt::Role::#role))
                }
            };
            let named = (column_name != role.name()).then(|| quote!(.named(#column_name)));
            let renamed = field.rename.as_ref().filter(|name| *name != role.name());
            let renamed = renamed.map(|name| quote!(.renamed(#name)));
            quote!(#column #named #renamed #doc)
        }
        Kind::Extra(extra) => {
            let name = field.name();
            let named = (column_name != name).then(|| quote!(.named(#column_name)));
            let length = extra.rules.max_length.map(|length| {
                let (length, span) = (
                    Literal::u32_unsuffixed(length),
                    extra.rules.span.unwrap_or_else(Span::call_site),
                );
                quote_spanned!(at(span)=> .at_most(#length))
            });
            let is_none = extra
                .default
                .as_ref()
                .is_some_and(|default| default.to_string() == "__rt :: None");
            let default = extra.default.as_ref().filter(|_| !is_none);
            let stored = stored_type(field);
            let default =
                default.map(|default| quote!(.default_value(|| #stored::value(#default))));
            let example = extra
                .example
                .as_ref()
                .map(|example| quote!(.example(|| #stored::example(#example))));
            let column = match extra.json {
                None => quote!(__rt::Column::new::<#ty>(#name)),
                Some(Json { is_option }) => {
                    quote_spanned!(at(ty.span())=> __rt::json_column::<#ty, #is_option>(#name))
                }
            };
            let tenant = extra.tenant.map(|_| quote!(.tenant()));
            let updated_at = extra.updated_at.map(|_| quote!(.updated_at()));
            let array = extra
                .array
                .map(|_| quote_spanned!(at(ty.span())=> .array::<#ty>()));
            quote!(#column #named #length #array #default #tenant #updated_at #doc #example)
        }
        Kind::Skipped => TokenStream::new(),
    }
}

/// What the runtime does with the field's type.
fn stored_type(field: &Field) -> TokenStream {
    let ty = &field.ty;
    match field.json() {
        None => quote!(__rt::Type::<#ty>),
        Some(Json { is_option }) => quote!(__rt::JsonType::<#ty, #is_option>),
    }
}

/// What the application's documentation says of a field, line by line.
fn doc(field: &Field) -> Option<String> {
    // What is shown to nobody, nobody reads about.
    let is_hidden = match &field.kind {
        Kind::Role(role) => matches!(role, Role::HashedPassword),
        Kind::Extra(extra) => extra.access.is_hidden(),
        Kind::Skipped => true,
    };
    let lines: Vec<_> = field
        .docs
        .iter()
        .filter(|_| !is_hidden)
        .filter_map(doc_line)
        .collect();
    let doc = lines.join("\n").trim().to_owned();
    (!doc.is_empty()).then_some(doc)
}

/// A line of documentation that is written out; what another macro makes is not known here.
fn doc_line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(line),
        ..
    }) = &pair.value
    else {
        return None;
    };
    let line = line.value();
    Some(line.strip_prefix(' ').unwrap_or(&line).to_owned())
}

/// The methods of a struct whose attributes have mistakes; they check what the others need of the fields' types.
fn stand_ins(user: &User) -> TokenStream {
    let id = user.role(Role::Id { v7: false }).map(|field| &field.ty);
    let (read, loaded) = (&user.schemas.read, loaded::ty(user));
    let skipped = user.fields.iter().filter(|field| !field.is_stored());
    let skipped = skipped.map(|field| {
        let (ty, default) = (&field.ty, skipped_value(field));
        quote!(let _: #ty = #default;)
    });
    let cloned = user.extras().filter_map(|(field, extra)| {
        let (own, span) = (&field.ident, at(field.ty.span()));
        (extra.access.read != Audience::Private)
            .then(|| quote_spanned!(span=> let _ = __rt::Clone::clone(&self.#own);))
    });
    quote! {
        fn from_row(_: &mut __rt::Row) -> __rt::Result<Self, __rt::RowError> {
            #(#skipped)*
            __rt::stand_in()
        }
        fn account(&self) -> __rt::Account<'_, #id> {
            __rt::stand_in()
        }
        fn read_with(&self, _: __rt::String, _: __rt::Viewer, _: #loaded) -> #read {
            #(#cloned)*
            __rt::stand_in()
        }
    }
}

/// The value of a field that is not stored.
fn skipped_value(field: &Field) -> TokenStream {
    quote_spanned!(at(field.ty.span())=> __rt::Default::default())
}

fn from_row(user: &User) -> TokenStream {
    let row = local("row");
    let mut next = 0;
    let fields = user.fields.iter().map(|field| {
        let ident = &field.ident;
        if !field.is_stored() {
            let default = skipped_value(field);
            return quote!(#ident: #default);
        }
        let index = Index::from(next);
        next += 1;
        let stored = stored_type(field);
        quote!(#ident: #stored::take(#row, #index)?)
    });
    quote! {
        fn from_row(#row: &mut __rt::Row) -> __rt::Result<Self, __rt::RowError> {
            __rt::Ok(Self { #(#fields,)* })
        }
    }
}

fn account(user: &User) -> TokenStream {
    let id = user.role(Role::Id { v7: false }).map(|field| &field.ty);
    let fields = Role::ALL.into_iter().filter_map(|role| {
        let name = Ident::new(role.name(), Span::call_site());
        let field = user.role(role)?;
        let ident = &field.ident;
        let value = match role {
            Role::Id { .. } => quote!(&self.#ident),
            Role::Email | Role::HashedPassword if field.has_usual_type() => quote!(&self.#ident),
            Role::Email => of_role(field, "text"),
            Role::HashedPassword => of_role(field, "hash"),
            Role::IsActive | Role::IsSuperuser | Role::IsVerified => flag(field),
        };
        Some(quote!(#name: #value))
    });
    quote! {
        fn account(&self) -> __rt::Account<'_, #id> {
            __rt::Account { #(#fields,)* }
        }
    }
}

/// A flag of the struct.
fn flag(field: &Field) -> TokenStream {
    let ident = &field.ident;
    if field.has_usual_type() {
        quote!(self.#ident)
    } else {
        of_role(field, "flag")
    }
}

/// The field with the type of its role, whatever name the user's type has.
fn of_role(field: &Field, function: &str) -> TokenStream {
    let (ty, ident) = (&field.ty, &field.ident);
    let function = Ident::new(function, Span::call_site());
    quote!(__rt::Type::<#ty>::#function(&self.#ident))
}

/// The method that shows a user; fields for administrators are absent for all others.
fn shown(user: &User) -> TokenStream {
    let (read, viewer) = (&user.schemas.read, local("viewer"));
    let roles = [
        Role::Id { v7: false },
        Role::IsActive,
        Role::IsSuperuser,
        Role::IsVerified,
    ];
    let mut roles = roles.into_iter().filter_map(|role| {
        let name = Ident::new(role.name(), Span::call_site());
        let field = user.role(role)?;
        let ident = &field.ident;
        let value = match role {
            Role::Id { .. } => quote!(__rt::Clone::clone(&self.#ident)),
            _ => flag(field),
        };
        Some(quote!(#name: #value))
    });
    let id = roles.next();
    let extras = user.extras().filter_map(|(field, extra)| {
        let (name, own, span) = (ident(field), &field.ident, at(field.ty.span()));
        match extra.access.read {
            Audience::Public => Some((name, quote_spanned!(span=> __rt::Clone::clone(&self.#own)))),
            Audience::Admin => Some((
                name,
                quote_spanned!(span=> #viewer.shown_to_admin(&self.#own)),
            )),
            Audience::Private => None,
        }
    });
    let extras = extras.map(|(name, value)| quote!(#name: #value));
    let loaded = local("loaded");
    let computed = user.computed.iter().map(|field| {
        let (ident, function) = (&field.ident, &field.function);
        if field.is_loaded {
            return quote!(#ident: #loaded.#ident);
        }
        quote_spanned!(at(function.span())=> #ident: (#function)(self))
    });
    let taken = loaded::ident(user).map_or_else(|| quote!(()), |_| loaded.to_token_stream());
    let values = loaded::ty(user);
    let has_secrets = user
        .extras()
        .any(|(_, extra)| extra.access.read == Audience::Admin);
    let email = local("email");
    let viewer = if has_secrets {
        viewer.to_token_stream()
    } else {
        quote!(_)
    };
    quote! {
        fn read_with(&self, #email: __rt::String, #viewer: __rt::Viewer, #taken: #values) -> #read {
            #read { #id, email: #email, #(#roles,)* #(#extras,)* #(#computed,)* }
        }
    }
}

/// Version 7 differs from the default way to make an id.
fn new_id(user: &User) -> Option<TokenStream> {
    let field = user.role(Role::Id { v7: true })?;
    let Kind::Role(Role::Id { v7: true }) = field.kind else {
        return None;
    };
    let ty = &field.ty;
    Some(quote! {
        fn new_id() -> __rt::Option<#ty> {
            __rt::new_id_v7::<#ty>()
        }
    })
}
