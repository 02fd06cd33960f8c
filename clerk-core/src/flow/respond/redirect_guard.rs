//! Decides whether a browser may be redirected once more: one guard for handshakes and for the sign-in page.
//!
//! A redirect that has not helped is repeated, twice at most, then the browser gets a page that explains. What counts is the
//! navigation and not the browser: six tabs that are restored at once are six navigations. A navigation's own returns
//! are recognised in this way:
//!
//! - The first redirects leave the page's address as it is. They set a cookie for a few seconds, a count in the form of
//!   Clerk's own SDKs.
//! - A request with a count of two is a return, or another tab. Its redirect puts a marker into the address to return to,
//!   [`REDIRECTED`](crate::names::query::REDIRECTED). So does a redirect after a handshake that failed and was not counted.
//! - A request with a marker is a return, even from a client that keeps no cookies. It is not redirected again.
//! - The address that the sign-in page returns to has a marker if something is odd: the browser was sent there within
//!   the last minute, sent no cookies, came from a handshake, or has a token that is refused. When the user has signed in,
//!   the browser is redirected to the page without it.
//! - When a handshake has ended, the browser is redirected to the page without its parameters. The marker then moves into
//!   a cookie of the page, for five seconds.
//!
//! A stranger cannot make a marker: it is signed for one page and a short time. The count alone stops no redirect.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use url::Url;

use crate::{
    base::{
        crypto::{HmacKey, constant_time_eq},
        names::cookie,
        query,
        time::Timestamp,
    },
    config::{InstanceType, SecretKey},
    flow::{context::Context, request::facts::Facts},
    token::encoding,
};

/// How long a marker in an address counts. A browser returns from Clerk within seconds.
const LIFETIME: Duration = Duration::from_secs(60);

/// How long a marker in a cookie counts: until the redirect that sets it has been followed.
const COOKIE_LIFETIME: Duration = Duration::from_secs(5);

/// The count from which on a redirect may be a navigation's last one.
const REPEATED: f64 = 2.0;

/// The first letter of a marker in a cookie.
const IN_COOKIE: char = 'c';

/// Length of a marker's signature, in bytes.
const SIGNATURE: usize = 16;

/// Where a browser is redirected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Destination {
    Handshake,
    SignIn {
        /// Whether the browser has a session token that this service refuses.
        token_refused: bool,
    },
}

/// The redirects that led to a request's address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    pub(crate) handshake: bool,
    pub(crate) sign_in: bool,
}

/// What a request says about redirects before it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Trail {
    pub(crate) marks: Marks,
    /// Handshakes of the browser within the last seconds, of all its tabs.
    pub(crate) handshakes: f64,
    /// Whether the request has the result of a handshake, valid or not.
    pub(crate) has_handshake: bool,
    /// Whether the browser was sent to the sign-in page within the last minute, from any of its tabs.
    pub(crate) was_sent_to_sign_in: bool,
    /// Whether the client sent any cookie, also one of the application's own.
    pub(crate) has_cookies: bool,
}

/// Where a marker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkerPlace {
    Address,
    Cookie,
}

/// A redirect that is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// The marks of the address to return to.
    pub(crate) marks: Marks,
}

/// The key that signs markers.
pub(crate) struct MarkerKey(HmacKey);

impl Trail {
    /// Whether one more redirect may help; `None` stops it.
    pub(crate) const fn allow(&self, destination: Destination) -> Option<Allowed> {
        let Marks { handshake, sign_in } = self.marks;
        match destination {
            Destination::Handshake if handshake => None,
            Destination::SignIn { .. } if sign_in => None,
            Destination::Handshake => {
                let has_failed = self.has_handshake && self.handshakes <= 0.0;
                let is_repeated = self.handshakes >= REPEATED || has_failed || sign_in;
                Some(Allowed { marks: Marks { handshake: is_repeated, sign_in } })
            }
            Destination::SignIn { token_refused } => {
                // A client without cookies may be one that keeps none.
                let is_repeated =
                    self.was_sent_to_sign_in || !self.has_cookies || self.has_handshake || handshake || token_refused;
                Some(Allowed { marks: Marks { handshake: false, sign_in: is_repeated } })
            }
        }
    }

    /// Where to put the marker when a handshake has ended, and which marks it has.
    pub(crate) fn mark_clean_page(&self) -> (MarkerPlace, Marks) {
        let Marks { handshake, sign_in } = self.marks;
        if self.handshakes <= 0.0 {
            // A client that does not keep the count may not keep another cookie, either.
            return (MarkerPlace::Address, Marks { handshake: true, sign_in });
        }
        let is_repeated = self.handshakes > REPEATED || self.was_sent_to_sign_in;
        (MarkerPlace::Cookie, Marks { handshake: handshake || is_repeated, sign_in })
    }

    /// Whether the result of a handshake counts that is in the query. In production Clerk puts it into a cookie, so only
    /// a browser that was sent off may bring one: a link on another site must not sign a user in or out.
    pub(crate) fn trusts_query(&self, context: &Context<'_>) -> bool {
        context.settings.instance_type() == InstanceType::Development || self.follows_handshake()
    }

