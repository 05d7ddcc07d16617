//! The builder's options about other sites.

use super::{CrossSite, Origin};
use crate::{
    model::UserModel,
    users::{BuildError, UsersBuilder},
};

impl<U: UserModel> UsersBuilder<U> {
    /// Whether requests that another site caused are refused where a cookie authenticates them, and at the login and the logout of
    /// cookie backends: 403 `CROSS_SITE_REQUEST`. Default: yes; no with `Compat::FastApiUsers15`.
    ///
    /// It is decided by the headers `Sec-Fetch-Site` and `Origin`, which no page can forge, for methods that may change something
    /// and for WebSocket upgrades. [The guide](crate::docs::cross_site) says in which order.
    #[must_use]
    pub fn cross_site_protection(mut self, protect: bool) -> Self {
        self.options.cross_site_protection = protect;
        self
    }

    /// Whether pages of other hosts of the same site (`Sec-Fetch-Site: same-site`) may use the cookies of this application. Default: yes,
    /// except for `__Host-` cookies and with `secure` on the struct. Set it to `false` if others have a subdomain, or another
    /// port of the host.
    #[must_use]
    pub fn same_site_requests(mut self, accept: bool) -> Self {
        self.options.refuse_same_site = !accept;
        self
    }

    /// Origins, such as `https://app.example.com`, whose pages may use the cookies of this application although they are another
    /// site. Default: none. CORS has to allow them as well.
    #[must_use]
    pub fn trusted_origins<O: Into<String>>(
        mut self,
        origins: impl IntoIterator<Item = O>,
    ) -> Self {
        self.trusted_origins = origins.into_iter().map(Into::into).collect();
        self
    }

    /// Where users reach the application, such as `https://app.example.com`. Default: the host that requests name.
    ///
    /// Give it where a proxy passes another `Host` than the browser's: browsers that send no `Sec-Fetch-Site` are refused
    /// otherwise.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    pub(crate) fn cross_site(&self) -> Result<CrossSite, BuildError> {
        let trusted = self.trusted_origins.iter().map(|origin| {
            Origin::parse(origin).map_err(|reason| BuildError::InvalidOrigin {
                origin: origin.clone(),
                reason,
            })
        });
        let base = self.base_url.as_ref().map(|url| {
            let refused = |reason| BuildError::InvalidBaseUrl {
                url: url.clone(),
                reason,
            };
            Origin::of_url(url)
                .map(|(origin, _)| origin)
                .map_err(refused)
        });
        Ok(CrossSite {
            is_on: self.options.cross_site_protection,
            refuses_same_site: self.options.refuse_same_site,
            trusted: trusted.collect::<Result<_, _>>()?,
            base: base.transpose()?,
        })
    }
}
