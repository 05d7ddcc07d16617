//! The accounts that the current user has linked.

use std::convert::Infallible;

use axum::{
    RequestPartsExt as _,
    extract::{FromRequestParts, Path, State},
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use serde::Serialize;

#[cfg(feature = "openapi")]
use crate::openapi::Page;
use crate::{
    error::Error,
    features::oauth::UnlinkError,
    model::UserModel,
    users::{Refused, Requirements, Users},
    web::{
        answers::NoContent, documented::Documented, group::Group, parts::QuietParts,
        refusals::refusals,
    },
    wire::respond,
};

const GUARD: Requirements = Requirements::active(false);

pub(crate) fn group<U: UserModel>() -> Group<U> {
    Group::new()
        .get("/", list::<U>)
        .named(
            None,
            "oauth-accounts:list",
            "List the linked accounts",
            Some(GUARD),
        )
        // Some providers' ids have slashes, such as Google's `people/1`: a proxy, or `fastapi_routing`, may have decoded them.
        .delete("/{provider}/{*account_id}", unlink::<U>)
        .named(
            None,
            "oauth-accounts:unlink",
            "Unlink an account",
            Some(GUARD),
        )
}

/// A linked account, without the provider's tokens.
#[derive(Debug, Serialize)]
struct ShownAccount {
    oauth_name: String,
    account_id: String,
    account_email: String,
}

/// The linked accounts.
struct ShownAccounts(Vec<ShownAccount>);

impl IntoResponse for ShownAccounts {
    fn into_response(self) -> Response {
        respond::serialized(StatusCode::OK, &self.0)
    }
}

impl Documented for ShownAccounts {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        let account = page.component(
            "OAuthAccountRead",
            serde_json::json!({
                "type": "object",
                "description": "An account at a provider that a user has linked.",
                "properties": {
                    "oauth_name": { "type": "string", "description": "The provider's name." },
                    "account_id": { "type": "string", "description": "The account's id at the provider." },
                    "account_email": { "type": "string", "description": "The account's e-mail address." },
                },
                "required": ["oauth_name", "account_id", "account_email"],
            }),
        );
        page.answers_json(
            200,
            serde_json::json!({ "type": "array", "items": account }),
        );
    }
}

/// The account in the path. Text that is not UTF-8 matches no account.
struct AccountInPath {
    provider: String,
    account_id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for AccountInPath {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let (provider, account_id) = parts
            .extract::<Path<(String, String)>>()
            .await
            .map(|Path(texts)| texts)
            .unwrap_or_default();
        Ok(Self {
            provider,
            account_id,
        })
    }
}

impl Documented for AccountInPath {
    #[cfg(feature = "openapi")]
    fn document(page: &mut Page<'_>) {
        page.in_path(
            "provider",
            "The provider's name.",
            serde_json::json!({ "type": "string" }),
        );
        page.in_path(
            "account_id",
            "The account's id at the provider.",
            serde_json::json!({ "type": "string" }),
        );
    }
}

refusals! {
    /// Why the accounts are not listed.
    enum ListRefusal {
        | Guard(Refused),
        | Failed(Error),
    }
}

refusals! {
    /// Why an account is not unlinked.
    enum UnlinkRefusal {
        NotLinked = OAUTH_NO_SUCH_ACCOUNT,
        | Guard(Refused),
        | Manager(UnlinkError),
    }
}

async fn list<U: UserModel>(
    State(users): State<Users<U>>,
    QuietParts(parts): QuietParts,
) -> Result<ShownAccounts, ListRefusal> {
    let user = users.current(&parts, GUARD).await?.user;
    let accounts = users
        .oauth_accounts(&user)
        .await?
        .into_iter()
        .map(|account| ShownAccount {
            oauth_name: account.oauth_name,
            account_id: account.account_id,
            account_email: account.account_email,
        });
    Ok(ShownAccounts(accounts.collect()))
}

async fn unlink<U: UserModel>(
    State(users): State<Users<U>>,
    account: AccountInPath,
    QuietParts(parts): QuietParts,
) -> Result<NoContent, UnlinkRefusal> {
    let me = users.current(&parts, GUARD).await?;
    let unlinked = users.unlink_oauth_account(&me.user, &account.provider, &account.account_id);
    let was_linked = users.acting(&me.session, &parts).run(unlinked).await?;
    if was_linked {
        Ok(NoContent)
    } else {
        Err(UnlinkRefusal::NotLinked)
    }
}
