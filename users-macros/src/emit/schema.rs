//! The three schemas and what each of them can do.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{Attribute, Ident, Meta, Token, Visibility, ext::IdentExt as _, punctuated::Punctuated};

use crate::{
    attr::Audience,
    model::{Computed, Field, Json, Kind, Role, User},
    place::local,
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
    /// Whether all of its fields may be left out.
    is_update: bool,
}

/// A field of a schema.
pub(super) struct SchemaField {
    pub(super) ident: Ident,
    name: String,
    vis: Visibility,
    docs: Vec<Attribute>,
    ty: TokenStream,
    form: Form,
    json: Option<Json>,
}

/// How the type of a schema's field is made of the type of the struct's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The same.
    Same,
    /// One that may be left out.
    Presence,
    /// A password, which is no field of the struct.
    Password,
    /// One that is shown only, and need not be stored.
    Computed,
}

impl SchemaField {
    fn new(field: &Field, user: &User, form: Form) -> Self {
        Self {
            ident: ident(field),
            name: field.name(),
            vis: field.vis.clone(),
            docs: field.docs.clone(),
            ty: role_type(field, user),
            form,
            json: field.json(),
        }
    }

    fn computed(field: &Computed, user: &User) -> Self {
        Self {
            ident: field.ident.clone(),
            name: field.name.clone(),
            vis: user.vis.clone(),
            docs: field.docs.clone(),
            ty: field.ty.to_token_stream(),
            form: Form::Computed,
            json: None,
        }
    }

    fn password(user: &User, ty: TokenStream) -> Self {
        Self {
            ident: format_ident!("password"),
            name: "password".to_owned(),
            vis: user.vis.clone(),
            docs: Vec::new(),
            ty,
            form: Form::Password,
            json: None,
        }
    }

