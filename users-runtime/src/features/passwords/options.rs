//! The builder's options about passwords.

use std::sync::Arc;

use super::PasswordPolicy;
use crate::{
    model::UserModel,
    password::{Argon2Bcrypt, PasswordHasher, Passwords, PasswordsConfig},
    token::JwtKeys,
    users::{BuildError, UsersBuilder},
};

impl<U: UserModel> UsersBuilder<U> {
    /// Which passwords may be set. The default is [`PasswordPolicy::new`], with `secure` on the struct [`PasswordPolicy::nist`], with `Compat::FastApiUsers15`
    /// [`PasswordPolicy::none`]; [`Hooks::validate_password`](crate::Hooks::validate_password) is called in addition.
    #[must_use]
    pub fn password_policy(mut self, policy: PasswordPolicy) -> Self {
        self.password_policy = Some(policy);
        self
    }

    /// Whether passwords are hashed and compared in Unicode's normalization form C, so that `é` is the same on every keyboard. Text
    /// in another form is compared as it came as well, which keeps old hashes valid. Default: yes.
    #[must_use]
    pub fn normalize_passwords(mut self, normalize: bool) -> Self {
        self.options.normalize_passwords = normalize;
        self
    }

    /// Hashes passwords differently. The default is argon2id with m=65536, t=3, p=4, and bcrypt for old hashes.
    #[must_use]
    pub fn password_hasher(mut self, hasher: impl PasswordHasher) -> Self {
        self.hasher = Some(Arc::new(hasher));
        self
    }

    /// Keys passwords with a secret that is not in the database before they are hashed, so that a stolen database alone is worth no
    /// guess: HMAC-SHA256 of the password is what the hasher gets. Default: none.
    ///
    /// The secret has at least 32 bytes and a use of its own; keep it where the database's backups are not. Stored hashes name the id,
    /// and those without a pepper stay valid: a login replaces them. To change the secret, give the new one first and the former ones
    /// after it: new hashes take the first, the others are accepted, and a login replaces their hashes. **Without its secret a hash is
    /// worthless**, so remove a former one only when no stored hash begins with `$pepper$ID:` any more, or when its users shall reset their
    /// passwords. Where several processes share the database, let all of them [accept](Self::accept_password_pepper) a new pepper before the
    /// first one uses it. Other programs, FastAPI Users among them, cannot read these hashes.
    ///
    /// ```
    /// # use users_runtime::{UserModel, UsersBuilder};
    /// # fn with_pepper<U: UserModel>(builder: UsersBuilder<U>) -> Result<UsersBuilder<U>, std::env::VarError> {
    /// let builder = builder
    ///     .password_pepper("2027", std::env::var("PEPPER_2027")?)
    ///     .password_pepper("2026", std::env::var("PEPPER_2026")?);
    /// # Ok(builder)
    /// # }
    /// ```
    #[must_use]
    pub fn password_pepper(mut self, id: impl Into<String>, secret: impl AsRef<[u8]>) -> Self {
        self.peppers.add(id.into(), secret.as_ref());
        self
    }

    /// Accepts hashes with a pepper that other processes use, and neither makes such hashes nor replaces them: the first step of a
    /// deployment in which several processes get a pepper, be it the first one or another. The next step makes it a
    /// [`password_pepper`](Self::password_pepper) in one process after the other. Default: none.
    ///
    /// ```
    /// # use users_runtime::{UserModel, UsersBuilder};
    /// # fn step<U: UserModel>(builder: UsersBuilder<U>, is_known_to_all: bool) -> Result<UsersBuilder<U>, std::env::VarError> {
    /// let pepper = std::env::var("PEPPER_2027")?;
    /// let builder = if is_known_to_all {
    ///     builder.password_pepper("2027", pepper)
    /// } else {
    ///     builder.accept_password_pepper("2027", pepper)
    /// };
    /// # Ok(builder)
    /// # }
    /// ```
    #[must_use]
    pub fn accept_password_pepper(
        mut self,
        id: impl Into<String>,
        secret: impl AsRef<[u8]>,
    ) -> Self {
        self.peppers.accept(id.into(), secret.as_ref());
        self
    }

    /// How many passwords are hashed at once, and how many may wait.
    #[must_use]
    pub fn hashing(mut self, config: PasswordsConfig) -> Self {
        self.hashing = config;
        self
    }

    /// The hasher with its peppers, and its queue.
    pub(crate) fn passwords(&mut self, keys: &JwtKeys) -> Result<Passwords, BuildError> {
        let hasher = self
            .hasher
            .take()
            .unwrap_or_else(|| Arc::new(Argon2Bcrypt::new()));
        let given = [
            &self.jwt_keys,
            &self.reset_keys,
            &self.verify_keys,
            &self.state_keys,
        ];
        let given = given.into_iter().flatten();
        let keys: Vec<_> = given.chain([keys]).cloned().collect();
        let hasher = std::mem::take(&mut self.peppers)
            .season(hasher, &keys)
            .map_err(|(id, reason)| BuildError::InvalidPepper { id, reason })?;
        let hashing = self.hashing.normalizes(self.options.normalize_passwords);
        Ok(Passwords::new(hasher, hashing))
    }

    pub(crate) fn chosen_password_policy(&self) -> PasswordPolicy {
        match &self.password_policy {
            Some(policy) => policy.clone(),
            None if self.options.judge_passwords && U::CONFIG.secure => PasswordPolicy::nist(),
            None if self.options.judge_passwords => PasswordPolicy::new(),
            None => PasswordPolicy::none(),
        }
    }
}
