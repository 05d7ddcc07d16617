//! What stands in for the generated code after a mistake, so that the rest of the application is not blamed for it.

use darling::ast::NestedMeta;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Expr, Fields, Ident, Meta, Path, Type};

/// The schemas' names and the trait, of types that do nothing, and the checks that hold in spite of the mistakes.
pub(crate) fn stand_ins(input: &DeriveInput, checks: Option<&TokenStream>) -> TokenStream {
    let DeriveInput {
        ident,
        vis,
        generics,
        ..
    } = input;
    if !generics.params.is_empty() || matches!(input.data, Data::Union(_)) {
        return TokenStream::new();
    }
    let Hints { krate, schemas } = Hints::read(input);
    let id = id_type(input).map_or_else(|| quote!(i64), |ty| quote!(#ty));
    // A name that another type has already stands for nothing here.
    let aliases = schemas
        .iter()
        .enumerate()
        .filter(|(position, name)| *name != ident && !schemas[..*position].contains(name));
    let aliases = aliases.map(|(_, name)| name);
    quote! {
        #(#[doc(hidden)] #vis type #aliases = #krate::__private::StandIn;)*
        const _: () = {
            use #krate::__private as __rt;
            #checks
            impl __rt::UserModel for #ident {
                type Id = #id;
                type Read = __rt::StandIn;
                type Create = __rt::StandIn;
                type Update = __rt::StandIn;
                const TABLE: &'static __rt::str = "";
                const COLUMNS: &'static [__rt::Column] = &[];
                const CONFIG: __rt::Config = __rt::Config::new(&[]);
                fn from_row(_: &mut __rt::Row) -> __rt::Result<Self, __rt::RowError> {
                    __rt::stand_in()
                }
                fn account(&self) -> __rt::Account<'_, #id> {
                    __rt::stand_in()
                }
                fn read(&self, _: __rt::String, _: __rt::Viewer) -> __rt::StandIn {
                    __rt::stand_in()
                }
            }
        };
    }
}

/// What can be understood of attributes that have mistakes.
struct Hints {
    krate: Path,
    schemas: [Ident; 3],
}

impl Hints {
    fn read(input: &DeriveInput) -> Self {
        let ident = &input.ident;
        let schemas = ["Read", "Create", "Update"].map(|suffix| format_ident!("{ident}{suffix}"));
        let mut hints = Self {
            krate: syn::parse_quote!(::users_runtime),
            schemas,
        };
        for attribute in input
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("fastapi_users"))
        {
            let Ok(list) = attribute.meta.require_list() else {
                continue;
            };
            for item in NestedMeta::parse_meta_list(list.tokens.clone()).unwrap_or_default() {
                hints.take(&item);
            }
        }
        hints
    }

    fn take(&mut self, item: &NestedMeta) {
        match item {
            NestedMeta::Meta(Meta::NameValue(pair)) if pair.path.is_ident("crate") => {
                if let Expr::Path(path) = &pair.value {
                    self.krate = path.path.clone();
                }
            }
            NestedMeta::Meta(Meta::List(list)) if list.path.is_ident("schemas") => {
                for item in NestedMeta::parse_meta_list(list.tokens.clone()).unwrap_or_default() {
                    self.take_schema(&item);
                }
            }
            _ => {}
        }
    }

    fn take_schema(&mut self, item: &NestedMeta) {
        let NestedMeta::Meta(Meta::NameValue(pair)) = item else {
            return;
        };
        let Expr::Path(name) = &pair.value else {
            return;
        };
        let keys = ["read", "create", "update"];
        for (key, schema) in keys.into_iter().zip(&mut self.schemas) {
            if pair.path.is_ident(key)
                && let Some(name) = name.path.get_ident()
            {
                *schema = name.clone();
            }
        }
    }
}

/// The type of the field `id`, where it is one that ids have.
fn id_type(input: &DeriveInput) -> Option<&Type> {
    let Data::Struct(data) = &input.data else {
        return None;
    };
    let Fields::Named(fields) = &data.fields else {
        return None;
    };
    let id = fields
        .named
        .iter()
        .find(|field| field.ident.as_ref().is_some_and(|ident| ident == "id"))?;
    let Type::Path(path) = &id.ty else {
        return None;
    };
    let last = path.path.segments.last()?.ident.to_string();
    ["Uuid", "i64", "i32", "String", "ObjectId"]
        .contains(&last.as_str())
        .then_some(&id.ty)
}
