//! A new password: asked for on the terminal, or read from standard input, but never an argument, which every user sees in `ps`.

use clap::Args;

use super::{Io, failure::Failure};
use crate::password::Password;

/// The longest password in bytes, which is far more than anybody types.
const LONGEST: usize = 64 << 10;

/// Where the new password comes from.
#[derive(Clone, Copy, Args)]
pub(super) struct NewPassword {
    /// Read the password from standard input, one line, instead of asking for it
    #[arg(long)]
    pub(super) password_stdin: bool,
}

impl NewPassword {
    pub(super) fn read(self, io: &mut Io<'_>) -> Result<Password, Failure> {
        let password = if self.password_stdin {
            from_input(io)?
        } else if io.is_interactive() {
            from_terminal()?
        } else {
            let sentence = "standard input is not a terminal, so no password can be typed: write the password to it and add --password-stdin";
            return Err(Failure::new("PASSWORD_NOT_GIVEN", sentence));
        };
        if password.expose().is_empty() {
            return Err(Failure::new("PASSWORD_EMPTY", "the password is empty"));
        }
        Ok(password)
    }
}

fn from_terminal() -> Result<Password, Failure> {
    let password = Password::from(rpassword::prompt_password("Password: ")?);
    let again = Password::from(rpassword::prompt_password("Password (again): ")?);
    if password == again {
        Ok(password)
    } else {
        Err(Failure::new(
            "PASSWORDS_DIFFER",
            "the two passwords are not the same",
        ))
    }
}

/// The one line of the input, whose end does not belong to the password.
fn from_input(io: &mut Io<'_>) -> Result<Password, Failure> {
    let bytes = io.read(LONGEST + 1)?;
    if bytes.len() > LONGEST {
        return Err(Failure::new(
            "PASSWORD_TOO_LONG",
            format!("the password has more than {LONGEST} bytes"),
        ));
    }
    let not_text = |_| Failure::new("PASSWORD_NOT_TEXT", "the password is not UTF-8");
    let text = std::str::from_utf8(&bytes).map_err(not_text)?;
    let line = text
        .strip_suffix('\n')
        .map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    if line.contains(['\n', '\r']) {
        return Err(Failure::new(
            "PASSWORD_HAS_LINES",
            "the password has more than one line",
        ));
    }
    Ok(line.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, String> {
        let mut complaint = Vec::new();
        let read = NewPassword {
            password_stdin: true,
        }
        .read(&mut Io::new(bytes, Vec::new(), Vec::new()));
        read.map(|password| password.expose().to_owned())
            .map_err(|failure| {
                failure.tell(&mut Io::new(&[][..], Vec::new(), &mut complaint));
                String::from_utf8(complaint).expect("text")
            })
    }

    #[test]
    fn a_password_is_one_line_without_its_end() {
        for line in ["correct horse", "correct horse\n", "correct horse\r\n"] {
            assert_eq!(
                read(line.as_bytes()).as_deref(),
                Ok("correct horse"),
                "{line:?}"
            );
        }
        assert_eq!(
            read(" päss wörd \n".as_bytes()).as_deref(),
            Ok(" päss wörd ")
        );
        assert_eq!(
            read(&vec![b'x'; LONGEST]).map(|text| text.len()),
            Ok(LONGEST)
        );
    }

    #[test]
    fn what_is_no_password_is_refused_without_showing_it() {
        let refused = [
            (b"".to_vec(), "PASSWORD_EMPTY"),
            (b"\n".to_vec(), "PASSWORD_EMPTY"),
            (b"secret\nsecret\n".to_vec(), "PASSWORD_HAS_LINES"),
            (b"secret\n\n".to_vec(), "PASSWORD_HAS_LINES"),
            (b"secret\xff".to_vec(), "PASSWORD_NOT_TEXT"),
            (vec![b'x'; LONGEST + 1], "PASSWORD_TOO_LONG"),
        ];
        for (bytes, code) in refused {
            let complaint = read(&bytes).expect_err(code);
            assert!(
                complaint.starts_with(&format!("error[{code}]: ")) && !complaint.contains("secret"),
                "{complaint}"
            );
        }
    }

    #[test]
    fn nobody_is_asked_where_nobody_is() {
        let read = NewPassword {
            password_stdin: false,
        }
        .read(&mut Io::new(&b"secret"[..], Vec::new(), Vec::new()));
        let mut complaint = Vec::new();
        read.expect_err("no terminal")
            .tell(&mut Io::new(&[][..], Vec::new(), &mut complaint));
        assert!(
            complaint.starts_with(b"error[PASSWORD_NOT_GIVEN]: "),
            "{complaint:?}"
        );
    }
}
