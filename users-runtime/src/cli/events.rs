//! `events` and `purge-events`

use std::fmt;

use chrono::SecondsFormat;
use clap::Args;
use serde_json::json;

use super::{
    Io, Target, escape,
    failure::{Failure, Outcome},
};
use crate::{features::events::StoredEvent, model::UserModel, users::Users};

/// `events`: lists the newest events of a user.
#[derive(Clone, Args)]
pub struct Events {
    #[command(flatten)]
    user: Target,
    /// How many events are listed at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Print a JSON object for each event, on a line of its own
    #[arg(long)]
    json: bool,
}

impl Events {
    pub(super) async fn run<U: UserModel>(
        &self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        require_events::<U>()?;
        let user = self.user.find(users).await?;
        let found = users.events(&user, self.limit, None).await?.items;
        if self.json {
            for event in &found {
                io.say(escape::json(&as_json(event)))?;
            }
            return Ok(Outcome::Done);
        }
        io.say(format_args!("{:20}  {:24}  ACTOR", "AT", "EVENT"))?;
        for event in &found {
            io.say(Line(event))?;
        }
        Ok(Outcome::Done)
    }
}

/// An event on a line.
struct Line<'a>(&'a StoredEvent);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let event = self.0;
        write!(
            f,
            "{:20}  {:24}  {}",
            event.at.to_rfc3339_opts(SecondsFormat::Secs, true),
            escape::text(&event.name),
            escape::text(&event.actor),
        )?;
        if let Some(ip) = &event.ip {
            write!(f, "  {}", escape::text(ip))?;
        }
        if !event.details.is_empty() {
            let details = json!(event.details).to_string();
            write!(f, "  {}", escape::json(&details))?;
        }
        Ok(())
    }
}

fn as_json(event: &StoredEvent) -> String {
    json!({
        "id": event.id,
        "name": event.name,
        "at": event.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "actor": event.actor,
        "session": event.session,
        "ip": event.ip,
        "details": event.details,
    })
    .to_string()
}

/// `purge-events`: deletes the events that are older than they are kept.
pub(super) async fn purge<U: UserModel>(
    users: &Users<U>,
    io: &mut Io<'_>,
) -> Result<Outcome, Failure> {
    require_events::<U>()?;
    let purged = users.purge_events().await?;
    io.say(format_args!("{purged} old events are deleted."))?;
    Ok(Outcome::Done)
}

fn require_events<U: UserModel>() -> Result<(), Failure> {
    if U::CONFIG.events.is_some() {
        return Ok(());
    }
    Err(Failure::new(
        "NO_EVENTS",
        "this application stores no events: declare `events` on the struct",
    ))
}
