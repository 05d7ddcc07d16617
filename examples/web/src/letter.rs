//! The words of the mails.

use serde::Serialize;

use crate::user::User;

/// A mail in plain text, in which nothing that a user has written can be markup. It may hold a token: it has no `Debug`.
#[derive(Clone, Serialize)]
pub(crate) struct Letter {
    /// The address alone.
    pub to: String,
    /// The subject: never anything that a user has written.
    pub subject: &'static str,
    /// The text.
    pub text: String,
}

impl Letter {
    /// Asks for the proof of an address.
    pub(crate) fn verify(user: &User, base_url: &str, token: &str) -> Self {
        let text = format!(
            "please confirm that this is your e-mail address:\n\n{base_url}/verify#{token}\n\n\
             The link works for one hour. If you have not asked for it, another person has mistyped their address: ignore this mail."
        );
        Self::to(user, "Confirm your e-mail address", &text)
    }

    /// Tells the owner of an address that it was registered once more.
    pub(crate) fn registered_again(user: &User, base_url: &str) -> Self {
        let text = format!(
            "a new account was to be created with this e-mail address, but there is one already. You can log in with it:\n\n\
             {base_url}/#/login\n\nIf you have forgotten the password, choose a new one:\n\n{base_url}/#/forgot\n\n\
             If this was not you, ignore this mail: nothing has changed."
        );
        Self::to(user, "You have an account already", &text)
    }

    /// Lets a user set a new password.
    pub(crate) fn reset(user: &User, base_url: &str, token: &str) -> Self {
        let text = format!(
            "choose a new password here:\n\n{base_url}/reset-password#{token}\n\n\
             The link works once, and for one hour. If you have not asked for it, ignore this mail: your password stays as it is."
        );
        Self::to(user, "Choose a new password", &text)
    }

    /// Lets the owner of an account in which others have tried to log in unlock it.
    pub(crate) fn locked(user: &User, base_url: &str, token: &str) -> Self {
        let text = format!(
            "there were many logins to your account with a wrong password, so new browsers cannot log in for a while. Browsers that \
             you have used before still can. Unlock your account here:\n\n{base_url}/unlock#{token}\n\n\
             The link works once, and for seven days. If it was not you, your password is still unknown to them; there is nothing else to do."
        );
        Self::to(user, "Your account is locked", &text)
    }

    /// Tells that the password is another one.
    pub(crate) fn password_changed(user: &User, base_url: &str) -> Self {
        let text = format!(
            "your password was changed, and other browsers were logged out.\n\n\
             If this was not you, choose a new one right away:\n\n{base_url}/#/forgot"
        );
        Self::to(user, "Your password was changed", &text)
    }

    /// Says farewell.
    pub(crate) fn deleted(user: &User) -> Self {
        Self::to(
            user,
            "Your account was deleted",
            "your account and everything that belonged to it is gone.",
        )
    }

    /// A letter to a user. Their name is left out until they have proven the address: otherwise anybody could have words of their
    /// own mailed to strangers, by registering them under these words.
    fn to(user: &User, subject: &'static str, text: &str) -> Self {
        let name = user
            .first_name
            .as_deref()
            .filter(|name| user.is_verified && !name.trim().is_empty());
        let greeting = name.map_or_else(
            || "Hello".to_owned(),
            |name| format!("Hello {}", name.trim()),
        );
        Self {
            to: user.email.clone(),
            subject,
            text: format!("{greeting},\n\n{text}\n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use users_runtime::PasswordHash;
    use uuid::Uuid;

    use super::*;

    fn jo(is_verified: bool) -> User {
        User {
            id: Uuid::nil(),
            email: "jo@example.com".into(),
            hashed_password: PasswordHash::new(""),
            is_active: true,
            is_superuser: false,
            is_verified,
            first_name: Some("Jo <b>".into()),
            last_name: None,
        }
    }

    #[test]
    fn only_who_has_proven_the_address_is_called_by_name() {
        let text = |verified| Letter::verify(&jo(verified), "https://example.com", "t").text;
        assert!(
            text(true).starts_with("Hello Jo <b>,\n\n"),
            "{}",
            text(true)
        );
        assert!(text(false).starts_with("Hello,\n\n"), "{}", text(false));
        assert!(
            text(false).contains("\nhttps://example.com/verify#t\n"),
            "{}",
            text(false)
        );
    }
}
