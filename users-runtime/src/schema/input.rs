//! Reading a schema's fields out of a client's JSON, all errors at once.

use std::sync::Arc;

#[cfg(feature = "openapi")]
use super::describe::SentField;
use super::{
    InputField, JsonInput, NewPassword, ValidationError,
    echo::Echo,
    rules::{Check, Rules},
};
use crate::{
    password::Password,
    value::{Field, Presence, Problem, Viewer, coerce::text},
    wire::{email::EmailRules, json::Json},
};

/// The most unknown fields that one answer reports.
const MAX_UNKNOWN: usize = 100;

/// A client's JSON body on its way into a schema.
///
/// Every method reads one field and notes what is wrong with it; what it returns then counts for nothing, since the schema is
/// dropped. They are called in the order of the schema's fields, which is the order of the errors in the response.
#[derive(Debug)]
pub struct Input<'a> {
    pub(super) body: &'a Json,
    pub(super) viewer: Viewer,
    emails: &'a EmailRules,
    email_check: Option<Check<String>>,
    echo: Echo,
    /// The body, as errors share it.
    shared: Option<Arc<Json>>,
    errors: Vec<ValidationError>,
    refused_nulls: Vec<ValidationError>,
    /// The fields so far, where they are described instead of read.
    #[cfg(feature = "openapi")]
    pub(super) described: Option<std::cell::RefCell<Vec<SentField>>>,
}

impl<'a> Input<'a> {
    /// Reads `body`, an object, with the rights of its sender.
    pub const fn new(body: &'a Json, viewer: Viewer) -> Self {
        Self {
            body,
            viewer,
            emails: EmailRules::USUAL,
            email_check: None,
            echo: Echo::SingleValues,
            shared: None,
            errors: Vec::new(),
            refused_nulls: Vec::new(),
            #[cfg(feature = "openapi")]
            described: None,
        }
    }

    /// Validates addresses by these rules instead of the usual ones.
    pub(super) const fn emails(mut self, rules: &'a EmailRules) -> Self {
        self.emails = rules;
        self
    }

    /// Validates the address with a function of the application's own, too; its error is shown to the client.
    pub const fn check(&mut self, check: Check<String>) -> &mut Self {
        self.email_check = Some(check);
        self
    }

    /// The normalised address, which the application accepts.
    fn address(&self, json: &Json) -> Result<String, Problem> {
        let address = email_address(json, self.emails)?;
        match self.email_check.map_or(Ok(()), |check| check(&address)) {
            Ok(()) => Ok(address),
            Err(reason) => Err(Problem::value_error(reason)),
        }
    }

    /// Says what errors repeat of the body; [`Echo::SingleValues`] unless this is called.
    pub(crate) const fn echoing(mut self, echo: Echo) -> Self {
        self.echo = echo;
        self
    }

    /// Notes what would be read, where fields are described.
    #[cfg(feature = "openapi")]
    pub(super) fn describe(&self, field: impl FnOnce() -> SentField) {
        if let Some(described) = &self.described {
            described.borrow_mut().push(field());
        }
    }

    /// What was wrong, in the order of the schema's fields.
    ///
    /// A `null` for a field that cannot be empty is reported last, when nothing else is wrong: Pydantic allows it, and what the
    /// original answers then is a failure of its database.
    pub fn into_errors(self) -> Vec<ValidationError> {
        if self.errors.is_empty() {
            self.refused_nulls
        } else {
            self.errors
        }
    }

    /// The required `email` of a registration, validated and normalised as `email-validator` does.
    pub fn email(&mut self) -> String {
        #[cfg(feature = "openapi")]
        self.describe(|| SentField::email().required());
        let Some(json) = self.present("email") else {
            return String::new();
        };
        self.judged("email", json, self.address(json))
            .unwrap_or_default()
    }

    /// The required `password` of a registration.
    pub fn password(&mut self) -> Password {
        #[cfg(feature = "openapi")]
        self.describe(|| SentField::password().required());
        let json = self.present("password");
        let text = json.and_then(|json| self.judged("password", json, text(json)));
        text.unwrap_or_default().into()
    }

    /// A flag of a registration: validated, then replaced by `default`, since users cannot promote themselves.
    pub fn flag(&mut self, name: &'static str, default: bool) -> bool {
        #[cfg(feature = "openapi")]
        self.describe(|| SentField::flag(name).nullable().or(default));
        let flag = self.field::<Option<bool>>(name).sent().flatten();
        flag.filter(|_| self.viewer == Viewer::Admin)
            .unwrap_or(default)
    }

