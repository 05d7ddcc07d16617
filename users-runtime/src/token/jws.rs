//! The outer form of a token: three parts of base64 and a header (RFC 7515).

use super::{TokenError, base64url, claims::object};
use crate::wire::json::Json;

/// A token that was taken apart; nothing in it is trusted yet.
pub(super) struct Jws<'a> {
    /// What is signed: header and payload as they came.
    pub(super) signed: &'a [u8],
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
    header: Json,
}

impl<'a> Jws<'a> {
    /// Splits a token and validates its header.
    pub(super) fn parse(token: &'a str) -> Result<Self, TokenError> {
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenError::Malformed)?;
        let part = |text: &str| base64url::decode(text.as_bytes()).ok_or(TokenError::Malformed);
        let header = object(&part(header)?).ok_or(TokenError::Malformed)?;
        // A detached payload (RFC 7797) would have to be sent separately.
        if header.get("b64") == Some(&Json::Bool(false)) {
            return Err(TokenError::Header);
        }
        let jws = Self {
            signed: signed.as_bytes(),
            payload: part(payload)?,
            signature: part(signature)?,
            header,
        };
        jws.check_header()?;
        Ok(jws)
    }

    /// The algorithm that the header names, to be compared with a key's own and nothing else.
    pub(super) fn algorithm(&self) -> Option<&str> {
        match self.header.get("alg") {
            Some(Json::Text(algorithm)) => Some(algorithm),
            _ => None,
        }
    }

    fn check_header(&self) -> Result<(), TokenError> {
        let kid_is_text = matches!(self.header.get("kid"), None | Some(Json::Text(_)));
        let crit_is_known = match self.header.get("crit") {
            None => true,
            // The one extension that PyJWT knows; it changes nothing unless it is false.
            Some(Json::List(names)) => {
                let is_known = |name: &Json| *name == Json::Text("b64".to_owned());
                !names.is_empty() && names.iter().all(is_known) && self.header.get("b64").is_some()
            }
            Some(_) => false,
        };
        if kid_is_text && crit_is_known {
            Ok(())
        } else {
            Err(TokenError::Header)
        }
    }
}
