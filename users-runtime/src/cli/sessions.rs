//! `sessions`, `end-session`, `revoke-sessions` and `purge-sessions`

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use serde_json::json;

use super::{
    Io, Target, escape,
    failure::{Failure, Outcome},
    target::named,
};
use crate::{
    features::events::event::EventKind, model::UserModel, session::SessionInfo, users::Users,
};

/// `sessions`: lists the sessions of a user.
#[derive(Clone, Args)]
pub struct Sessions {
    #[command(flatten)]
    user: Target,
    /// Print a JSON object for each session, on a line of its own
    #[arg(long)]
    json: bool,
}

impl Sessions {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        require_sessions(users)?;
        let user = self.user.find(users).await?;
        let found = users.sessions(&user).await?;
        if self.json {
            for session in &found {
                io.say(escape::json(&as_json(session)))?;
            }
            return Ok(Outcome::Done);
        }
        io.say(format_args!(
            "{:22}  {:20}  {:20}  BACKEND",
            "ID", "CREATED", "LAST USED"
        ))?;
        for session in &found {
            io.say(Line(session))?;
        }
        Ok(Outcome::Done)
    }
}

/// A session on a line. What clients chose comes last: its width is unknown.
struct Line<'a>(&'a SessionInfo);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let session = self.0;
        let instant = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Secs, true);
        write!(
            f,
            "{:22}  {:20}  {:20}  {}",
            escape::text(&session.id),
            instant(session.created_at),
            instant(session.last_used_at),
            escape::text(&session.backend),
        )?;
        for text in [&session.ip, &session.user_agent].into_iter().flatten() {
            write!(f, "  {}", escape::text(text))?;
        }
        Ok(())
    }
}

fn as_json(session: &SessionInfo) -> String {
    let instant = |instant: DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Micros, true);
    json!({
        "id": session.id,
        "backend": session.backend,
        "created_at": instant(session.created_at),
        "last_used_at": instant(session.last_used_at),
        "expires_at": instant(session.expires_at),
        "ip": session.ip,
        "user_agent": session.user_agent,
        "methods": session.methods,
    })
    .to_string()
}

/// `end-session`: ends one session of a user.
#[derive(Clone, Args)]
pub struct EndSession {
    #[command(flatten)]
    user: Target,
    /// The session's id, as `sessions` lists it
    // An id may begin like an option.
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    session: String,
}

impl EndSession {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        require_sessions(users)?;
        let user = self.user.find(users).await?;
        if !users.end_session(&user, &self.session).await? {
            return Err(Failure::new(
                "SESSION_NOT_FOUND",
                format!("user {} has no session `{}`", named(&user), self.session),
            ));
        }
        io.say(format_args!(
            "The session of user {} has ended.",
            named(&user)
        ))?;
        Ok(Outcome::Done)
    }
}

/// `revoke-sessions`: ends the sessions of a user, or of every user.
#[derive(Clone, Args)]
// The user is required as such, and would be asked for beside `--all`, too.
#[command(mut_arg("user", |user| user.required(false).required_unless_present("all")))]
pub struct RevokeSessions {
    #[command(flatten)]
    user: Option<Target>,
    /// End the sessions of every user
    #[arg(
        long,
        conflicts_with = "user",
        required_unless_present = "user",
        requires = "yes"
    )]
    all: bool,
    /// Says that it is meant: every user has to log in again
    #[arg(long, requires = "all")]
    yes: bool,
}

impl RevokeSessions {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        match &self.user {
            Some(user) => revoke(users, user, io).await,
            None => revoke_everyones(users, io).await,
        }
    }
}

async fn revoke<U: UserModel>(
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
    let kind = EventKind::SessionsRevoked { kept: false };
    users.event(kind, Some(&user), None).await;
    told.insert(0, format!("User {}:", named(&user)));
    finish(&told, failed, io)
}

async fn revoke_everyones<U: UserModel>(
    users: &Users<U>,
    io: &mut Io<'_>,
) -> Result<Outcome, Failure> {
    let (mut told, mut failed) = (vec!["All users:".to_owned()], None);
    for backend in users.backends() {
        let name = backend.name();
        match backend.strategy().destroy_everyones().await {
            Ok(true) => told.push(format!("{name}: ended")),
            Ok(false) => told.push(format!(
                "{name}: its sessions cannot be ended for all users and last until they expire; new keys, or an emptied Redis, stop them"
            )),
            Err(error) => {
                told.push(format!("{name}: not ended"));
                failed = Some(Failure::from(error));
            }
        }
    }
    users
        .event(EventKind::EveryonesSessionsRevoked, None, None)
        .await;
    finish(&told, failed, io)
}

fn finish(told: &[String], failed: Option<Failure>, io: &mut Io<'_>) -> Result<Outcome, Failure> {
    let said = told.iter().try_for_each(|line| io.say(line));
    match failed {
        Some(failure) => Err(failure),
        None => Ok(said.map(|()| Outcome::Done)?),
    }
}

/// `purge-sessions`: deletes the rows of sessions that have expired.
pub(super) async fn purge<U: UserModel>(
    users: &Users<U>,
    io: &mut Io<'_>,
) -> Result<Outcome, Failure> {
    require_sessions(users)?;
    let mut purged = 0;
    for backend in users.backends() {
        if let Some(sessions) = backend.strategy().sessions() {
            purged += sessions.purge().await?;
        }
    }
    io.say(format_args!("{purged} expired sessions are deleted."))?;
    Ok(Outcome::Done)
}

fn require_sessions<U: UserModel>(users: &Users<U>) -> Result<(), Failure> {
    if users.keeps_sessions() {
        return Ok(());
    }
    Err(Failure::new(
        "NO_SESSIONS",
        "no backend of this application keeps sessions: declare one with `strategy = session` or `refresh`",
    ))
}
