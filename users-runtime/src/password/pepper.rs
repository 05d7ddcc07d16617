//! Peppers: secrets outside of the database, without which its password hashes cannot be guessed.

use std::{fmt, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _, digest};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{HashError, Password, PasswordHash, PasswordHasher, SALT_LENGTH, Scratch, Verdict};
use crate::token::{JwtKeys, WeakSecret};

/// How the stored text of a peppered hash begins: `$pepper$ID:` and then the text of the hasher.
const MARK: &str = "$pepper$";

/// Keeps these MACs apart from every other use of the same secret.
const CONTEXT: &[u8] = b"fastapi-users:pepper\0";

/// The longest id.
const LONGEST_ID: usize = 32;

/// Why a pepper cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidPepper {
    /// The id is not one to 32 ASCII letters, digits, `-` and `_`.
    #[error("the id must be 1 to 32 ASCII letters, digits, `-` or `_`")]
    Id,
    /// Another pepper has the id.
    #[error("another pepper has this id: hashes could not say which one they need")]
    Repeated,
    /// The secret is short or easy to guess.
    #[error("{0}; generate one, for example with `openssl rand -hex 32`")]
    Weak(#[from] WeakSecret),
    /// The secret also signs tokens, or signed them formerly.
    #[error("it is a secret of the user system: use a secret of its own")]
    Shared,
}

/// The peppers that the builder was given. The first that is not for the future alone is used for new hashes.
#[derive(Default)]
pub(crate) struct Peppers(Vec<Pepper>);

struct Pepper {
    id: String,
    secret: Zeroizing<Vec<u8>>,
    /// Whether other processes use it already and this one does not yet.
    is_accepted_only: bool,
}

/// A hasher whose passwords are keyed before they are hashed.
pub(crate) struct PepperedHasher {
    hasher: Arc<dyn PasswordHasher>,
    /// What new hashes are keyed with; `None` where they are not keyed.
    current: Option<(String, Hmac<Sha256>)>,
    /// Those whose hashes a login replaces.
    former: Vec<(String, Hmac<Sha256>)>,
    /// Those whose hashes stay as they are.
    accepted: Vec<(String, Hmac<Sha256>)>,
}

impl Peppers {
    pub(crate) fn add(&mut self, id: String, secret: &[u8]) {
        self.push(id, secret, false);
    }

    /// Adds one that other processes use for new hashes, and this one does not yet.
    pub(crate) fn accept(&mut self, id: String, secret: &[u8]) {
        self.push(id, secret, true);
    }

    fn push(&mut self, id: String, secret: &[u8], is_accepted_only: bool) {
        self.0.push(Pepper {
            id,
            secret: Zeroizing::new(secret.to_vec()),
            is_accepted_only,
        });
    }

    /// The hasher with these peppers; itself where there are none. `keys` are all that the system signs with or accepts.
    ///
    /// # Errors
    ///
    /// The id of a pepper that cannot be used, and why.
    pub(crate) fn season(
        self,
        hasher: Arc<dyn PasswordHasher>,
        keys: &[JwtKeys],
    ) -> Result<Arc<dyn PasswordHasher>, (String, InvalidPepper)> {
        let (mut used, mut accepted) = (Vec::new(), Vec::new());
        for pepper in self.0 {
            let id = pepper.id;
            let mut known = used.iter().chain(&accepted);
            let is_known = known.any(|(known, _)| *known == id);
            let seasoned = if pepper.is_accepted_only {
                &mut accepted
            } else {
                &mut used
            };
            match key(&id, &pepper.secret, keys) {
                Ok(_) if is_known => return Err((id, InvalidPepper::Repeated)),
                Ok(key) => seasoned.push((id, key)),
                Err(reason) => return Err((id, reason)),
            }
        }
        if used.is_empty() && accepted.is_empty() {
            return Ok(hasher);
        }
        let mut used = used.into_iter();
        Ok(Arc::new(PepperedHasher {
            hasher,
            current: used.next(),
            former: used.collect(),
            accepted,
        }))
    }
}

fn key(id: &str, pepper: &[u8], keys: &[JwtKeys]) -> Result<Hmac<Sha256>, InvalidPepper> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if id.is_empty() || id.len() > LONGEST_ID || !id.bytes().all(is_plain) {
        return Err(InvalidPepper::Id);
    }
    // The same demands as on the secret that signs.
    let as_secret = JwtKeys::hs256(pepper)?;
    if let Some(weakness) = as_secret.weakness() {
        return Err(weakness.into());
    }
    // The secrets themselves are not kept: who computes the same MAC has the same one.
    let mac = as_secret.mac(CONTEXT);
    if keys.iter().any(|keys| keys.is_mac(CONTEXT, &mac)) {
        return Err(InvalidPepper::Shared);
    }
    Ok(Hmac::new_from_slice(pepper)
        .unwrap_or_else(|digest::InvalidLength| unreachable!("HMAC takes keys of every length")))
}

