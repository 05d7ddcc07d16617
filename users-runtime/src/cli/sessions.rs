//! `revoke-sessions`

use super::{
    Io, Target,
    failure::{Failure, Outcome},
    target::named,
};
use crate::{model::UserModel, users::Users};

pub(super) async fn revoke<U: UserModel>(
    users: &Users<U>,
    user: &Target,
    io: &mut Io<'_>,
) -> Result<Outcome, Failure> {
    let user = user.find(users).await?;
    let (mut told, mut failed) = (Vec::new(), None);
    // A backend that fails keeps none of the others from ending theirs, and neither does a reader who is gone.
    for backend in users.backends() {
        let (name, strategy) = (backend.name(), backend.strategy());
        if !strategy.can_destroy_all() {
            told.push(format!("{name}: its sessions cannot be ended and last until they expire; `deactivate` stops them"));
            continue;
        }
        match strategy.destroy_all(&user, None).await {
            Ok(()) => told.push(format!("{name}: ended")),
            Err(error) => {
                told.push(format!("{name}: not ended"));
                failed = Some(Failure::from(error));
            }
        }
    }
    let said = tell(&user, &told, io);
    match failed {
        Some(failure) => Err(failure),
        None => said.map(|()| Outcome::Done),
    }
}

fn tell<U: UserModel>(user: &U, told: &[String], io: &mut Io<'_>) -> Result<(), Failure> {
    io.say(format_args!("User {}:", named(user)))?;
    told.iter()
        .try_for_each(|line| io.say(format_args!("{line}")).map_err(Failure::from))
}
