//! Describing routes of the application that ask for the current user.

use std::collections::BTreeMap;

use utoipa::openapi::{path::Operation as OpenApiOperation, security::SecurityRequirement};

use super::{Context, Operation, Page, security::Security};
use crate::{
    error::Error,
    model::UserModel,
    users::{Refused, Users},
    web::{extract::Guard, outcome, outcome::Outcome, refusals::Refusals as _},
};

impl<U: UserModel> Users<U> {
    /// Describes a route of the application's own that asks for the current user: adds that any backend counts, and how the guard
    /// answers. Answers that the operation has already stay as they are.
    ///
    /// It belongs into a document that the users' is merged with, which has the schemes and schemas that it refers to. The answer 403
    /// `CROSS_SITE_REQUEST` is among those of each route, since what is given here does not include the method.
    pub fn openapi_guarded<G: Guard>(&self, operation: OpenApiOperation) -> OpenApiOperation {
        self.described::<G>(operation, Refused::outcomes())
    }

    /// The same for a route that takes the current user as an `Option`: no credentials are needed there, and the only request that is
    /// refused is one with a cookie that another site caused.
    pub fn openapi_optional<G: Guard>(&self, operation: OpenApiOperation) -> OpenApiOperation {
        let mut outcomes = Error::outcomes();
        outcomes.push(outcome::CROSS_SITE_REQUEST);
        let mut operation = self.described::<G>(operation, outcomes);
        operation
            .security
            .get_or_insert_default()
            .push(SecurityRequirement::default());
        operation
    }

    fn described<G: Guard>(
        &self,
        mut operation: OpenApiOperation,
        outcomes: Vec<Outcome>,
    ) -> OpenApiOperation {
        let guard = G::REQUIREMENTS;
        let described = Operation::new("", "", Some(guard), true);
        let context = Context::default().of_users(self);
        let mut schemas = BTreeMap::new();
        let mut page = Page::new(&context, &mut schemas, "");
        page.outcomes(outcomes);
        for (status, answer) in page.finish(&described).responses.responses {
            operation
                .responses
                .responses
                .entry(status)
                .or_insert(answer);
        }
        operation.security = Some(Security::new(self, &[], "").requirements(guard));
        operation
    }
}
