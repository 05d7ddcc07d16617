//! Reading request bodies as FastAPI reads them: syntax at once, fields only after the guard.

use std::{marker::PhantomData, sync::Arc};

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
};
use http::{HeaderMap, header, request::Parts};
use http_body_util::LengthLimitError;
use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::{
    documented::Documented,
    parts::quiet,
    refusals::{Unprocessable, refusals},
};
#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    model::UserModel,
    schema::{
        InputSchema,
        body::{Body, BodyError},
        echo::Echo,
        login::LoginForm,
    },
    users::Users,
    value::Viewer,
    wire::{
        email::EmailRules,
        form::{self, FormError},
        json::Json,
    },
};

/// A body that was read and, where it is JSON, parsed; its fields are validated by the handler, after the guard. `S` says which
/// fields there are.
#[derive(Debug)]
pub(crate) struct JsonBody<S> {
    pub(crate) parts: Parts,
    body: Body,
    emails: Arc<EmailRules>,
    echo: Echo,
    shape: PhantomData<fn() -> S>,
}

/// The fields of a body.
pub(crate) trait Shape: 'static {
    /// Their JSON schema, or a reference to it.
    #[cfg(feature = "openapi")]
    fn schema(page: &mut Page<'_>) -> serde_json::Value;
}

/// A whole schema.
#[derive(Debug)]
pub(crate) struct Whole<U, T>(PhantomData<fn() -> (U, T)>);

/// What a client sends to register.
pub(crate) type CreateBody<U> = JsonBody<Whole<U, <U as UserModel>::Create>>;
/// What a client sends to change a user.
pub(crate) type UpdateBody<U> = JsonBody<Whole<U, <U as UserModel>::Update>>;

impl<U: UserModel, T: InputSchema> Shape for Whole<U, T> {
    #[cfg(feature = "openapi")]
    fn schema(page: &mut Page<'_>) -> serde_json::Value {
        page.sent_schema::<U, T>()
    }
}

impl<U, T: InputSchema> JsonBody<Whole<U, T>> {
    /// The body as a whole schema, and the request's head. The body itself is gone then, before anything waits for a hash.
    pub(crate) fn model(self, viewer: Viewer) -> Result<(T, Parts), Unprocessable> {
        let model = self.body.model(viewer, &self.emails, self.echo);
        Ok((model.map_err(Unprocessable)?, self.parts))
    }

    /// [`model`](Self::model), with the values under names that the schema does not have.
    pub(crate) fn model_and_others(
        self,
        viewer: Viewer,
    ) -> Result<(T, IndexMap<String, Json>, Parts), Unprocessable> {
        let model = self.body.model(viewer, &self.emails, self.echo);
        let model = model.map_err(Unprocessable)?;
        let is_known = |name: &str| T::FIELDS.iter().any(|field| field.name() == name);
        let mut others = self.body.into_fields();
        others.retain(|name, _| !is_known(name));
        Ok((model, others, self.parts))
    }
}

/// Any type that serde reads, in a route of the application's own.
#[derive(Debug)]
pub(crate) enum AnyBody {}

impl Shape for AnyBody {
    #[cfg(feature = "openapi")]
    fn schema(_: &mut Page<'_>) -> serde_json::Value {
        serde_json::Value::Object(serde_json::Map::new())
    }
}

impl JsonBody<AnyBody> {
    /// The body as the type.
    pub(crate) fn value<T: DeserializeOwned>(&self) -> Result<T, Unprocessable> {
        self.body.value(self.echo).map_err(Unprocessable)
    }
}

/// The one field `email`.
#[derive(Debug)]
pub(crate) enum OnlyEmail {}

impl Shape for OnlyEmail {
    #[cfg(feature = "openapi")]
    fn schema(_: &mut Page<'_>) -> serde_json::Value {
        crate::schema::body::email_schema()
    }
}

impl JsonBody<OnlyEmail> {
    /// The e-mail address, and the request's head.
    pub(crate) fn email(self) -> Result<(String, Parts), Unprocessable> {
        let email = self.body.email(&self.emails, self.echo);
        Ok((email.map_err(Unprocessable)?, self.parts))
    }
}

/// Fields of text.
pub(crate) trait Texts<const N: usize>: 'static {
    /// Their names.
    const NAMES: [&'static str; N];
}

/// A token.
#[derive(Debug)]
pub(crate) enum OnlyToken {}

