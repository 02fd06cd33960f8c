//! Where a browser goes to sign in, and how it comes back.

use std::fmt;

use url::Url;

use crate::{
    base::query,
    config::{InstanceType, PublishableKey, account_portal},
};

/// Addresses of the sign-in and sign-up pages, with the way back in them.
///
/// [`Clerk::redirects`](crate::Clerk::redirects) makes one for a request; the rest is for those who build their own.
///
/// ```
/// use clerk_core::Redirects;
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
#[must_use = "it only builds addresses"]
pub struct Redirects {
    publishable_key: Option<PublishableKey>,
    base_url: Option<Box<str>>,
    sign_in_url: Option<Box<str>>,
    sign_up_url: Option<Box<str>>,
    dev_browser: Option<Box<str>>,
    is_satellite: bool,
    pending: bool,
}

/// No address could be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// The base, the target or the return address is no URL.
    InvalidUrl,
    /// There is neither a page's address nor a publishable key that names the account portal.
    NoTarget,
}

impl Redirects {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The instance, whose account portal has the pages unless they are set.
    pub fn publishable_key(mut self, key: PublishableKey) -> Self {
        self.publishable_key = Some(key);
        self
    }

    /// The page that asks for the redirect; paths are resolved against it.
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The sign-in page, absolute or a path.
    pub fn sign_in_url(mut self, url: &str) -> Self {
        self.sign_in_url = Some(url.into());
        self
    }

    /// The sign-up page, absolute or a path; `/create` below the sign-in page unless set.
    pub fn sign_up_url(mut self, url: &str) -> Self {
        self.sign_up_url = Some(url.into());
        self
    }

    /// What identifies the browser to a development instance; pages on another host need it.
    pub fn dev_browser(mut self, token: &str) -> Self {
        self.dev_browser = Some(token.into());
        self
    }

    /// Whether this is a satellite domain, which must ask the primary one after a sign-in there.
    pub const fn satellite(mut self, is_satellite: bool) -> Self {
        self.is_satellite = is_satellite;
        self
    }

    /// Whether somebody is signed in with a task left to do, which has a page of its own.
    pub const fn pending(mut self, pending: bool) -> Self {
        self.pending = pending;
        self
    }

    /// The sign-in page's address; from there the browser goes to `return_to`, a URL or a path.
    ///
    /// # Errors
    /// When a part is no URL, or there is no page to go to.
    pub fn to_sign_in(&self, return_to: Option<&str>) -> Result<String, RedirectError> {
        let target = match &self.sign_in_url {
            Some(url) => url.to_string(),
            None => format!("{}/sign-in", self.portal()?),
        };
        self.build(target, return_to)
    }

    /// The sign-up page's address; from there the browser goes to `return_to`, a URL or a path.
    ///
    /// # Errors
    /// When a part is no URL, or there is no page to go to.
    pub fn to_sign_up(&self, return_to: Option<&str>) -> Result<String, RedirectError> {
        // Clerk's own SDK asks for this even where the sign-in page's address would do.
        let portal = if self.sign_up_url.is_none() { Some(self.portal()?) } else { None };
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

    fn portal(&self) -> Result<String, RedirectError> {
        self.publishable_key.as_ref().map(|key| account_portal(key.frontend_api())).ok_or(RedirectError::NoTarget)
    }

    fn base(&self) -> Result<Option<Url>, RedirectError> {
        self.base_url.as_deref().map(Url::parse).transpose().map_err(|_| RedirectError::InvalidUrl)
    }

    fn resolve(&self, target: &str) -> Result<Url, RedirectError> {
        match self.base()? {
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
        let Some(base) = self.base()? else { return without_base(&target, return_to) };
        let mut back = return_to.map(|text| base.join(text)).transpose().map_err(|_| RedirectError::InvalidUrl)?;
        let mut url = base.join(&target).map_err(|_| RedirectError::InvalidUrl)?;
        let elsewhere = (base.host_str(), base.port()) != (url.host_str(), url.port());
        if let Some(back) = &mut back {
            if elsewhere && self.is_satellite {
                query::set(back, query::SYNCED, "false");
            }
            query::set(&mut url, "redirect_url", back.as_str());
        }
        let development =
            self.publishable_key.as_ref().is_some_and(|key| key.instance_type() == InstanceType::Development);
        if let Some(dev_browser) = self.dev_browser.as_deref().filter(|_| elsewhere && development) {
            query::set(&mut url, query::DEV_BROWSER, dev_browser);
        }
        Ok(url.into())
    }
}

/// Without a page to start from, one of the two addresses must be absolute.
fn without_base(target: &str, return_to: Option<&str>) -> Result<String, RedirectError> {
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

impl fmt::Display for RedirectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InvalidUrl => "the sign-in page's address or the return address is no URL",
            Self::NoTarget => "there is no sign-in page: set CLERK_PUBLISHABLE_KEY, or CLERK_SIGN_IN_URL",
        })
    }
}

impl std::error::Error for RedirectError {}
