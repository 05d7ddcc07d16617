//! Claims of the application in JSON web tokens.

use std::{any::Any, sync::Arc};

use serde_json::Value;

use super::StrategyError;
use crate::{model::UserModel, token::Claims};

/// The claims that this crate writes, and `nbf`, which would keep a user out.
const RESERVED: [&str; 8] = ["sub", "aud", "exp", "nbf", "iat", "ver", "epoch", "sid"];

type ClaimOf<U> = Box<dyn Fn(&U) -> Value + Send + Sync>;

/// Claims by their names, each with a function of the user. The type of the user is erased, since the strategy of plain tokens does not
/// name it.
#[derive(Clone, Default)]
pub(crate) struct OwnClaims(Vec<(String, Arc<dyn Any + Send + Sync>)>);

impl OwnClaims {
    pub(crate) fn add<U: UserModel, V: Into<Value>>(
        &mut self,
        name: String,
        value: impl Fn(&U) -> V + Send + Sync + 'static,
    ) {
        let claim: ClaimOf<U> = Box::new(move |user| value(user).into());
        self.0.push((name, Arc::new(claim)));
    }

    /// These claims behind those of the strategy.
    pub(super) fn write<U: UserModel>(&self, claims: Claims, user: &U) -> Claims {
        self.0
            .iter()
            .filter(|(name, _)| !RESERVED.contains(&&**name))
            .filter_map(|(name, claim)| Some((name, claim.downcast_ref::<ClaimOf<U>>()?)))
            .fold(claims, |claims, (name, value)| {
                claims.with(name, value(user))
            })
    }

    /// Whether each name is free, and each function one of this user type.
    pub(crate) fn validate<U: UserModel>(&self) -> Result<(), StrategyError> {
        for (position, (name, claim)) in self.0.iter().enumerate() {
            if RESERVED.contains(&&**name) {
                return Err(format!(
                    "the claim `{name}` has a meaning of its own: choose another name"
                )
                .into());
            }
            if self.0[..position].iter().any(|(other, _)| other == name) {
                return Err(format!("the claim `{name}` is added twice: remove one").into());
            }
            if !claim.is::<ClaimOf<U>>() {
                return Err(format!("the claim `{name}` is one of another user type").into());
            }
        }
        Ok(())
    }
}