    /// Whether the browser may have been sent to a handshake for this page, as far as a request can say.
    pub(crate) fn has_been_off(&self) -> bool {
        self.has_handshake || self.follows_handshake()
    }

    /// Whether a handshake has just brought the browser here, as far as a request can say.
    pub(crate) fn follows_handshake(&self) -> bool {
        self.marks.handshake || self.handshakes != 0.0
    }
}

impl Marks {
    pub(crate) const fn is_empty(self) -> bool {
        !self.handshake && !self.sign_in
    }

    const fn or(self, other: Self) -> Self {
        Self { handshake: self.handshake || other.handshake, sign_in: self.sign_in || other.sign_in }
    }

    const fn text(self) -> &'static str {
        match (self.handshake, self.sign_in) {
            (false, false) => "",
            (true, false) => "h",
            (false, true) => "s",
            (true, true) => "hs",
        }
    }
}

impl MarkerKey {
    /// The key for an instance. All its processes have the same one; without a secret key, each has its own.
    pub(crate) fn new(secret: Option<&SecretKey>) -> Self {
        let derive = |seed: &[u8]| HmacKey::new(seed).sign(&[b"clerk redirect marker"]);
        let derived = match secret {
            Some(secret) => derive(secret.expose().as_bytes()),
            None => derive(&RandomState::new().hash_one(()).to_le_bytes()),
        };
        Self(HmacKey::new(&derived))
    }

    /// The page's address with a marker in place of an older one.
    pub(crate) fn mark(&self, mut page: Url, marks: Marks, now: Timestamp) -> Url {
        if !marks.is_empty() {
            let marker = self.marker(&page, marks.text(), now.unix_seconds());
            query::set(&mut page, query::REDIRECTED, &marker);
        } else if page.query().is_some_and(|query| query.contains(query::REDIRECTED)) {
            page = query::remove(page, &[query::REDIRECTED]);
        }
        page
    }

    /// The `Set-Cookie` line with a marker for a page.
    pub(crate) fn cookie(&self, page: &Url, marks: Marks, now: Timestamp) -> String {
        let marker = self.marker(page, &format!("{IN_COOKIE}{}", marks.text()), now.unix_seconds());
        // A path with a semicolon cannot be written.
        let path = if page.path().contains(';') { "/" } else { page.path() };
        let lifetime = COOKIE_LIFETIME.as_secs();
        format!("{}={marker}; Path={path}; SameSite=Lax; HttpOnly; Max-Age={lifetime}", cookie::REDIRECTED)
    }

    /// The marks of a marker; none unless this service made it, for this page, a short time ago.
    pub(crate) fn read(&self, page: &Url, marker: &str, now: Timestamp) -> Marks {
        let mut parts = marker.splitn(3, '.');
        let (Some(marks), Some(seconds)) = (parts.next(), parts.next().and_then(|text| text.parse::<i64>().ok()))
        else {
            return Marks::default();
        };
        let age = now.unix_seconds().saturating_sub(seconds);
        // The other process's clock may be a little ahead.
        let lifetime = if marks.starts_with(IN_COOKIE) { COOKIE_LIFETIME } else { LIFETIME };
        let is_recent = (-5..=lifetime.as_secs() as i64).contains(&age);
        if !is_recent || !constant_time_eq(self.marker(page, marks, seconds).as_bytes(), marker.as_bytes()) {
            return Marks::default();
        }
        Marks { handshake: marks.contains('h'), sign_in: marks.contains('s') }
    }

    /// Signs without the query, to which Clerk adds parameters.
    fn marker(&self, page: &Url, marks: &str, seconds: i64) -> String {
        let signed = format!("{marks}.{seconds}.{}{}", page.origin().ascii_serialization(), page.path());
        let tag = self.0.sign(&[signed.as_bytes()]);
        let tag = encoding::encode(&tag[..SIGNATURE]);
        format!("{marks}.{seconds}.{tag}")
    }
}

impl fmt::Debug for MarkerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MarkerKey").finish_non_exhaustive()
    }
}

/// The redirects before a request.
pub(crate) fn trail(context: &Context<'_>, facts: &Facts<'_>) -> Trail {
    let read = |marker: Option<&str>| {
        let read = |(marker, page): (&str, &Url)| context.marker_key.read(page, marker, context.now);
        marker.zip(facts.url(context)).map(read).unwrap_or_default()
    };
    let in_cookie = facts.cookies(context).redirected.text();
    let mut trail = Trail {
        marks: read(facts.query().redirected.as_deref()).or(read(in_cookie.as_deref())),
        handshakes: facts.redirect_count(context),
        has_handshake: false,
        was_sent_to_sign_in: facts.cookies(context).sent_to_sign_in.bytes().is_some(),
        has_cookies: facts.header("cookie").is_some(),
    };
    let from_query = trail.trusts_query(context);
    trail.has_handshake =
        facts.handshake_nonce(context, from_query).is_some() || facts.handshake_token(context, from_query).is_some();
    trail
}