    /// A field of the application's own; the calls that follow say by which rules, and what it is without.
    pub const fn field<T>(&mut self, name: &'static str) -> InputField<'_, 'a, T> {
        InputField {
            input: self,
            name,
            rules: Rules::NONE,
        }
    }

    /// A field of the application's own of any type that serde reads; the calls that follow say what it is without.
    pub const fn json<T>(&mut self, name: &'static str) -> JsonInput<'_, 'a, T> {
        JsonInput {
            input: self,
            name,
            check: None,
            #[cfg(feature = "openapi")]
            json_schema: || serde_json::json!({}),
        }
    }

    /// The `email` of an update, validated and normalised; `null` is refused.
    pub fn new_email(&mut self) -> Presence<String> {
        #[cfg(feature = "openapi")]
        self.describe(SentField::email);
        let Some(json) = self.body.get("email") else {
            return Presence::Absent;
        };
        if *json == Json::Null {
            self.refused_nulls.push(ValidationError::of_field(
                Problem::not_text(),
                "email",
                Some(json),
                self.echo,
            ));
            return Presence::Absent;
        }
        self.judged("email", json, self.address(json)).into()
    }

    /// The `password` of an update; `null` means no change.
    pub fn new_password(&mut self) -> NewPassword {
        #[cfg(feature = "openapi")]
        self.describe(|| SentField::password().nullable());
        match self.body.get("password") {
            None => Presence::Absent,
            Some(Json::Null) => Presence::Present(None),
            Some(json) => self
                .judged("password", json, text(json))
                .map(|text| Some(text.into()))
                .into(),
        }
    }

    /// A flag of an update: validated; absent unless an administrator sends it, who may not send `null`.
    pub fn new_flag(&mut self, name: &'static str) -> Presence<bool> {
        #[cfg(feature = "openapi")]
        self.describe(|| SentField::flag(name));
        let flag = self.field::<Option<bool>>(name).sent().into();
        match flag {
            _ if self.viewer != Viewer::Admin => Presence::Absent,
            Presence::Present(None) => {
                let problem = Problem::new("bool_type", "Input should be a valid boolean");
                self.refused_nulls.push(ValidationError::of_field(
                    problem,
                    name,
                    Some(&Json::Null),
                    self.echo,
                ));
                Presence::Absent
            }
            Presence::Present(Some(flag)) => Presence::Present(flag),
            Presence::Absent => Presence::Absent,
        }
    }

    /// Reports every field that the schema does not have, up to a limit: the names are the client's, and so is their number.
    pub(super) fn deny_unknown(&mut self, is_known: impl Fn(&str) -> bool) {
        let Json::Object(fields) = self.body else {
            return;
        };
        let unknown = fields.iter().filter(|(name, _)| !is_known(name));
        for (name, json) in unknown.take(MAX_UNKNOWN) {
            let problem = Problem::new("extra_forbidden", "Extra inputs are not permitted");
            // What is under a misspelt name may be a secret.
            let shown = self.echo.shows_place(name, json).then_some(json);
            let error = ValidationError::of_field(problem, name.clone(), shown, self.echo);
            self.errors.push(error);
        }
    }

    pub(super) fn present(&mut self, name: &'static str) -> Option<&'a Json> {
        let json = self.body.get(name);
        if json.is_none() {
            let place = self
                .echo
                .shows_place(name, self.body)
                .then(|| self.shared());
            self.errors.push(ValidationError::of_missing(name, place));
        }
        json
    }

    /// The body, copied at most once.
    fn shared(&mut self) -> Arc<Json> {
        let body = self.body;
        Arc::clone(self.shared.get_or_insert_with(|| Arc::new(body.clone())))
    }

    pub(super) fn judged_field<T: Field>(
        &mut self,
        name: &'static str,
        json: &Json,
        rules: &Rules<T>,
    ) -> Option<T> {
        let read = T::from_input(json).and_then(|value| rules.judge(&value).map(|()| value));
        self.judged(name, json, read)
    }

    pub(super) fn judged<T>(
        &mut self,
        name: &'static str,
        json: &Json,
        read: Result<T, Problem>,
    ) -> Option<T> {
        read.map_err(|problem| {
            self.errors.push(ValidationError::of_field(
                problem,
                name,
                Some(json),
                self.echo,
            ));
        })
        .ok()
    }
}

/// The e-mail address of a JSON string, normalised.
pub(super) fn email_address(json: &Json, rules: &EmailRules) -> Result<String, Problem> {
    rules.normalize(&text(json)?).map_err(|reason| {
        Problem::new(
            "value_error",
            format!("value is not a valid email address: {reason}"),
        )
        .with("reason", reason)
    })
}
