//! Accounts at a provider, each of which may be linked once in each tenant.

use users_tests::{Answer, Client};

use crate::system::{System, token};

/// Logs in with an account at the provider.
async fn log_in(client: &Client, code: &str) -> Answer {
    let (cookie, state) = begin(client).await;
    end(&client.cookie(&cookie), code, &state).await
}

/// Begins a login: the browser's cookie and the state.
async fn begin(client: &Client) -> (String, String) {
    let begun = client.get("/auth/github/authorize").await;
    assert_eq!(begun.status, 200, "{begun:?}");
    let cookie = begun.cookie().to_owned();
    let body = begun.json();
    let url = body["authorization_url"].as_str().expect("a URL");
    let (_, query) = url.split_once('?').expect("parameters");
    let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
    let (_, state) = state.expect("a state");
    (cookie, state.into_owned())
}

/// Comes back from the provider.
async fn end(client: &Client, code: &str, state: &str) -> Answer {
    let callback = format!("/auth/github/callback?code={code}&state={state}");
    client.get(&callback).await
}

pub(crate) async fn log_in_where_they_began(system: &System) {
    let [acme, globex] = ["acme", "globex"].map(|workspace| system.client(workspace));
    let (cookie, state) = begin(&acme).await;
    let code = "9:began-in-acme@example.com";
    let refused = end(&globex.cookie(&cookie), code, &state).await;
    refused.assert_detail(400, "OAUTH_INVALID_STATE");
    let answer = end(&acme.cookie(&cookie), code, &state).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

pub(crate) async fn are_linked_once_in_each_tenant(system: &System) {
    let mut ids = Vec::new();
    for workspace in ["acme", "globex"] {
        let client = system.client(workspace);
        for _ in 0..2 {
            let answer = log_in(&client, "7:octo@example.com").await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let tokens = answer.json();
            let me = client.bearer(token(&tokens, "access_token"));
            let me = me.get("/users/me").await.json();
            assert_eq!(me["workspace"], workspace);
            ids.push(me["id"].clone());
        }
    }
    assert!(
        ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2],
        "{ids:?}"
    );
    let id = ids[0]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let user = system.stored(id).await;
    for users in [
        system.users.clone(),
        system.users.in_tenant(&user.workspace),
    ] {
        let accounts = users.oauth_accounts(&user).await.expect("the accounts");
        let ids: Vec<_> = accounts
            .iter()
            .map(|account| &*account.account_id)
            .collect();
        assert_eq!(ids, ["7"], "as the provider knows it");
    }
    let unlinked = system
        .users
        .unlink_oauth_account(&user, "github", "7")
        .await;
    // It is the only way in: the link was found.
    assert!(unlinked.is_err());
}

/// By a verified address, only the user of the same tenant gets the account.
pub(crate) async fn are_linked_by_the_address_in_their_tenant(system: &System) {
    let email = "linked@example.com";
    let [acme, globex] = ["acme", "globex"];
    let id = system.registered(acme, email).await;
    let answer = log_in(&system.client(globex), "8:linked@example.com").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let users = system.users.in_tenant(&globex.to_owned());
    let newcomer = users.find_by_email(email).await.expect("the store answers");
    assert_ne!(newcomer.expect("a new user").id, id);
    let user = system.stored(id).await;
    let linked = system.users.oauth_accounts(&user).await;
    assert_eq!(linked.expect("the accounts"), []);
}
