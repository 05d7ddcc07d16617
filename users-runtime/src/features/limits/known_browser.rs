//! Browsers that have logged a user in before: they have a bucket of their own, so that a stranger who guesses cannot lock the user
//! out.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderValue, header};

use super::limiter::Limiter;
use crate::{
    model::UserModel,
    password::CredentialsStamp,
    wire::cookie_header::{CookieAttributes, SameSite, read_cookie},
};

/// The name of the cookie.
const NAME: &str = "fastapiusers_browser";
/// How long a browser stays known, in seconds: one year.
const LIFETIME: u64 = 365 * 24 * 60 * 60;
/// How many users one browser is known for; the users of a shared browser do not forget each other.
const USERS: usize = 4;
/// Keeps these MACs apart from every other use of the system's secret.
const CONTEXT: &[u8] = b"fastapi-users:known-browser\0";

const ID: usize = 16;
const TIME: usize = 8;
const MAC: usize = 32;

/// The random id of a browser for one user.
type BrowserId = [u8; ID];

impl Limiter {
    /// The id of the browser, where it has logged this user in with the present credentials.
    pub(super) fn known_browser<U: UserModel>(
        &self,
        headers: &HeaderMap,
        user: &U,
    ) -> Option<String> {
        let cookie = read_cookie(headers, NAME)?;
        let mut known = entries(&cookie).filter_map(|entry| self.opened(entry, user));
        known.next().map(|id| BASE64_URL_SAFE_NO_PAD.encode(id))
    }

    /// The cookie that makes a browser known for a user. What it knows of other users stays.
    pub(super) fn remembering<U: UserModel>(
        &self,
        headers: &HeaderMap,
        user: &U,
        secure: bool,
    ) -> Option<HeaderValue> {
        let former = read_cookie(headers, NAME).unwrap_or_default();
        let mut id = None;
        let mut kept = vec![String::new()];
        for entry in entries(&former) {
            match self.opened(entry, user) {
                Some(known) => id = id.or(Some(known)),
                None => kept.push(entry.to_owned()),
            }
        }
        let id = id.unwrap_or_else(|| self.sources.randomness.bytes::<ID>());
        kept[0] = self.sealed(&id, user);
        kept.truncate(USERS);
        let attributes = CookieAttributes {
            name: NAME.to_owned(),
            max_age: Some(LIFETIME),
            secure,
            same_site: SameSite::Lax,
            ..CookieAttributes::default()
        };
        attributes.set(&kept.join(".")).ok()
    }

    fn sealed<U: UserModel>(&self, id: &BrowserId, user: &U) -> String {
        let mut bytes = id.to_vec();
        bytes.extend_from_slice(&self.now().timestamp().to_be_bytes());
        let mac = self.secret().mac(&message(&bytes, user));
        bytes.extend_from_slice(&mac);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn opened<U: UserModel>(&self, entry: &str, user: &U) -> Option<BrowserId> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(entry).ok()?;
        if bytes.len() != ID + TIME + MAC {
            return None;
        }
        let (signed, mac) = bytes.split_at(ID + TIME);
        if !self.secret().is_mac(&message(signed, user), mac) {
            return None;
        }
        let (id, time) = signed.split_at(ID);
        let issued = i64::from_be_bytes(time.try_into().ok()?);
        let age = self.now() - DateTime::<Utc>::from_timestamp(issued, 0)?;
        let is_fresh = age.num_seconds() <= i64::try_from(LIFETIME).ok()?;
        is_fresh.then(|| id.try_into().ok()).flatten()
    }
}

/// What the MAC of an entry covers: whom the browser has logged in, and with which credentials.
fn message<U: UserModel>(signed: &[u8], user: &U) -> Vec<u8> {
    let account = user.account();
    let stamp = CredentialsStamp::of(account.hashed_password).to_bytes();
    let mut message = CONTEXT.to_vec();
    message.extend_from_slice(U::TABLE.as_bytes());
    message.push(0);
    message.extend_from_slice(account.id.to_string().as_bytes());
    message.push(0);
    message.extend_from_slice(&stamp);
    message.extend_from_slice(signed);
    message
}

/// The entries of a cookie, one for each user.
fn entries(cookie: &str) -> impl Iterator<Item = &str> {
    let length = base64url_length(ID + TIME + MAC);
    cookie
        .split('.')
        .filter(move |entry| entry.len() == length)
        .take(USERS)
}

/// The number of characters in which this number of bytes is encoded.
const fn base64url_length(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

/// Whether a browser is to send the cookie over HTTPS only: as the cookies that an answer sets beside it.
pub(super) fn is_secure(headers: &HeaderMap) -> bool {
    let mut cookies = headers.get_all(header::SET_COOKIE).iter();
    cookies.all(|cookie| {
        let text = cookie.to_str().unwrap_or_default();
        let mut attributes = text.split(';').skip(1).map(str::trim);
        attributes.any(|attribute| attribute.eq_ignore_ascii_case("secure"))
    })
}
