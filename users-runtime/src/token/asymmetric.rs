//! RS256, ES256 and `EdDSA` on ring. Keys are parsed by `jsonwebtoken`, but its signatures are not used: their backend is chosen
//! once per process, and that choice is the application's.

use jsonwebtoken::{DecodingKey, EncodingKey, errors::Error as PemError};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
        Ed25519KeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
        UnparsedPublicKey,
    },
};
use sha2::{Digest as _, Sha256};

use super::{InvalidKey, SigningError};

/// An algorithm with a private and a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Rs256,
    Es256,
    EdDsa,
}

impl Algorithm {
    const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    const fn invalid(self) -> InvalidKey {
        let expected = match self {
            Self::Rs256 => "an RSA key of at least 2048 bits in PEM form is needed",
            Self::Es256 => "a P-256 key in PEM form (PKCS #8 or SubjectPublicKeyInfo) is needed",
            Self::EdDsa => "an Ed25519 key in PEM form (PKCS #8 or SubjectPublicKeyInfo) is needed",
        };
        InvalidKey {
            algorithm: self.name(),
            expected,
        }
    }
}

/// A private key with its public one.
pub(super) struct KeyPair {
    pair: Pair,
    seed: [u8; 32],
}

enum Pair {
    Rs256(RsaKeyPair),
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
}

impl KeyPair {
    pub(super) fn rs256(pem: &[u8]) -> Result<Self, InvalidKey> {
        let read = |der: &[u8]| RsaKeyPair::from_der(der).ok().map(Pair::Rs256);
        Self::read(Algorithm::Rs256, EncodingKey::from_rsa_pem(pem), read)
    }

    pub(super) fn es256(pem: &[u8]) -> Result<Self, InvalidKey> {
        let read = |der: &[u8]| {
            let pair = EcdsaKeyPair::from_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                der,
                &SystemRandom::new(),
            );
            pair.ok().map(Pair::Es256)
        };
        Self::read(Algorithm::Es256, EncodingKey::from_ec_pem(pem), read)
    }

    pub(super) fn eddsa(pem: &[u8]) -> Result<Self, InvalidKey> {
        // OpenSSL leaves the public key out.
        let read = |der: &[u8]| {
            Ed25519KeyPair::from_pkcs8_maybe_unchecked(der)
                .ok()
                .map(Pair::EdDsa)
        };
        Self::read(Algorithm::EdDsa, EncodingKey::from_ed_pem(pem), read)
    }

    fn read(
        algorithm: Algorithm,
        key: Result<EncodingKey, PemError>,
        read: impl FnOnce(&[u8]) -> Option<Pair>,
    ) -> Result<Self, InvalidKey> {
        let key = key.map_err(|_| algorithm.invalid())?;
        let pair = read(key.as_bytes()).ok_or_else(|| algorithm.invalid())?;
        let seed = Sha256::new()
            .chain_update(b"seed of a key pair\0")
            .chain_update(key.as_bytes())
            .finalize()
            .into();
        Ok(Self { pair, seed })
    }

    fn kind(&self) -> Algorithm {
        match self.pair {
            Pair::Rs256(_) => Algorithm::Rs256,
            Pair::Es256(_) => Algorithm::Es256,
            Pair::EdDsa(_) => Algorithm::EdDsa,
        }
    }

    pub(super) fn algorithm(&self) -> &'static str {
        self.kind().name()
    }

    /// A secret that only who has the private key has.
    pub(super) const fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    pub(super) fn public_key(&self) -> PublicKey {
        let bytes = match &self.pair {
            Pair::Rs256(pair) => pair.public_key().as_ref(),
            Pair::Es256(pair) => pair.public_key().as_ref(),
            Pair::EdDsa(pair) => pair.public_key().as_ref(),
        };
        PublicKey {
            algorithm: self.kind(),
            bytes: bytes.to_vec(),
        }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Rs256(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
                    .map_err(|_| SigningError)?;
                Ok(signature)
            }
            Pair::Es256(pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| SigningError),
            Pair::EdDsa(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        }
    }
}

/// A public key.
pub(super) struct PublicKey {
    algorithm: Algorithm,
    bytes: Vec<u8>,
}

impl PublicKey {
    pub(super) fn rs256(pem: &[u8]) -> Result<Self, InvalidKey> {
        Self::read(Algorithm::Rs256, DecodingKey::from_rsa_pem(pem))
    }

    pub(super) fn es256(pem: &[u8]) -> Result<Self, InvalidKey> {
        let key = Self::read(Algorithm::Es256, DecodingKey::from_ec_pem(pem))?;
        // An uncompressed point: other curves have other lengths.
        if key.bytes.len() == 65 {
            Ok(key)
        } else {
            Err(Algorithm::Es256.invalid())
        }
    }

    pub(super) fn eddsa(pem: &[u8]) -> Result<Self, InvalidKey> {
        Self::read(Algorithm::EdDsa, DecodingKey::from_ed_pem(pem))
    }

    fn read(algorithm: Algorithm, key: Result<DecodingKey, PemError>) -> Result<Self, InvalidKey> {
        let key = key.map_err(|_| algorithm.invalid())?;
        let bytes = key
            .try_get_as_bytes()
            .map_err(|_| algorithm.invalid())?
            .to_vec();
        Ok(Self { algorithm, bytes })
    }

    pub(super) fn algorithm(&self) -> &'static str {
        self.algorithm.name()
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let bytes = self.bytes.as_slice();
        let result = match self.algorithm {
            Algorithm::Rs256 => UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, bytes)
                .verify(message, signature),
            Algorithm::Es256 => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes).verify(message, signature)
            }
            Algorithm::EdDsa => UnparsedPublicKey::new(&ED25519, bytes).verify(message, signature),
        };
        result.is_ok()
    }
}
