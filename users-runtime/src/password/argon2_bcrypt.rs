//! The default hasher: argon2id for new hashes; argon2 of every kind and bcrypt for old ones.

use std::sync::{Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq as _;

use super::{
    HashError, HashLimits, Password, PasswordHash, PasswordHasher, SALT_LENGTH, Scratch, Verdict,
    bcrypt_form::BcryptForm, phc::Argon2Form,
};

/// The length of a hash that this crate writes, in bytes.
const HASH_LENGTH: usize = 32;

/// The parameters of FastAPI Users, which are argon2-cffi's; checked at compile time.
pub(super) const DEFAULT_PARAMS: Params = match Params::new(65536, 3, 4, Some(HASH_LENGTH)) {
    Ok(params) => params,
    Err(_) => panic!("argon2 has these parameters"),
};

/// Argon2id (RFC 9106) for new hashes; argon2id, argon2i, argon2d and bcrypt for stored ones.
///
/// The default parameters are those of FastAPI Users: `m=65536` KiB, `t=3` passes, `p=4` lanes, a salt of 16 bytes and a hash
/// of 32. A stored hash with anything else is [`Verdict::RightButOutdated`] when the password is right, and so is bcrypt of
/// every cost. A bcrypt hash takes no password of more than 72 bytes.
#[derive(Debug)]
pub struct Argon2Bcrypt {
    params: Params,
    limits: HashLimits,
    /// Held while a stored hash needs more memory than is kept, so that several of them do not add up.
    oversized: Mutex<()>,
}

/// Parameters that argon2 does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "argon2 has no parameters m={memory_kib}, t={passes}, p={lanes}: t and p are at least 1, and m is at least 8 times p"
)]
pub struct InvalidParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Argon2Bcrypt {
    /// The parameters of FastAPI Users: `m=65536`, `t=3`, `p=4`.
    pub fn new() -> Self {
        Self::of(DEFAULT_PARAMS)
    }

    /// Other parameters for new hashes: memory in KiB, passes, lanes. Tests take small ones, such as `(8, 1, 1)`.
    ///
    /// # Errors
    ///
    /// When argon2 has no such parameters.
    pub fn with_params(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, InvalidParams> {
        let params = Params::new(memory_kib, passes, lanes, Some(HASH_LENGTH));
        params.map(Self::of).map_err(|_| InvalidParams {
            memory_kib,
            passes,
            lanes,
        })
    }

    /// Other limits for stored hashes.
    #[must_use]
    pub const fn limits(mut self, limits: HashLimits) -> Self {
        self.limits = limits;
        self
    }

    const fn of(params: Params) -> Self {
        Self {
            params,
            limits: HashLimits::DEFAULT,
            oversized: Mutex::new(()),
        }
    }

    /// `None` when the hash cannot be read or demands too much.
    fn verify_argon2(
        &self,
        password: &Password,
        form: &Argon2Form,
        scratch: &mut Scratch,
    ) -> Option<Verdict> {
        if !self.limits.allow_argon2(form) {
            tracing::warn!(
                "a stored argon2 hash demands more work than the limits of the password hasher allow"
            );
            return None;
        }
        let params = Params::new(
            form.memory_kib,
            form.passes,
            form.lanes,
            Some(form.hash.len()),
        )
        .ok()?;
        let count = params.block_count();
        let guard = (count > self.params.block_count()).then(|| {
            self.oversized
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        });
        let mut hash = vec![0; form.hash.len()];
        Argon2::new(form.algorithm, form.version, params)
            .hash_password_into_with_memory(
                password.expose().as_bytes(),
                &form.salt,
                &mut hash,
                scratch.blocks(count).ok()?,
            )
            .ok()?;
        if guard.is_some() {
            scratch.wipe();
        }
        Some(if !bool::from(hash.ct_eq(&form.hash)) {
            Verdict::Wrong
        } else if self.is_current(form) {
            Verdict::Right
        } else {
            Verdict::RightButOutdated
        })
    }

    fn is_current(&self, form: &Argon2Form) -> bool {
        form.algorithm == Algorithm::Argon2id
            && form.version == Version::V0x13
            && (form.memory_kib, form.passes, form.lanes)
                == (
                    self.params.m_cost(),
                    self.params.t_cost(),
                    self.params.p_cost(),
                )
            && (form.salt.len(), form.hash.len()) == (SALT_LENGTH, HASH_LENGTH)
    }

    /// `None` when bcrypt cannot take the password, or the hash demands too much.
    fn verify_bcrypt(&self, password: &Password, text: &str, form: &BcryptForm) -> Option<Verdict> {
        if !self.limits.allow_bcrypt(form) {
            tracing::warn!(
                "a stored bcrypt hash demands more work than the limits of the password hasher allow"
            );
            return None;
        }
        let password = password.expose().as_bytes();
        if password.len() > BcryptForm::LONGEST_PASSWORD {
            return None;
        }
        Some(if BcryptForm::verify(password, text) {
            Verdict::RightButOutdated
        } else {
            Verdict::Wrong
        })
    }
}

impl Default for Argon2Bcrypt {
    fn default() -> Self {
        Self::new()
    }
}

impl PasswordHasher for Argon2Bcrypt {
    fn hash(&self, password: &Password, scratch: &mut Scratch) -> Result<PasswordHash, HashError> {
        let mut salt = [0; SALT_LENGTH];
        getrandom::fill(&mut salt).map_err(HashError::Random)?;
        self.hash_with_salt(password, salt, scratch)
    }

    fn hash_with_salt(
        &self,
        password: &Password,
        salt: [u8; SALT_LENGTH],
        scratch: &mut Scratch,
    ) -> Result<PasswordHash, HashError> {
        let mut hash = [0; HASH_LENGTH];
        let blocks = scratch.blocks(self.params.block_count())?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
            .hash_password_into_with_memory(password.expose().as_bytes(), &salt, &mut hash, blocks)
            .map_err(|error| HashError::Algorithm(error.to_string().into()))?;
        let (memory_kib, passes, lanes) = (
            self.params.m_cost(),
            self.params.t_cost(),
            self.params.p_cost(),
        );
        Ok(PasswordHash::new(Argon2Form::write(
            memory_kib, passes, lanes, &salt, &hash,
        )))
    }

    fn verify(&self, password: &Password, hash: &PasswordHash, scratch: &mut Scratch) -> Verdict {
        let text = hash.expose();
        let verdict = if let Some(form) = Argon2Form::parse(text) {
            self.verify_argon2(password, &form, scratch)
        } else if let Some(form) = BcryptForm::parse(text) {
            self.verify_bcrypt(password, text, &form)
        } else {
            None
        };
        verdict.unwrap_or_else(|| {
            // The same work as for a hash that can be read: a fast answer would tell that the address is known.
            self.verify_nobody(password, scratch);
            Verdict::Wrong
        })
    }

    fn kept_kib(&self) -> u32 {
        self.params.m_cost()
    }
}