impl Texts<1> for OnlyToken {
    const NAMES: [&'static str; 1] = ["token"];
}

/// A refresh token.
#[derive(Debug)]
pub(crate) enum OnlyRefreshToken {}

impl Texts<1> for OnlyRefreshToken {
    const NAMES: [&'static str; 1] = ["refresh_token"];
}

/// A token and a new password.
#[derive(Debug)]
pub(crate) enum TokenAndPassword {}

impl Texts<2> for TokenAndPassword {
    const NAMES: [&'static str; 2] = ["token", "password"];
}

macro_rules! texts {
    ($($shape:ty)*) => {$(
        impl Shape for $shape {
            #[cfg(feature = "openapi")]
            fn schema(_: &mut Page<'_>) -> serde_json::Value {
                crate::schema::body::texts_schema(&<$shape as Texts<_>>::NAMES)
            }
        }
    )*};
}

texts! { OnlyToken OnlyRefreshToken TokenAndPassword }

impl<S> JsonBody<S> {
    /// The fields' texts, in the order of their names, and the request's head.
    pub(crate) fn texts<const N: usize>(self) -> Result<([String; N], Parts), Unprocessable>
    where
        S: Texts<N>,
    {
        let texts = self
            .body
            .texts(S::NAMES, self.echo)
            .map_err(Unprocessable)?;
        Ok((texts, self.parts))
    }
}

refusals! {
    /// Why a body cannot be read.
    pub(crate) enum BodyRefusal {
        Unreadable = UNREADABLE_BODY,
        TooLong = BODY_TOO_LONG,
    }
}

refusals! {
    /// Why a body's JSON cannot be read.
    pub(crate) enum JsonRefusal {
        | Body(BodyRefusal),
        | Syntax(Unprocessable),
    }
}

refusals! {
    /// Why a login's form cannot be read.
    pub(crate) enum FormRefusal {
        | Body(BodyRefusal),
        | Form(FormError),
        | Fields(Unprocessable),
    }
}

impl<U: UserModel, S: Shape> FromRequest<Users<U>> for JsonBody<S> {
    type Rejection = JsonRefusal;

    async fn from_request(request: Request, users: &Users<U>) -> Result<Self, JsonRefusal> {
        let options = users.options();
        let (parts, bytes) = read(request, options.body_limit).await?;
        let body = Body::read(
            content_type(&parts.headers),
            &bytes,
            options.json_value_limit,
        )
        .map_err(|error| match error {
            BodyError::Unreadable => JsonRefusal::Body(BodyRefusal::Unreadable),
            BodyError::Invalid(error) => JsonRefusal::Syntax(Unprocessable(vec![*error])),
        })?;
        Ok(Self {
            parts,
            body,
            emails: users.email_rules(),
            echo: options.echo,
            shape: PhantomData,
        })
    }
}

impl<S: Shape> Documented for JsonBody<S> {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        use super::refusals::Refusals as _;
        let schema = S::schema(page);
        page.takes("application/json", schema);
        page.outcomes(JsonRefusal::outcomes());
    }
}

/// The form of a login.
#[derive(Debug)]
pub(crate) struct FormBody {
    pub(crate) parts: Parts,
    pub(crate) form: LoginForm,
}

impl<U: UserModel> FromRequest<Users<U>> for FormBody {
    type Rejection = FormRefusal;

    async fn from_request(request: Request, users: &Users<U>) -> Result<Self, FormRefusal> {
        let options = users.options();
        let (parts, bytes) = read(request, options.body_limit).await?;
        let form = form::read(content_type(&parts.headers), &bytes)?;
        let form = LoginForm::read(&form, options.echo, options.compat).map_err(Unprocessable)?;
        Ok(Self { parts, form })
    }
}

impl Documented for FormBody {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        use super::refusals::Refusals as _;
        page.takes(
            "application/x-www-form-urlencoded",
            LoginForm::json_schema(page.context.remembers),
        );
        page.outcomes(FormRefusal::outcomes());
    }
}

async fn read(request: Request, limit: usize) -> Result<(Parts, Bytes), BodyRefusal> {
    let (parts, body) = request.into_parts();
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok((quiet(parts), bytes)),
        Err(error) => Err(if error.into_inner().is::<LengthLimitError>() {
            BodyRefusal::TooLong
        } else {
            BodyRefusal::Unreadable
        }),
    }
}

fn content_type(headers: &HeaderMap) -> Option<&[u8]> {
    headers
        .get(header::CONTENT_TYPE)
        .map(http::HeaderValue::as_bytes)
}
