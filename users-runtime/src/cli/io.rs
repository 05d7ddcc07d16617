//! Where a command reads a password and writes what it has to say.

use std::{
    fmt,
    io::{self, IsTerminal as _, Read, Write},
};

use zeroize::Zeroizing;

/// Where a command reads a password and writes what it has to say.
pub struct Io<'a> {
    input: Input<'a>,
    out: Box<dyn Write + Send + 'a>,
    err: Box<dyn Write + Send + 'a>,
}

enum Input<'a> {
    Process,
    Given(Box<dyn Read + Send + 'a>),
}

impl<'a> Io<'a> {
    /// Standard input, output and error of the process; a password is asked for where standard input is a terminal.
    pub fn process() -> Self {
        Self {
            input: Input::Process,
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
        }
    }

    /// Something else, for tests and for programs that are no command line; nothing is asked for.
    pub fn new(
        input: impl Read + Send + 'a,
        out: impl Write + Send + 'a,
        err: impl Write + Send + 'a,
    ) -> Self {
        Self {
            input: Input::Given(Box::new(input)),
            out: Box::new(out),
            err: Box::new(err),
        }
    }

    /// Writes a line of what was asked for.
    pub(super) fn say(&mut self, line: impl fmt::Display) -> io::Result<()> {
        writeln!(self.out, "{line}")?;
        self.out.flush()
    }

    /// Writes text that has its line ends.
    pub(super) fn print(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// Writes a line for the operator. Errors are ignored: there is no other output to report them to.
    pub(super) fn tell(&mut self, line: impl fmt::Display) {
        let _ = writeln!(self.err, "{line}").and_then(|()| self.err.flush());
    }

    /// Whether there is a terminal for questions.
    pub(super) fn is_interactive(&self) -> bool {
        matches!(self.input, Input::Process) && io::stdin().is_terminal()
    }

    /// At most this number of bytes of the input, in memory that is wiped.
    pub(super) fn read(&mut self, most: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        // All at once: a buffer that grows leaves copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(most.saturating_add(1)));
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        match &mut self.input {
            Input::Process => io::stdin().lock().take(most).read_to_end(&mut bytes)?,
            Input::Given(input) => input.take(most).read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    }
}

impl fmt::Debug for Io<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Io")
            .field("is_interactive", &self.is_interactive())
            .finish_non_exhaustive()
    }
}