/// The cookie that counts handshakes, in the form of Clerk's own SDKs.
pub(crate) fn count_cookie(trail: &Trail) -> String {
    format!("{}={}; SameSite=Lax; HttpOnly; Max-Age=2", cookie::REDIRECT_COUNT, trail.handshakes + 1.0)
}

/// The cookie that remembers a redirect to the sign-in page.
pub(crate) fn sign_in_cookie() -> String {
    format!("{}=1; Path=/; SameSite=Lax; HttpOnly; Max-Age={}", cookie::SENT_TO_SIGN_IN, LIFETIME.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);
    const BOTH: Marks = Marks { handshake: true, sign_in: true };

    fn key() -> MarkerKey {
        MarkerKey::new(Some(&"sk_test_abcdefgh".parse().unwrap()))
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn read(key: &MarkerKey, page: &Url, now: Timestamp) -> Marks {
        let marker = page.query_pairs().find(|(name, _)| name == query::REDIRECTED).unwrap().1.into_owned();
        key.read(page, &marker, now)
    }

    #[test]
    fn a_redirect_is_repeated_twice_at_most() {
        let marks = |handshake, sign_in| Marks { handshake, sign_in };
        let fresh = Trail { has_cookies: true, ..Trail::default() };
        let without_cookies = Trail::default();
        let counted = Trail { handshakes: 1.0, ..fresh };
        let repeated = Trail { handshakes: 2.0, ..fresh };
        let returned = Trail { has_handshake: true, ..fresh };
        let sent = Trail { was_sent_to_sign_in: true, ..fresh };
        let marked = |handshake, sign_in| Trail { marks: marks(handshake, sign_in), handshakes: 99.0, ..sent };
        for (trail, handshake, sign_in) in [
            (fresh, Some(marks(false, false)), Some(marks(false, false))),
            (without_cookies, Some(marks(false, false)), Some(marks(false, true))),
            (counted, Some(marks(false, false)), Some(marks(false, false))),
            (repeated, Some(marks(true, false)), Some(marks(false, false))),
            (returned, Some(marks(true, false)), Some(marks(false, true))),
            (sent, Some(marks(false, false)), Some(marks(false, true))),
            (marked(true, false), None, Some(marks(false, true))),
            (marked(false, true), Some(marks(true, true)), None),
            (marked(true, true), None, None),
        ] {
            let allowed = |destination| trail.allow(destination).map(|allowed| allowed.marks);
            assert_eq!(allowed(Destination::Handshake), handshake, "{trail:?}");
            assert_eq!(allowed(Destination::SignIn { token_refused: false }), sign_in, "{trail:?}");
            assert_ne!(allowed(Destination::SignIn { token_refused: true }), Some(marks(false, false)), "{trail:?}");
        }
    }

    #[test]
    fn a_marker_is_for_one_page_and_one_minute() {
        let page = key().mark(url("https://app.test/a?b=c&__clerk_redirected=old"), BOTH, NOW);
        assert_eq!(read(&key(), &page, NOW), BOTH);
        let with_nonce = url(&format!("{page}&__clerk_handshake_nonce=n"));
        assert_eq!(read(&key(), &with_nonce, NOW + LIFETIME), BOTH);
        assert_eq!(read(&key(), &page, NOW + LIFETIME + Duration::from_secs(1)), Marks::default());
        for other in ["https://app.test/b", "https://other.test/a", "http://app.test/a"] {
            let mut other = url(other);
            other.set_query(page.query());
            assert_eq!(read(&key(), &other, NOW), Marks::default(), "{other}");
        }
        let elsewhere = MarkerKey::new(Some(&"sk_test_hgfedcba".parse().unwrap()));
        assert_eq!(read(&elsewhere, &page, NOW), Marks::default());
        let own = MarkerKey::new(None);
        assert_eq!(read(&own, &own.mark(page, BOTH, NOW), NOW), BOTH);
    }

    #[test]
    fn a_marker_in_a_cookie_is_for_five_seconds() {
        let page = url("https://app.test/a;b?c");
        let line = key().cookie(&page, BOTH, NOW);
        let (name, rest) = line.split_once('=').unwrap();
        let (marker, attributes) = rest.split_once(';').unwrap();
        assert_eq!((name, attributes), (cookie::REDIRECTED, " Path=/; SameSite=Lax; HttpOnly; Max-Age=5"));
        for (seconds, expected) in [(0, BOTH), (5, BOTH), (6, Marks::default())] {
            assert_eq!(key().read(&page, marker, NOW + Duration::from_secs(seconds)), expected);
        }
    }

    #[test]
    fn a_strangers_marker_is_ignored_and_removed() {
        let page = url("https://app.test/a");
        for marker in ["", "h", "h.", "h.1768478400", "h.1768478400.", "h.1768478400.AAAA", "hs.x.y", "..", "h.9e99.x"]
        {
            assert_eq!(key().read(&page, marker, NOW), Marks::default(), "{marker}");
        }
        let clean = |text| key().mark(url(text), Marks::default(), NOW).to_string();
        assert_eq!(clean("https://app.test/a?__clerk_redirected=h.1.x"), "https://app.test/a");
        assert_eq!(clean("https://app.test/a?b=%20c"), "https://app.test/a?b=%20c", "left as it is");
    }
}
