//! `doctor`

use std::io::{self, ErrorKind};

use clap::Args;

use super::{
    Io, escape,
    failure::{Failure, Outcome},
};
use crate::{
    model::UserModel,
    store::{Finding, Severity},
    users::Users,
};

/// `doctor`: prints what is wrong with the database.
#[derive(Clone, Copy, Args)]
pub struct Doctor {
    /// Print a JSON object for each finding, on a line of its own
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run<U: UserModel>(
        self,
        users: &Users<U>,
        io: &mut Io<'_>,
    ) -> Result<Outcome, Failure> {
        let findings = users
            .doctor()
            .await?
            .ok_or_else(Failure::no_administration)?;
        match self.print(&findings, io) {
            // The exit status is for those, too, who read the first lines only.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(error.into()),
            _ => {}
        }
        let has_errors = findings
            .iter()
            .any(|finding| finding.severity() >= Severity::Error);
        Ok(if has_errors {
            Outcome::ErrorsFound
        } else {
            Outcome::Done
        })
    }

    fn print(self, findings: &[Finding], io: &mut Io<'_>) -> io::Result<()> {
        for finding in findings {
            io.say(if self.json {
                as_json(finding)
            } else {
                as_text(finding)
            })?;
        }
        if self.json {
            Ok(())
        } else {
            io.say(format_args!("{} findings.", findings.len()))
        }
    }
}

fn as_text(finding: &Finding) -> String {
    format!(
        "{} {}: {}",
        finding.severity(),
        finding.code(),
        escape::text(&finding.to_string())
    )
}

fn as_json(finding: &Finding) -> String {
    let json = serde_json::json!({
        "severity": finding.severity().to_string(),
        "code": finding.code(),
        "count": finding.count,
        "ids": finding.ids,
        "message": finding.to_string(),
    });
    escape::json(&json.to_string())
}
