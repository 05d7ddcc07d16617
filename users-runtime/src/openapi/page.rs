//! The page of one operation, filled by the types of its handler.

use std::{
    collections::BTreeMap,
    future::Future as _,
    pin::pin,
    task::{Poll, Waker},
};

use axum::response::Response as HttpResponse;
use http::{StatusCode, header};
use serde_json::{Value, json};
use utoipa::openapi::{
    Content, ContentBuilder, Header, HeaderBuilder, Object, RefOr, Required, Response,
    ResponseBuilder, Schema,
    path::{Operation as Documented, OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
    request_body::{RequestBody, RequestBodyBuilder},
    schema::Type,
};

use super::{Context, Operation, components, convert};
use crate::{
    model::UserModel,
    schema::{InputSchema, Schema as Fields},
    session::transport::Transport,
    web::outcome::Outcome,
};

/// The page of one operation.
pub(crate) struct Page<'a> {
    pub(crate) context: &'a Context,
    /// The operation's id.
    id: &'a str,
    /// The schemas that operations refer to, by name.
    schemas: &'a mut BTreeMap<String, RefOr<Schema>>,
    parameters: Vec<Parameter>,
    body: Option<RequestBody>,
    successes: Vec<(u16, Response)>,
    outcomes: Vec<Outcome>,
}

