//! Which requests another site may have caused.

use http::{HeaderMap, HeaderValue, Method, header, request::Parts};

use super::{Origin, origin::requested_host};
use crate::{model::UserModel, session::transport::Transport, users::Users};

/// The check of requests that carry a credential by the browser's own doing.
#[derive(Clone, Debug, Default)]
pub(crate) struct CrossSite {
    pub(crate) is_on: bool,
    /// Whether other hosts of the same site are refused for every cookie, not only for `__Host-` ones.
    pub(crate) refuses_same_site: bool,
    pub(crate) trusted: Vec<Origin>,
    /// Where users reach the application, if that is not the host that requests name.
    pub(crate) base: Option<Origin>,
}

impl CrossSite {
    /// Whether a request must not use what this transport reads from it.
    pub(crate) fn refuses(&self, parts: &Parts, transport: &dyn Transport) -> bool {
        if !self.judges(transport) || !is_judged(parts) {
            return false;
        }
        let is_strict = self.refuses_same_site || transport.is_bound_to_host();
        let is_refused = !self.is_own(parts, is_strict);
        if is_refused {
            let (site, origin) = (site(&parts.headers), parts.headers.get(header::ORIGIN));
            tracing::info!(?site, ?origin, "cross-site request refused");
        }
        is_refused
    }

    /// Whether requests are checked where this transport is used.
    pub(crate) fn judges(&self, transport: &dyn Transport) -> bool {
        self.is_on && transport.is_ambient()
    }

    /// Whether a page of this application caused a request, or no page at all. The order of the questions is part of the contract:
    /// a trusted origin counts whatever the browser says of the site.
    fn is_own(&self, parts: &Parts, is_strict: bool) -> bool {
        let mut origins = parts.headers.get_all(header::ORIGIN).iter();
        let named = (origins.next(), origins.next());
        let origin = match named {
            (Some(value), None) => value
                .to_str()
                .ok()
                .and_then(|text| Origin::parse(text).ok()),
            _ => None,
        };
        if let Some(origin) = &origin
            && self.trusted.contains(origin)
        {
            return true;
        }
        if let Some(site) = site(&parts.headers) {
            return match site.as_bytes() {
                b"same-origin" | b"none" => true,
                b"same-site" => !is_strict,
                _ => false,
            };
        }
        match (named.0, origin) {
            // Not a browser: browsers send at least one of the headers with the requests that are checked.
            (None, _) => true,
            // `null`, several origins, or text that is no origin.
            (Some(_), None) => false,
            (Some(_), Some(origin)) => {
                self.base.as_ref() == Some(&origin)
                    || requested_host(&parts.headers, &parts.uri)
                        .is_some_and(|host| origin.is_at(host))
            }
        }
    }
}

impl<U: UserModel> Users<U> {
    /// Whether every credential that a request presents must be ignored, so that its body need not be read.
    pub(crate) fn refuses_all_credentials(&self, parts: &Parts) -> bool {
        let mut presented = self
            .backends()
            .iter()
            .map(crate::session::Backend::transport)
            .filter(|transport| transport.read_request(parts).is_some())
            .peekable();
        presented.peek().is_some()
            && presented.all(|transport| self.cross_site().refuses(parts, transport))
    }
}

/// Whether a request may change something, or opens a WebSocket, which any page may do with any host.
fn is_judged(parts: &Parts) -> bool {
    !parts.method.is_safe() || (parts.method == Method::GET && upgrades_to_websocket(parts))
}

fn upgrades_to_websocket(parts: &Parts) -> bool {
    parts
        .headers
        .get_all(header::UPGRADE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket"))
}

fn site(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get("sec-fetch-site")
}