/// The id of the pepper that a stored hash needs, and the hash without the mark.
fn marked(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix(MARK)?.split_once(':')
}

/// The text of a stored hash without the mark of its pepper.
pub(super) fn without_mark(text: &str) -> &str {
    marked(text).map_or(text, |(_, hash)| hash)
}

impl PepperedHasher {
    /// The key of this id, and what its hashes are: as new ones, older, or as those that other processes make.
    fn key(&self, id: &str) -> Option<(&Hmac<Sha256>, Standing)> {
        let current = self.current.iter().map(|known| (known, Standing::Current));
        let former = self.former.iter().map(|known| (known, Standing::Former));
        let accepted = self
            .accepted
            .iter()
            .map(|known| (known, Standing::Accepted));
        let mut known = current.chain(former).chain(accepted);
        let ((_, key), standing) = known.find(|((known, _), _)| known == id)?;
        Some((key, standing))
    }

    /// The password as the hasher gets it for a new hash.
    fn current(&self, password: &Password) -> Password {
        match &self.current {
            Some((_, key)) => keyed(key, password),
            None => password.clone(),
        }
    }

    fn mark(&self, hash: PasswordHash) -> PasswordHash {
        match &self.current {
            Some((id, _)) => PasswordHash::new(format!("{MARK}{id}:{}", hash.expose())),
            None => hash,
        }
    }
}

/// What the hashes of a pepper are beside new ones.
#[derive(Clone, Copy)]
enum Standing {
    Current,
    Former,
    Accepted,
}

/// What the hasher is given instead of the password: 43 characters, so that a hasher with a limit such as bcrypt's takes them whole.
fn keyed(key: &Hmac<Sha256>, password: &Password) -> Password {
    let mac = key.clone().chain_update(CONTEXT);
    let mac = mac.chain_update(password.expose().as_bytes());
    let mac: Zeroizing<[u8; 32]> = Zeroizing::new(mac.finalize().into_bytes().into());
    Password::from(BASE64_STANDARD_NO_PAD.encode(*mac))
}

impl PasswordHasher for PepperedHasher {
    fn hash(&self, password: &Password, scratch: &mut Scratch) -> Result<PasswordHash, HashError> {
        let hash = self.hasher.hash(&self.current(password), scratch)?;
        Ok(self.mark(hash))
    }

    fn hash_with_salt(
        &self,
        password: &Password,
        salt: [u8; SALT_LENGTH],
        scratch: &mut Scratch,
    ) -> Result<PasswordHash, HashError> {
        let password = self.current(password);
        let hash = self.hasher.hash_with_salt(&password, salt, scratch)?;
        Ok(self.mark(hash))
    }

    fn verify(&self, password: &Password, hash: &PasswordHash, scratch: &mut Scratch) -> Verdict {
        let outdated = |verdict| match verdict {
            Verdict::Right => Verdict::RightButOutdated,
            verdict => verdict,
        };
        let Some((id, inner)) = marked(hash.expose()) else {
            let verdict = self.hasher.verify(password, hash, scratch);
            return match self.current {
                Some(_) => outdated(verdict),
                None => verdict,
            };
        };
        let Some((key, standing)) = self.key(id) else {
            tracing::error!(
                pepper = id,
                "a stored password hash needs a pepper that is not configured"
            );
            self.verify_nobody(password, scratch);
            return Verdict::Wrong;
        };
        let inner = PasswordHash::new(inner);
        let verdict = self.hasher.verify(&keyed(key, password), &inner, scratch);
        match (standing, verdict) {
            (Standing::Former, verdict) => outdated(verdict),
            // A new hash of this process would lack the pepper that others have given it.
            (Standing::Accepted, Verdict::RightButOutdated) => Verdict::Right,
            (Standing::Current | Standing::Accepted, verdict) => verdict,
        }
    }

    fn verify_nobody(&self, password: &Password, scratch: &mut Scratch) {
        self.hasher.verify_nobody(&self.current(password), scratch);
    }

    fn kept_kib(&self) -> u32 {
        self.hasher.kept_kib()
    }
}

/// The ids, and no secret.
impl fmt::Debug for Peppers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.0.iter().map(|pepper| &pepper.id);
        f.debug_list().entries(ids).finish()
    }
}
