//! Every case, on one store.

use crate::{accounts, administrators, from_code, letters, members, system::System, tokens};

pub(crate) async fn run_all(system: &System) {
    members::have_the_same_address_in_two_tenants(system).await;
    members::register_at_once_and_one_wins_in_each_tenant(system).await;
    members::have_limits_of_their_own(system).await;
    members::of_no_tenant_are_refused(system).await;
    members::change_to_an_address_that_is_free_in_their_tenant(system).await;
    tokens::are_valid_in_their_tenant_only(system).await;
    tokens::to_refresh_stay_valid_where_another_tenant_refuses_them(system).await;
    administrators::see_the_users_of_their_tenant(system).await;
    letters::reset_and_verify_in_their_tenant_only(system).await;
    accounts::are_linked_once_in_each_tenant(system).await;
    accounts::log_in_where_they_began(system).await;
    accounts::are_linked_by_the_address_in_their_tenant(system).await;
    from_code::needs_a_tenant_for_addresses(system).await;
    from_code::changes_users_of_its_tenant_only(system).await;
    from_code::acts_in_its_tenant_only(system).await;
    from_code::searches_in_its_tenant(system).await;
    from_code::logs_in_users_of_the_requests_tenant_only(system).await;
    let findings = system.users.doctor().await.expect("the store answers");
    let findings = findings.expect("an examination");
    let severe = |finding: &&users_runtime::store::Finding| {
        finding.severity() == users_runtime::store::Severity::Error
    };
    let severe: Vec<_> = findings.iter().filter(severe).collect();
    assert!(severe.is_empty(), "{severe:?}");
}
