//! [`Redirects`]: URLs of the sign-in and sign-up pages, with the return URL.

use std::fmt;

use url::Url;

use crate::{
    base::query,
    config::{InstanceType, PublishableKey, account_portal},
};

/// URLs of the sign-in and sign-up pages, with the URL to return to.
///
/// [`Clerk::redirects`](crate::Clerk::redirects) makes one for a request; the methods here build one by hand.
///
/// ```
/// use clerk_core::browser::Redirects;
///
/// let redirects = Redirects::new()
///     .base_url("https://app.example.com")
///     .publishable_key("pk_live_Y2xlcmsuZXhhbXBsZS5jb20k".parse()?);
/// assert_eq!(
///     redirects.to_sign_in(Some("/dashboard"))?,
///     "https://accounts.example.com/sign-in?redirect_url=https%3A%2F%2Fapp.example.com%2Fdashboard"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "it only builds URLs"]
pub struct Redirects {
    publishable_key: Option<PublishableKey>,
    base_url: Option<Box<str>>,
    sign_in_url: Option<Box<str>>,
    sign_up_url: Option<Box<str>>,
    dev_browser: Option<Box<str>>,
    is_satellite: bool,
    pending: bool,
}

/// Error of building a redirect's URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// The base, the target or the return URL is invalid.
    InvalidUrl,
    /// Neither a page's URL nor a publishable key, which names the account portal, is set.
    NoTarget,
}

impl Redirects {
    /// Redirects without any setting.
    pub fn new() -> Self {
        Self::default()
    }

    /// The instance's publishable key; its account portal is the default for both pages.
    pub fn publishable_key(mut self, key: PublishableKey) -> Self {
        self.publishable_key = Some(key);
        self
    }

    /// The URL of the current page; paths are resolved against it.
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The sign-in page's URL or path.
    pub fn sign_in_url(mut self, url: &str) -> Self {
        self.sign_in_url = Some(url.into());
        self
    }

    /// The sign-up page's URL or path; default: `/create` below the sign-in page, if that is set.
    pub fn sign_up_url(mut self, url: &str) -> Self {
        self.sign_up_url = Some(url.into());
        self
    }

    /// The dev browser token, which pages on another host need in development.
    pub fn dev_browser(mut self, token: &str) -> Self {
        self.dev_browser = Some(token.into());
        self
    }

    /// Whether this is a satellite domain, which must sync with the primary domain after the sign-in.
    pub const fn satellite(mut self, is_satellite: bool) -> Self {
        self.is_satellite = is_satellite;
        self
    }

    /// Whether the user's session is pending: then the browser goes to the page of the session's task.
    pub const fn pending(mut self, pending: bool) -> Self {
        self.pending = pending;
        self
    }

    /// The sign-in page's URL; after the sign-in the browser goes to `return_to`, a URL or a path.
    ///
    /// # Errors
    /// When a part is not a valid URL, or the page is unknown.
    pub fn to_sign_in(&self, return_to: Option<&str>) -> Result<String, RedirectError> {
        let target = match &self.sign_in_url {
            Some(url) => url.to_string(),
            None => format!("{}/sign-in", self.account_portal()?),
        };
        self.build(target, return_to)
    }

    /// The sign-up page's URL; after the sign-up the browser goes to `return_to`, a URL or a path.
    ///
    /// # Errors
    /// When a part is not a valid URL, or the page is unknown.
    pub fn to_sign_up(&self, return_to: Option<&str>) -> Result<String, RedirectError> {
        // Clerk's own SDKs require the portal here, even if the sign-in page's URL is enough.
        let portal = if self.sign_up_url.is_none() { Some(self.account_portal()?) } else { None };
        let target = match (&self.sign_up_url, &self.sign_in_url, portal) {
            (Some(url), _, _) => url.to_string(),
            (None, Some(sign_in), _) => {
                let mut url = self.resolve(sign_in)?;
                url.set_path(&format!("{}/create", url.path()));
                url.into()
            }
            (None, None, portal) => format!("{}/sign-up", portal.ok_or(RedirectError::NoTarget)?),
        };
        self.build(target, return_to)
    }

    fn account_portal(&self) -> Result<String, RedirectError> {
        self.publishable_key.as_ref().map(|key| account_portal(key.frontend_api())).ok_or(RedirectError::NoTarget)
    }

    fn parse_base(&self) -> Result<Option<Url>, RedirectError> {
        self.base_url.as_deref().map(Url::parse).transpose().map_err(|_| RedirectError::InvalidUrl)
    }

    fn resolve(&self, target: &str) -> Result<Url, RedirectError> {
        match self.parse_base()? {
            Some(base) => base.join(target),
            None => Url::parse(target),
        }
        .map_err(|_| RedirectError::InvalidUrl)
    }

    fn build(&self, mut target: String, return_to: Option<&str>) -> Result<String, RedirectError> {
        if self.pending {
            target.push_str("/tasks");
        }
        let return_to = return_to.filter(|text| !text.is_empty());
        let Some(base) = self.parse_base()? else { return build_without_base(&target, return_to) };
        let mut back = return_to.map(|text| base.join(text)).transpose().map_err(|_| RedirectError::InvalidUrl)?;
        let mut url = base.join(&target).map_err(|_| RedirectError::InvalidUrl)?;
        let is_other_host = (base.host_str(), base.port()) != (url.host_str(), url.port());
        if let Some(back) = &mut back {
            if is_other_host && self.is_satellite {
                query::set(back, query::SYNCED, "false");
            }
            query::set(&mut url, "redirect_url", back.as_str());
        }
        let is_development =
            self.publishable_key.as_ref().is_some_and(|key| key.instance_type() == InstanceType::Development);
        if let Some(dev_browser) = self.dev_browser.as_deref().filter(|_| is_other_host && is_development) {
            query::set(&mut url, query::DEV_BROWSER, dev_browser);
        }
        Ok(url.into())
    }
}

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidUrl => "the base, the sign-in or sign-up URL or the return URL is invalid",
            Self::NoTarget => "the sign-in page is unknown: set CLERK_PUBLISHABLE_KEY or CLERK_SIGN_IN_URL",
        })
    }
}

impl std::error::Error for RedirectError {}

/// Builds the URL without a base: the target or the return URL must be absolute.
fn build_without_base(target: &str, return_to: Option<&str>) -> Result<String, RedirectError> {
    let absolute = |text: &str| Url::parse(text).map_err(|_| RedirectError::InvalidUrl);
    let mut url = if target.starts_with("http") {
        absolute(target)?
    } else {
        let back = return_to.filter(|text| text.starts_with("http")).ok_or(RedirectError::InvalidUrl)?;
        absolute(&absolute(back)?.origin().ascii_serialization())?
            .join(target)
            .map_err(|_| RedirectError::InvalidUrl)?
    };
    if let Some(return_to) = return_to {
        query::set(&mut url, "redirect_url", return_to);
    }
    Ok(url.into())
}
