//! Password hashes and JSON web tokens of the server by hand.

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha256;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{by_hand::LIFETIME, by_hand_database::now};

/// FastAPI Users' parameters of argon2id.
const KIBIBYTES: u32 = 65536;

/// Hashes on threads of their own, as many at once as there are cores, in memory that is kept.
#[derive(Clone)]
pub(crate) struct Hasher(Arc<Inner>);

struct Inner {
    argon2: Argon2<'static>,
    permits: Semaphore,
    memory: Mutex<Vec<Vec<Block>>>,
}

type Failure = Box<dyn Error + Send + Sync>;

impl Hasher {
    pub(crate) fn new() -> Result<Self, Failure> {
        let params = Params::new(KIBIBYTES, 3, 4, Some(32))?;
        Ok(Self(Arc::new(Inner {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            permits: Semaphore::new(std::thread::available_parallelism()?.get()),
            memory: Mutex::default(),
        })))
    }

    pub(crate) async fn hash(&self, password: String) -> std::io::Result<String> {
        let salt = Uuid::new_v4();
        let hash = self.run(password, salt.into_bytes().to_vec()).await?;
        let [salt, hash] =
            [&salt.into_bytes()[..], &hash].map(|part| BASE64_STANDARD_NO_PAD.encode(part));
        Ok(format!(
            "$argon2id$v=19$m={KIBIBYTES},t=3,p=4${salt}${hash}"
        ))
    }

    pub(crate) async fn verify(&self, password: String, hash: String) -> std::io::Result<bool> {
        let mut parts = hash
            .rsplit('$')
            .map(|part| BASE64_STANDARD_NO_PAD.decode(part));
        let (Some(Ok(hash)), Some(Ok(salt))) = (parts.next(), parts.next()) else {
            return Ok(false);
        };
        Ok(self.run(password, salt).await?[..] == hash[..])
    }

    async fn run(&self, password: String, salt: Vec<u8>) -> std::io::Result<[u8; 32]> {
        let failed = |error: &dyn Error| std::io::Error::other(error.to_string());
        let permit = self
            .0
            .permits
            .acquire()
            .await
            .map_err(|error| failed(&error))?;
        let inner = Arc::clone(&self.0);
        let hash =
            tokio::task::spawn_blocking(move || inner.hash(password.as_bytes(), &salt)).await?;
        drop(permit);
        hash.map_err(|error| failed(&error))
    }
}

impl Inner {
    fn hash(&self, password: &[u8], salt: &[u8]) -> argon2::Result<[u8; 32]> {
        let memory = || self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = memory().pop();
        let mut blocks = kept.unwrap_or_else(|| vec![Block::default(); KIBIBYTES as usize]);
        let mut hash = [0; 32];
        self.argon2
            .hash_password_into_with_memory(password, salt, &mut hash, &mut blocks)?;
        memory().push(blocks);
        Ok(hash)
    }
}

/// HS256 with one header.
pub(crate) struct Jwt {
    header: String,
    mac: Hmac<Sha256>,
}

#[derive(Deserialize)]
struct Claims<'a> {
    sub: &'a str,
    aud: [&'a str; 1],
    exp: i64,
}

const AUDIENCE: &str = "fastapi-users:auth";

impl Jwt {
    pub(crate) fn new(secret: &str) -> Self {
        Self {
            header: BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#),
            mac: Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of every length"),
        }
    }

    fn signature(&self, signed: &str) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(signed.as_bytes());
        mac
    }

    pub(crate) fn sign(&self, user: Uuid) -> String {
        let expires = now() + LIFETIME.cast_signed();
        let claims = format!(r#"{{"sub":"{user}","aud":["{AUDIENCE}"],"exp":{expires}}}"#);
        let signed = format!("{}.{}", self.header, BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = self.signature(&signed).finalize().into_bytes();
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whose token this is.
    pub(crate) fn subject(&self, token: &str) -> Option<Uuid> {
        let (signed, signature) = token.rsplit_once('.')?;
        let claims = signed.strip_prefix(&self.header)?.strip_prefix('.')?;
        let mut bytes = [0; 32];
        let length = BASE64_URL_SAFE_NO_PAD
            .decode_slice(signature, &mut bytes)
            .ok()?;
        self.signature(signed).verify_slice(&bytes[..length]).ok()?;
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
        let claims: Claims<'_> = serde_json::from_slice(&claims).ok()?;
        let is_valid = claims.aud == [AUDIENCE] && now() < claims.exp;
        is_valid.then(|| claims.sub.parse().ok())?
    }
}

/// A new token that begins with the mark of its kind.
pub(crate) fn random_token(mark: &str) -> String {
    let bytes = [Uuid::new_v4(), Uuid::new_v4()]
        .map(Uuid::into_bytes)
        .concat();
    format!("{mark}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
