//! How the schemas that clients send are read.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::schema::ident;
use crate::{
    attr::Audience,
    model::{Extra, Field, Role, User},
    place::{at, local, local_of},
};

/// How one field is read.
struct Reading {
    ident: syn::Ident,
    call: TokenStream,
    /// Whether there is nothing to go on with where the field is wrong.
    is_required: bool,
}

impl Reading {
    fn new(name: &str, span: proc_macro2::Span, call: TokenStream) -> Self {
        Self {
            ident: syn::Ident::new(name, span),
            call,
            is_required: false,
        }
    }
}

/// The reading of the registration's schema.
pub(super) fn create(user: &User) -> TokenStream {
    let role = |role: Role, call: TokenStream| {
        user.role(role)
            .map(|field| Reading::new(role.name(), field.ident.span(), call))
    };
    let input = local("input");
    let password = Reading::new("password", user.ident.span(), quote!(#input.password()));
    let check = email_check(user);
    let mut readings: Vec<_> = role(Role::Email, quote!(#input #check.email()))
        .into_iter()
        .chain([password])
        .collect();
    for (flag, default) in [
        (Role::IsActive, true),
        (Role::IsSuperuser, false),
        (Role::IsVerified, false),
    ] {
        let name = user.role(flag).map(Field::name);
        readings.extend(role(flag, quote!(#input.flag(#name, #default))));
    }
    readings.extend(
        user.extras()
            .filter_map(|(field, extra)| create_extra(field, extra)),
    );
    let check = user.schemas.checks.create.as_ref();
    implementation(user, &user.schemas.create, check, &readings)
}

fn create_extra(field: &Field, extra: &Extra) -> Option<Reading> {
    let (read, span) = (read(field, extra), at(field.ty.span()));
    let (call, is_required) = match (extra.access.create, &extra.default) {
        (Audience::Private, _) => return None,
        (Audience::Public, None) => (quote_spanned!(span=> #read.required()), true),
        (Audience::Public, Some(default)) => (quote_spanned!(span=> #read.or(|| #default)), false),
        (Audience::Admin, default) => (quote_spanned!(span=> #read.restricted(|| #default)), false),
    };
    Some(Reading {
        ident: ident(field),
        call,
        is_required,
    })
}

/// The reading of the update's schema.
pub(super) fn update(user: &User) -> TokenStream {
    let role = |role: Role, call: TokenStream| {
        user.role(role)
            .map(|field| Reading::new(role.name(), field.ident.span(), call))
    };
    let input = local("input");
    let mut readings = vec![Reading::new(
        "password",
        user.ident.span(),
        quote!(#input.new_password()),
    )];
    let check = email_check(user);
    readings.extend(role(Role::Email, quote!(#input #check.new_email())));
    for flag in [Role::IsActive, Role::IsSuperuser, Role::IsVerified] {
        let name = user.role(flag).map(Field::name);
        readings.extend(role(flag, quote!(#input.new_flag(#name))));
    }
    readings.extend(user.extras().filter_map(|(field, extra)| {
        let (read, span) = (read(field, extra), at(field.ty.span()));
        let call = match extra.access.update {
            Audience::Public => quote_spanned!(span=> #read.patch()),
            Audience::Admin => quote_spanned!(span=> #read.restricted_patch()),
            Audience::Private => return None,
        };
        Some(Reading {
            ident: ident(field),
            call,
            is_required: false,
        })
    }));
    let check = user.schemas.checks.update.as_ref();
    implementation(user, &user.schemas.update, check, &readings)
}

/// What validates the address, where the application does.
fn email_check(user: &User) -> Option<&TokenStream> {
    user.role(Role::Email)?.check.as_ref()
}

/// The field and its rules; what it is without follows.
fn read(field: &Field, extra: &Extra) -> TokenStream {
    let (name, ty, steps) = (field.name(), &field.ty, &extra.rules.steps);
    let input = local("input");
    // The type is named here, so that what follows does not depend on it: see the runtime's `Unsupported`.
    let field = if extra.json.is_some() {
        let documented = quote!(.documented(__rt::json_schema!(#ty)));
        quote_spanned!(at(ty.span())=> #input.json::<#ty>(#name) #documented)
    } else {
        quote_spanned!(at(ty.span())=> #input.field::<#ty>(#name))
    };
    quote!(#field #steps)
}

/// Every field is read before one that is required and missing ends the reading, so that all errors are reported, in the fields'
/// order.
fn implementation(
    user: &User,
    schema: &syn::Ident,
    check: Option<&syn::Expr>,
    readings: &[Reading],
) -> TokenStream {
    let bound = if readings.iter().any(|reading| reading.is_required) {
        readings.len()
    } else {
        0
    };
    let (before, after) = readings.split_at(bound);
    let lets = before.iter().map(|Reading { ident, call, .. }| {
        let local = local_of(ident);
        quote!(let #local = #call;)
    });
    let bound_fields = before.iter().map(
        |Reading {
             ident, is_required, ..
         }| {
            let local = local_of(ident);
            if *is_required {
                quote!(#ident: #local?)
            } else {
                quote!(#ident: #local)
            }
        },
    );
    let read_fields = after
        .iter()
        .map(|Reading { ident, call, .. }| quote!(#ident: #call));
    let input = local("input");
    let (constants, validate) = (constants(user), validation(check));
    quote! {
        impl __rt::InputSchema for #schema {
            #constants
            fn parse(#input: &mut __rt::Input<'_>) -> __rt::Option<Self> {
                #(#lets)*
                __rt::Some(Self {
                    #(#bound_fields,)*
                    #(#read_fields,)*
                })
            }
            #validate
        }
    }
}

/// What differs from the trait's defaults.
fn constants(user: &User) -> TokenStream {
    let denies = user.schemas.deny_unknown.then(|| {
        quote!(
            const DENY_UNKNOWN: __rt::bool = true;
        )
    });
    let checks_email = email_check(user).map(|_| {
        quote!(
            const CHECKS_EMAIL: __rt::bool = true;
        )
    });
    quote!(#denies #checks_email)
}

/// The rules across the fields, which a function of the application checks.
fn validation(check: Option<&syn::Expr>) -> Option<TokenStream> {
    check.map(|function| {
        let call = quote_spanned!(at(function.span())=> __rt::judged((#function)(self)));
        quote!(
            fn validate(&self) -> __rt::Result<(), __rt::Problem> {
                #call
            }
        )
    })
}
