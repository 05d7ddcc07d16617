//! The three schemas and what each of them can do.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Attribute, Ident, spanned::Spanned as _};

use crate::{
    attr::Audience,
    model::{Field, Role, User},
    place::at,
};

/// With whose rights the application reads what clients send.
const RIGHTS: &str = " `Json` of it has a client's rights, `Json<AsAdmin<_>>` an administrator's.";

/// A generated schema.
pub(super) struct Schema {
    ident: Ident,
    docs: String,
    fields: Vec<SchemaField>,
    /// Whether clients send it; else it is what they are shown.
    is_input: bool,
}

/// A field of a schema.
pub(super) struct SchemaField {
    pub(super) ident: Ident,
    name: String,
    docs: Vec<Attribute>,
    generated_docs: &'static str,
    ty: TokenStream,
    /// Where the user wrote the field's type.
    place: Span,
}

impl SchemaField {
    fn new(field: &Field, ty: TokenStream) -> Self {
        let name = field.name();
        let generated_docs = match name.as_str() {
            "id" => " The primary key.",
            "email" => " The e-mail address.",
            "is_active" => " Whether the user may log in.",
            "is_superuser" => " Whether the user may administer others.",
            "is_verified" => " Whether the e-mail address is proven.",
            _ => "",
        };
        Self {
            ident: ident(field),
            name,
            docs: field.docs.clone(),
            generated_docs,
            ty,
            place: field.ty.span(),
        }
    }

    fn password(ty: TokenStream) -> Self {
        let ident = format_ident!("password");
        Self {
            ident,
            name: "password".to_owned(),
            docs: Vec::new(),
            generated_docs: " The password, never shown.",
            ty,
            place: Span::call_site(),
        }
    }

    fn definition(&self, user: &User) -> TokenStream {
        let (vis, ident, ty, docs) = (&user.vis, &self.ident, &self.ty, &self.docs);
        let generated = self.generated_docs;
        let generated =
            (docs.is_empty() && !generated.is_empty()).then(|| quote!(#[doc = #generated]));
        quote!(#(#docs)* #generated #vis #ident: #ty)
    }
}

/// The name of a field in the schemas.
pub(super) fn ident(field: &Field) -> Ident {
    match &field.kind {
        crate::model::Kind::Role(role) => Ident::new(role.name(), field.ident.span()),
        _ => field.ident.clone(),
    }
}

/// The roles that a client may see or send, besides the id and the address.
const FLAGS: [Role; 3] = [Role::IsActive, Role::IsSuperuser, Role::IsVerified];

/// What a client is shown.
pub(super) fn read(user: &User) -> Schema {
    let krate = &user.krate;
    let roles = [Role::Id { v7: false }, Role::Email]
        .into_iter()
        .chain(FLAGS);
    let roles = roles.filter_map(|role| user.role(role)).map(|field| {
        let ty = &field.ty;
        SchemaField::new(field, quote!(#ty))
    });
    let extras = user.extras().filter_map(|(field, extra)| {
        let ty = &field.ty;
        match extra.access.read {
            Audience::Public => Some(SchemaField::new(field, quote!(#ty))),
            Audience::Admin => Some(SchemaField::new(field, quote!(#krate::Presence<#ty>))),
            Audience::Private => None,
        }
    });
    let docs = format!(" What a client is shown of a [`{}`].", user.ident);
    Schema {
        ident: user.schemas.read.clone(),
        docs,
        fields: roles.chain(extras).collect(),
        is_input: false,
    }
}

/// What a client sends to register.
pub(super) fn create(user: &User) -> Schema {
    let krate = &user.krate;
    let plain = |field: &Field| {
        let ty = &field.ty;
        SchemaField::new(field, quote!(#ty))
    };
    let email = user.role(Role::Email).map(plain);
    let password = SchemaField::password(quote!(#krate::Password));
    let flags = FLAGS
        .into_iter()
        .filter_map(|role| user.role(role))
        .map(plain);
    let extras = user
        .extras()
        .filter(|(_, extra)| extra.access.create != Audience::Private)
        .map(|(field, _)| plain(field));
    let docs = format!(
        " What a client sends to register a [`{}`].{RIGHTS}",
        user.ident
    );
    let fields = email
        .into_iter()
        .chain([password])
        .chain(flags)
        .chain(extras)
        .collect();
    Schema {
        ident: user.schemas.create.clone(),
        docs,
        fields,
        is_input: true,
    }
}

/// What a client sends to change a user.
pub(super) fn update(user: &User) -> Schema {
    let krate = &user.krate;
    let presence = |field: &Field| {
        let ty = &field.ty;
        SchemaField::new(field, quote!(#krate::Presence<#ty>))
    };
    let password = SchemaField::password(quote!(#krate::NewPassword));
    let roles = [Role::Email]
        .into_iter()
        .chain(FLAGS)
        .filter_map(|role| user.role(role))
        .map(presence);
    let extras = user
        .extras()
        .filter(|(_, extra)| extra.access.update != Audience::Private)
        .map(|(field, _)| presence(field));
    let docs = format!(
        " What a client sends to change a [`{}`]; what it leaves out stays.{RIGHTS}",
        user.ident
    );
    let fields = [password].into_iter().chain(roles).chain(extras).collect();
    Schema {
        ident: user.schemas.update.clone(),
        docs,
        fields,
        is_input: true,
    }
}

impl Schema {
    /// The struct.
    pub(super) fn definition(&self, user: &User) -> TokenStream {
        let (vis, ident, docs) = (&user.vis, &self.ident, &self.docs);
        let fields = self.fields.iter().map(|field| field.definition(user));
        // A field that the application has not documented is documented nowhere, and that is the struct's business to be told.
        let undocumented = self
            .fields
            .iter()
            .any(|field| field.docs.is_empty() && field.generated_docs.is_empty());
        let lint = undocumented.then(|| quote!(#[allow(missing_docs)]));
        quote! {
            #[doc = #docs]
            #lint
            #vis struct #ident {
                #(#fields,)*
            }
        }
    }

    /// Its fields for the runtime, its `Debug`, and `Serialize` or `Deserialize`.
    pub(super) fn implementations(&self) -> TokenStream {
        let ident = &self.ident;
        let name = ident.to_string();
        let members = self.fields.iter().map(
            |SchemaField {
                 ident, name, place, ..
             }| {
                // What the field's type lacks is told at the type.
                quote_spanned!(at(*place)=> &__rt::member(#name, |schema: &Self| &schema.#ident))
            },
        );
        let serde = if self.is_input {
            deserialize(ident)
        } else {
            serialize(ident)
        };
        quote! {
            impl __rt::Schema for #ident {
                const NAME: &'static __rt::str = #name;
                const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[#(#members),*];
            }
            impl __rt::Debug for #ident {
                fn fmt(&self, f: &mut __rt::Formatter<'_>) -> __rt::fmt::Result {
                    __rt::debug(self, f)
                }
            }
            #serde
        }
    }
}

fn serialize(ident: &Ident) -> TokenStream {
    quote! {
        impl __rt::Serialize for #ident {
            fn serialize<S: __rt::Serializer>(&self, s: S) -> __rt::Result<S::Ok, S::Error> {
                __rt::serialize(self, s)
            }
        }
    }
}

fn deserialize(ident: &Ident) -> TokenStream {
    quote! {
        impl<'de> __rt::Deserialize<'de> for #ident {
            fn deserialize<D: __rt::Deserializer<'de>>(d: D) -> __rt::Parsed<'de, Self, D> {
                __rt::deserialize(d)
            }
        }
    }
}
