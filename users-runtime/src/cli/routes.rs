//! `routes`

use super::{
    Io,
    failure::{Failure, Outcome},
};
use crate::{model::UserModel, users::Users};

/// Prints what [`Users::router`] mounts, from the list that it mounts.
pub(super) fn print<U: UserModel>(users: &Users<U>, io: &mut Io<'_>) -> Result<Outcome, Failure> {
    let groups = users
        .declared_groups()
        .into_iter()
        .map(|(prefix, group)| (prefix.trim_end_matches('/').to_owned(), group));
    let routes = groups.flat_map(|(prefix, group)| {
        group
            .listed()
            .map(move |(method, path, name)| (method, format!("{prefix}{path}"), name))
            .collect::<Vec<_>>()
    });
    let routes = routes.collect::<Vec<_>>();
    let width = routes
        .iter()
        .map(|(_, path, _)| path.chars().count())
        .max()
        .unwrap_or_default();
    for (method, path, name) in routes {
        io.say(format_args!("{method:6}  {path:width$}  {name}"))?;
    }
    Ok(Outcome::Done)
}
