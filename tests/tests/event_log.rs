//! Events: what the log says. Alone in its process: `tracing` asks the first thread that reaches a line of the log whether it is wanted,
//! and the threads of other tests have no subscriber.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use tracing_subscriber::fmt::MakeWriter;
use users_runtime::Compat;
use users_tests::{App, PASSWORD};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn each_event_is_logged_once_and_not_in_the_preset() {
    for (compat, times) in [(Compat::Off, 1), (Compat::FastApiUsers15, 0)] {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(log.clone())
            .with_ansi(false)
            .finish();
        let guard = tracing::subscriber::set_default(subscriber);
        let app = App::builder()
            .configure(move |builder| builder.compat(compat))
            .start()
            .await;
        let user = app.user("jo@example.com").await;
        drop(guard);
        let log = log.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let log = String::from_utf8(log).expect("text");
        let line = format!(
            "users_runtime::events: registered event=\"user.registered\" user.id={} actor=application by=\"application\"",
            user.id
        );
        assert_eq!(log.matches(&line).count(), times, "{log}");
        assert!(!log.contains(PASSWORD), "{log}");
    }
}
