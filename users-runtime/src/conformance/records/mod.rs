//! Declared tables, in stores that hold them.

mod changes;
mod holder;
mod operations;
mod rows;

pub use holder::Holder;
#[cfg(all(test, feature = "sqlite"))]
pub(crate) use holder::NOTES;
#[cfg(all(test, feature = "sqlite"))]
pub(crate) use operations::{BY_ID, BY_LABEL, BY_TITLE, OLDEST, TAKE, USE};

use super::{Stores, bench::Bench, checks, report::Report};
use crate::value::UserId;

/// Tests what a store does with declared tables, with users that have ids of one kind.
pub(super) async fn run<Id: UserId>(stores: &dyn Stores<Holder<Id>>) -> Report {
    use super::records;
    let mut report = checks!(
        Bench::new(stores),
        records::rows::come_back_as_they_were,
        records::rows::are_found_letter_by_letter,
        records::rows::come_with_their_user,
        records::rows::of_users_who_are_gone_are_refused,
        records::rows::that_do_not_fit_are_refused,
        records::rows::are_unique_as_declared,
        records::rows::go_with_their_user,
        records::rows::are_listed_in_order_page_by_page,
        records::rows::that_have_expired_are_purged_in_portions,
    );
    let changes = checks!(
        Bench::paired(stores),
        records::changes::set_what_they_name,
        records::changes::want_every_condition,
        records::changes::to_what_is_taken_are_refused,
        records::changes::of_one_row_have_one_winner,
        records::changes::that_add_lose_nothing,
        records::changes::take_a_row_once,
        records::changes::take_a_row_under_its_conditions,
        records::changes::delete_what_they_name,
    );
    report.append(changes);
    report
}
