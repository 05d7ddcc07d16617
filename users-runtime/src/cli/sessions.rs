//! `revoke-sessions`

use super::{
    Io, Target,
    failure::{Failure, Outcome},
    target::named,
};
use crate::{manager::Users, model::UserModel};

pub(super) async fn revoke<U: UserModel>(users: &Users<U>, user: &Target, io: &mut Io<'_>) -> Result<Outcome, Failure> {
    let user = user.find(users).await?;
    io.say(format_args!("User {}:", named(&user)))?;
    let mut failed = None;
    // A backend that fails keeps none of the others from ending theirs.
    for backend in users.backends() {
        let (name, strategy) = (backend.name(), backend.strategy());
        if !strategy.can_destroy_all() {
            io.say(format_args!("{name}: its sessions cannot be ended and last until they expire; `deactivate` stops them"))?;
            continue;
        }
        match strategy.destroy_all(&user, None).await {
            Ok(()) => io.say(format_args!("{name}: ended"))?,
            Err(error) => {
                io.say(format_args!("{name}: not ended"))?;
                failed = Some(Failure::from(error));
            }
        }
    }
    failed.map_or(Ok(Outcome::Done), Err)
}
