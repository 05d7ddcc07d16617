//! What can be wrong with a token or a key.

/// Why a token is refused. None of these says anything about its contents, so each may be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It is not three parts of base64 with JSON inside, or a time in it is no number.
    #[error("the token cannot be decoded")]
    Malformed,
    /// Its header asks for something that is not supported: a critical extension, a detached payload, a key id that is no
    /// text.
    #[error("the token's header is not supported")]
    Header,
    /// It is signed with another algorithm, or not at all.
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// No key of ours has signed it.
    #[error("the token's signature is wrong")]
    Signature,
    /// `exp` is over.
    #[error("the token has expired")]
    Expired,
    /// `nbf` or `iat` is in the future.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// It is meant for another audience: `aud` is missing or another.
    #[error("the token is for another audience")]
    Audience,
    /// A registered claim has the wrong type.
    #[error("the token's claim `{0}` has the wrong type")]
    Claim(&'static str),
}

/// Why a secret is not fit for HS256.
#[derive(Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WeakSecret {
    /// It is empty.
    #[error("the secret for HS256 is empty")]
    Empty,
    /// It is shorter than the 32 bytes that RFC 7518, section 3.2, asks for.
    #[error("the secret for HS256 has {bytes} bytes and needs at least 32 (RFC 7518, section 3.2)")]
    Short {
        /// How many bytes it has.
        bytes: usize,
    },
    /// It is long enough, but made of few different bytes, of a sequence such as `abc…`, or of a repeated text; or it is the
    /// example of a documentation.
    #[error(
        "the secret for HS256 is easy to guess: it is a sequence, a repeated text, or a published example"
    )]
    Guessable,
    /// It is a key in PEM, SSH or JWK form. Such a key may be public, and then anybody could sign.
    #[error("the secret for HS256 is a key or a certificate, not a secret")]
    Key,
}

/// A key that cannot be read, or is not of the kind that the algorithm needs. It says nothing of the key.
#[derive(Debug, thiserror::Error)]
#[error("this is not a key for {algorithm}: {expected}")]
pub struct InvalidKey {
    pub(super) algorithm: &'static str,
    pub(super) expected: &'static str,
}

/// A token could not be signed. HS256 never fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token could not be signed")]
#[non_exhaustive]
pub struct SigningError;

crate::error_debug::debug_as_sentence!(WeakSecret);