    fn definition(&self, user: &User) -> TokenStream {
        let (vis, ident, ty, docs, krate) =
            (&self.vis, &self.ident, &self.ty, &self.docs, &user.krate);
        let generated = self.generated_docs().map(|docs| quote!(#[doc = #docs]));
        let ty = match self.form {
            Form::Same | Form::Password | Form::Computed => quote!(#ty),
            Form::Presence => quote!(#krate::value::Presence<#ty>),
        };
        quote!(#(#docs)* #generated #vis #ident: #ty)
    }

    /// What documents a field that the application does not document, so that no lint asks for it.
    fn generated_docs(&self) -> Option<String> {
        if self.docs.iter().any(is_documentation) {
            return None;
        }
        Some(match self.ident.unraw().to_string().as_str() {
            "id" => " The primary key.".to_owned(),
            "email" => " The e-mail address.".to_owned(),
            "password" => " The password, never shown.".to_owned(),
            "is_active" => " Whether the user may log in.".to_owned(),
            "is_superuser" => " Whether the user may administer others.".to_owned(),
            "is_verified" => " Whether the e-mail address is proven.".to_owned(),
            _ => format!(" The user's `{}`.", self.name),
        })
    }

    /// The field for the runtime.
    fn member(&self) -> TokenStream {
        let (name, ident, ty) = (&self.name, &self.ident, &self.ty);
        let nullable = self.json.map(|Json { is_option }| is_option);
        match (self.form, nullable) {
            (Form::Same, None) => quote!(&__rt::member!(#name, #ident: #ty)),
            (Form::Same, Some(null)) => quote!(&__rt::json_member!(#name, #ident: #ty, #null)),
            (Form::Presence, None) => quote!(&__rt::presence!(#name, #ident: #ty)),
            (Form::Presence, Some(null)) => {
                quote!(&__rt::json_presence!(#name, #ident: #ty, #null))
            }
            (Form::Computed, _) => quote!(&__rt::computed_member!(#name, #ident: #ty)),
            (Form::Password, _) => {
                let schema = local("schema");
                quote!(&__rt::member(#name, |#schema: &Self| &#schema.#ident))
            }
        }
    }
}

/// Whether an attribute is text, or leaves the field out of the documentation; `#[doc(alias = "…")]` is neither.
fn is_documentation(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::NameValue(_) => true,
        Meta::List(list) => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|items| items.iter().any(|item| item.path().is_ident("hidden"))),
        Meta::Path(_) => false,
    }
}

/// The type of a field; of a role's field the role's, where the user's may only look different.
fn role_type(field: &Field, user: &User) -> TokenStream {
    let (ty, krate) = (&field.ty, &user.krate);
    match &field.kind {
        Kind::Role(Role::Email) if !field.has_usual_type() => quote!(#krate::__private::String),
        Kind::Role(Role::IsActive | Role::IsSuperuser | Role::IsVerified)
            if !field.has_usual_type() =>
        {
            quote!(#krate::__private::bool)
        }
        _ => quote!(#ty),
    }
}

/// The name of a field in the schemas.
pub(super) fn ident(field: &Field) -> Ident {
    match &field.kind {
        Kind::Role(role) => Ident::new(role.name(), field.ident.span()),
        _ => field.ident.clone(),
    }
}

/// The roles that a client may see or send, besides the id and the address.
const FLAGS: [Role; 3] = [Role::IsActive, Role::IsSuperuser, Role::IsVerified];

/// What a client is shown.
pub(super) fn read(user: &User) -> Schema {
    let roles = [Role::Id { v7: false }, Role::Email]
        .into_iter()
        .chain(FLAGS);
    let roles = roles
        .filter_map(|role| user.role(role))
        .map(|field| SchemaField::new(field, user, Form::Same));
    let extras = user.extras().filter_map(|(field, extra)| {
        let form = match extra.access.read {
            Audience::Public => Form::Same,
            Audience::Admin => Form::Presence,
            Audience::Private => return None,
        };
        Some(SchemaField::new(field, user, form))
    });
    let computed = user.computed.iter();
    let computed = computed.map(|field| SchemaField::computed(field, user));
    let docs = format!(" What a client is shown of a [`{}`].", user.ident);
    Schema {
        ident: user.schemas.read.clone(),
        docs,
        fields: roles.chain(extras).chain(computed).collect(),
        is_input: false,
        is_update: false,
    }
}

/// What a client sends to register.
pub(super) fn create(user: &User) -> Schema {
    let krate = &user.krate;
    let plain = |field| SchemaField::new(field, user, Form::Same);
    let email = user.role(Role::Email).map(plain);
    let password = SchemaField::password(user, quote!(#krate::Password));
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
        is_update: false,
    }
}

/// What a client sends to change a user.
pub(super) fn update(user: &User) -> Schema {
    let krate = &user.krate;
    let presence = |field| SchemaField::new(field, user, Form::Presence);
    let password = SchemaField::password(user, quote!(#krate::schema::NewPassword));
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
        " What a client sends to change a [`{}`]; what it leaves out stays, and its default leaves out everything.{RIGHTS}",
        user.ident
    );
    let fields = [password].into_iter().chain(roles).chain(extras).collect();
    Schema {
        ident: user.schemas.update.clone(),
        docs,
        fields,
        is_input: true,
        is_update: true,
    }
}

impl Schema {
    /// The struct.
    pub(super) fn definition(&self, user: &User) -> TokenStream {
        let (vis, ident, docs) = (&user.vis, &self.ident, &self.docs);
        let fields = self.fields.iter().map(|field| field.definition(user));
        quote! {
            #[doc = #docs]
            #vis struct #ident {
                #(#fields,)*
            }
        }
    }

    /// Its fields for the runtime, its `Debug`, and `Serialize` or `Deserialize`.
    pub(super) fn implementations(&self) -> TokenStream {
        let ident = &self.ident;
        let name = ident.to_string();
        let members = self.fields.iter().map(SchemaField::member);
        let traits = if self.is_input {
            quote!(__rt::sent!(#ident);)
        } else {
            quote!(__rt::shown!(#ident);)
        };
        let unchanged = self.is_update.then(|| {
            let fields = self.fields.iter().map(|field| &field.ident);
            quote!(__rt::unchanged!(#ident: #(#fields)*);)
        });
        quote! {
            impl __rt::Schema for #ident {
                const NAME: &'static __rt::str = #name;
                const FIELDS: &'static [&'static dyn __rt::Member<Self>] = &[#(#members),*];
            }
            #traits
            #unchanged
        }
    }
}
