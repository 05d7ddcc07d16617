//! Sending mails, behind the back of those who ask for them.

use std::{error::Error, sync::Arc, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, SinglePart, header},
};
use tokio::sync::Semaphore;

use crate::{config::Smtp, letter::Letter, outbox::Outbox};

/// How long to wait before each further attempt.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(2),
    Duration::from_secs(20),
    Duration::from_mins(2),
];
/// How long the server may take for each of its answers.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a process that ends waits for the mails under way.
const LAST_PATIENCE: Duration = Duration::from_mins(1);
/// How many mails may be under way at the same time.
const LIMIT: usize = 200;

/// Where mails go.
#[derive(Clone)]
pub(crate) enum Mailer {
    /// To the people they are for.
    Post(PostOffice),
    /// Onto the page, since no mail server is configured.
    Outbox(Outbox),
}

impl Mailer {
    /// Sends a letter in the background. The response does not wait for it, so neither its time nor its text reveals whether there
    /// was one, and what fails is for the log. What is under way when the process ends is lost: people ask for a link again.
    pub(crate) fn send(&self, letter: Letter) {
        match self {
            Self::Post(office) => office.take(&letter),
            Self::Outbox(outbox) => outbox.keep(letter),
        }
    }

    /// Waits until the letters under way are sent, at most a minute: for a process that ends. Without a mail server they are printed.
    pub(crate) async fn finish(&self) {
        match self {
            Self::Post(office) => office.finish().await,
            Self::Outbox(outbox) => outbox.print(),
        }
    }

    /// What the page shows the mails from, where it does.
    pub(crate) fn outbox(&self) -> Option<Outbox> {
        match self {
            Self::Post(_) => None,
            Self::Outbox(outbox) => Some(outbox.clone()),
        }
    }
}

/// An SMTP server that sends what it is given.
#[derive(Clone)]
pub(crate) struct PostOffice {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    room: Arc<Semaphore>,
}

impl PostOffice {
    /// The server of the configuration; it is not asked yet.
    pub(crate) fn new(smtp: &Smtp) -> Result<Self, Box<dyn Error>> {
        let from = smtp
            .from
            .parse()
            .map_err(|error| format!("MAIL_FROM: {error}"))?;
        // The error is not shown: it could quote the password in the address.
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&smtp.url)
            .map_err(|_| "SMTP_URL: this is no smtp(s)://…")?;
        Ok(Self {
            transport: builder.timeout(Some(PATIENCE)).build(),
            from,
            room: Arc::new(Semaphore::new(LIMIT)),
        })
    }

    fn take(&self, letter: &Letter) {
        let message = match write(letter, &self.from) {
            Ok(message) => message,
            Err(error) => {
                return tracing::error!(
                    error = &*error,
                    subject = letter.subject,
                    "a mail cannot be written"
                );
            }
        };
        let Ok(place) = Arc::clone(&self.room).try_acquire_owned() else {
            return tracing::error!(
                subject = letter.subject,
                "a mail is dropped, since too many are under way"
            );
        };
        let (office, subject) = (self.clone(), letter.subject);
        tokio::spawn(async move {
            office.deliver(message, subject).await;
            drop(place);
        });
    }

    async fn finish(&self) {
        let all = u32::try_from(LIMIT).unwrap_or(u32::MAX);
        let sent = tokio::time::timeout(LAST_PATIENCE, self.room.acquire_many(all)).await;
        if sent.is_err() {
            tracing::error!("a mail is given up, since the process ends");
        }
    }

    async fn deliver(&self, message: Message, subject: &str) {
        let mut pauses = PAUSES.iter();
        while let Err(error) = self.transport.send(message.clone()).await {
            // Servers quote addresses, so of their answers only the code is logged.
            let code = error.status().map(tracing::field::display);
            let pause = pauses.next().filter(|_| !error.is_permanent());
            let Some(pause) = pause else {
                return tracing::error!(code, kind = kind(&error), subject, "a mail is given up");
            };
            tracing::warn!(code, kind = kind(&error), subject, "a mail is tried again");
            tokio::time::sleep(*pause).await;
        }
        tracing::info!(subject, "a mail was sent");
    }
}

/// What went wrong, in the words of the code instead of the server's.
fn kind(error: &lettre::transport::smtp::Error) -> &'static str {
    match error {
        error if error.is_permanent() => "refused for good",
        error if error.is_transient() => "refused for now",
        error if error.is_timeout() => "timeout",
        error if error.is_tls() => "TLS",
        _ => "connection",
    }
}

/// The message. Addresses are parsed and headers encoded, so that no line break gets into a header.
fn write(letter: &Letter, from: &Mailbox) -> Result<Message, Box<dyn Error>> {
    Ok(Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, letter.to.parse()?))
        .subject(letter.subject)
        .message_id(None)
        .header(AutoSubmitted)
        .singlepart(SinglePart::plain(letter.text.clone()))?)
}

/// `Auto-Submitted: auto-generated` (RFC 3834), so that no vacation responder answers.
#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        if text == "auto-generated" {
            Ok(Self)
        } else {
            Err("a person has written this mail".into())
        }
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(to: &str, text: &str) -> Result<String, Box<dyn Error>> {
        let letter = Letter {
            to: to.into(),
            subject: "Choose a new password",
            text: text.into(),
        };
        let message = write(&letter, &"Example <hello@example.com>".parse()?)?;
        Ok(String::from_utf8(message.formatted())?)
    }

    #[test]
    fn a_line_break_gets_into_no_header() {
        for address in [
            "jo@example.com\r\nBcc: al@example.com",
            "jo@example.com\nBcc: x",
            "jo@example.com, al@example.com",
        ] {
            assert!(formatted(address, "").is_err(), "{address}");
        }
    }

    #[test]
    fn a_mail_is_plain_text_in_any_language() {
        let mail = formatted("jo@example.com", "Hello Zoë,\n\n<b>bold</b>\n").expect("a mail");
        let (headers, body) = mail.split_once("\r\n\r\n").expect("headers and a body");
        for header in [
            "To: jo@example.com",
            "Content-Type: text/plain; charset=utf-8",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ] {
            assert!(
                headers.lines().any(|line| line == header),
                "{header} is not in {headers}"
            );
        }
        assert!(
            body.contains("Zo=C3=AB") && body.contains("<b>bold</b>"),
            "{body}"
        );
    }
}