impl<'a> Page<'a> {
    pub(super) const fn new(
        context: &'a Context,
        schemas: &'a mut BTreeMap<String, RefOr<Schema>>,
        id: &'a str,
    ) -> Self {
        Self {
            context,
            id,
            schemas,
            parameters: Vec::new(),
            body: None,
            successes: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// A schema that operations share; the reference to it.
    pub(crate) fn component(&mut self, name: &str, schema: Value) -> Value {
        self.shared(name, || convert::schema(schema))
    }

    fn shared(&mut self, name: &str, schema: impl FnOnce() -> RefOr<Schema>) -> Value {
        self.schemas.entry(name.to_owned()).or_insert_with(schema);
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    /// The schema of what a client sends.
    pub(crate) fn sent_schema<U: UserModel, T: InputSchema>(&mut self) -> Value {
        self.shared(T::NAME, || components::sent_user::<U, T>().into())
    }

    /// A required body.
    pub(crate) fn takes(&mut self, content_type: &str, schema: Value) {
        self.body(content_type, schema, Required::True);
    }

    /// A body that may be left out.
    pub(crate) fn may_take(&mut self, content_type: &str, schema: Value) {
        self.body(content_type, schema, Required::False);
    }

    /// A schema of this operation alone is a component all the same, under FastAPI's name for it: clients import the type.
    fn body(&mut self, content_type: &str, schema: Value, required: Required) {
        let schema = if schema.get("$ref").is_some() {
            schema
        } else {
            self.component(&format!("Body_{}", self.id), schema)
        };
        let content = Content::new(Some(convert::schema(schema)));
        self.body = Some(
            RequestBodyBuilder::new()
                .content(content_type, content)
                .required(Some(required))
                .build(),
        );
    }

    /// A part of the path.
    pub(crate) fn in_path(&mut self, name: &str, description: &str, schema: Value) {
        self.parameter(name, description, schema, ParameterIn::Path, Required::True);
    }

    /// A parameter that may be left out.
    pub(crate) fn in_query(&mut self, name: &str, description: &str, schema: Value) {
        self.parameter(
            name,
            description,
            schema,
            ParameterIn::Query,
            Required::False,
        );
    }

    fn parameter(
        &mut self,
        name: &str,
        description: &str,
        schema: Value,
        place: ParameterIn,
        required: Required,
    ) {
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(place)
            .required(required);
        let parameter = parameter
            .description(Some(description))
            .schema(Some(convert::schema(schema)));
        self.parameters.push(parameter.build());
    }

    /// Answers JSON.
    pub(crate) fn answers_json(&mut self, status: u16, schema: Value) {
        let content = Content::new(Some(convert::schema(schema)));
        self.success(
            status,
            ResponseBuilder::new()
                .content("application/json", content)
                .build(),
        );
    }

    /// Answers without a body.
    pub(crate) fn answers_nothing(&mut self, status: u16) {
        self.success(status, Response::default());
    }

    /// Answers a user.
    pub(crate) fn answers_user<U: UserModel>(&mut self, status: u16) {
        let schema = self.shared(<U::Read as Fields>::NAME, || {
            components::shown_user::<U>().into()
        });
        self.answers_json(status, schema);
    }

    /// Redirects a browser.
    #[cfg(feature = "oauth")]
    pub(crate) fn answers_redirect(&mut self, description: &str) {
        let header = text_header("Where to.");
        let response = ResponseBuilder::new()
            .description(description)
            .header("Location", header)
            .build();
        self.successes
            .push((StatusCode::SEE_OTHER.as_u16(), response));
    }

    /// Whether the backend has refresh tokens.
    pub(crate) const fn refreshes(&self) -> bool {
        self.context.refreshes
    }

    /// Answers what the backend's transport does, which is asked for an example.
    pub(crate) fn answers_as(&mut self, answer: impl FnOnce(&dyn Transport) -> HttpResponse) {
        let Some(transport) = self.context.transport.clone() else {
            return;
        };
        let (parts, body) = answer(&*transport).into_parts();
        let mut response = ResponseBuilder::new();
        if let Some(example) = read_json(body) {
            let is_bearer =
                example.get("access_token").is_some() && example.get("token_type").is_some();
            let schema = if !is_bearer {
                json!({})
            } else if example.get("refresh_token").is_some() {
                let schema = components::bearer_refresh_response();
                self.component("BearerRefreshResponse", schema)
            } else {
                self.component("BearerResponse", components::bearer_response())
            };
            let content = ContentBuilder::new()
                .schema(Some(convert::schema(schema)))
                .example(Some(example));
            response = response.content("application/json", content.build());
        }
        if parts.headers.contains_key(header::SET_COOKIE) {
            response = response.header(
                "Set-Cookie",
                text_header("The cookie, with its attributes."),
            );
        }
        self.success(parts.status.as_u16(), response.build());
    }

    fn success(&mut self, status: u16, mut response: Response) {
        let reason = StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason());
        reason
            .unwrap_or("Success")
            .clone_into(&mut response.description);
        self.successes.push((status, response));
    }

    /// Answers one of these where all is not well.
    pub(crate) fn outcomes(&mut self, outcomes: Vec<Outcome>) {
        for outcome in outcomes {
            if !self.outcomes.contains(&outcome) {
                self.outcomes.push(outcome);
            }
        }
    }

    /// The finished page, except for its security.
    pub(super) fn finish(mut self, operation: &Operation) -> Documented {
        let context = self.context;
        self.outcomes
            .retain(|outcome| operation.shows(*outcome, context));
        let mut answers: BTreeMap<u16, Vec<Outcome>> = BTreeMap::new();
        for outcome in &self.outcomes {
            answers
                .entry(outcome.status.as_u16())
                .or_default()
                .push(*outcome);
        }
        let mut page = OperationBuilder::new()
            .tag(operation.tag())
            .summary(Some(&*operation.summary))
            .operation_id(Some(self.id))
            .request_body(self.body.take());
        for parameter in std::mem::take(&mut self.parameters) {
            page = page.parameter(parameter);
        }
        for (status, response) in std::mem::take(&mut self.successes) {
            page = page.response(status.to_string(), response);
        }
        for (status, outcomes) in answers {
            page = page.response(status.to_string(), self.refusal(&outcomes));
        }
        page.build()
    }

    /// The answer of a status, with an example of each outcome.
    fn refusal(&mut self, outcomes: &[Outcome]) -> RefOr<Response> {
        match outcomes {
            [first, ..] => {
                if first.status == StatusCode::UNPROCESSABLE_ENTITY {
                    self.component("ValidationError", components::validation_error());
                    self.component("HTTPValidationError", components::http_validation_error());
                }
                components::answer(first.status, outcomes).into()
            }
            [] => Response::default().into(),
        }
    }
}

fn text_header(description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(Object::with_type(Type::String)))
        .description(Some(description))
        .build()
}

/// The JSON of a body that is there already.
fn read_json(body: axum::body::Body) -> Option<Value> {
    /// More than any transport has to say.
    const LONGEST: usize = 1 << 16;
    let mut context = std::task::Context::from_waker(Waker::noop());
    match pin!(axum::body::to_bytes(body, LONGEST)).poll(&mut context) {
        Poll::Ready(Ok(bytes)) => serde_json::from_slice(&bytes).ok(),
        Poll::Ready(Err(_)) | Poll::Pending => None,
    }
}
