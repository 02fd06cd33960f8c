//! Names of Clerk's cookies, query parameters and response headers: for CORS settings, proxies and log filters.
//!
//! ```
//! assert_eq!(clerk_core::adapter::names::cookie::SESSION, "__session");
//! ```

/// Cookies. Most exist a second time as `<name>_<suffix>`; see [`cookie_suffix`](crate::config::cookie_suffix).
pub mod cookie {
    /// The session token.
    pub const SESSION: &str = "__session";
    /// When the browser last signed in, in seconds since the epoch; `0` when it is signed out.
    pub const CLIENT_UAT: &str = "__client_uat";
    /// The refresh token for an expired session; always with a suffix.
    pub const REFRESH: &str = "__refresh";
    /// The dev browser token, which identifies a browser to a development instance.
    pub const DEV_BROWSER: &str = "__clerk_db_jwt";
    /// The handshake token: a signed list of the cookies to set.
    pub const HANDSHAKE: &str = "__clerk_handshake";
    /// The nonce under which Clerk stores the handshake token.
    pub const HANDSHAKE_NONCE: &str = "__clerk_handshake_nonce";
    /// Number of consecutive handshakes of a browser.
    pub const REDIRECT_COUNT: &str = "__clerk_redirect_count";
    /// Marks a page that a repeated redirect leads to; see `redirect_guard.rs`. Clerk's own SDKs do not know it.
    pub const REDIRECTED: &str = "__clerk_redirect_count_page";
    /// Whether the browser was sent to the sign-in page within the last minute. Clerk's own SDKs do not know it.
    pub const SENT_TO_SIGN_IN: &str = "__clerk_sent_to_sign_in";

    /// The name of the same cookie for one instance only.
    ///
    /// ```
    /// use clerk_core::adapter::names::cookie;
    ///
    /// assert_eq!(cookie::with_suffix(cookie::SESSION, "FYTmq9ns"), "__session_FYTmq9ns");
    /// ```
    #[must_use]
    pub fn with_suffix(name: &str, suffix: &str) -> String {
        [name, suffix].join("_")
    }
}

/// Query parameters.
pub mod query {
    /// `false` on a satellite's page that must sync with the primary domain, `true` after the sync.
    pub const SYNCED: &str = "__clerk_synced";
    /// Whether to read the suffixed cookies.
    pub const SUFFIXED_COOKIES: &str = "suffixed_cookies";
    /// The satellite's page to return to after a sync.
    pub const REDIRECT_URL: &str = "__clerk_redirect_url";
    /// The dev browser token, which identifies a browser to a development instance.
    pub const DEV_BROWSER: &str = "__clerk_db_jwt";
    /// The old name of the dev browser token.
    pub const LEGACY_DEV_BROWSER: &str = "__dev_session";
    /// The handshake token: a signed list of the cookies to set.
    pub const HANDSHAKE: &str = "__clerk_handshake";
    /// The nonce under which Clerk stores the handshake token.
    pub const HANDSHAKE_NONCE: &str = "__clerk_handshake_nonce";
    /// A hint for developers.
    pub const HANDSHAKE_HELP: &str = "__clerk_help";
    /// The reason for a handshake.
    pub const HANDSHAKE_REASON: &str = "__clerk_hs_reason";
    /// The form in which the handshake returns the cookies.
    pub const HANDSHAKE_FORMAT: &str = "format";
    /// Marks an address that a repeated redirect returns to; see `redirect_guard.rs`. Clerk's own SDKs do not know it.
    pub const REDIRECTED: &str = "__clerk_redirected";
    /// The session token that a handshake starts from.
    pub const SESSION: &str = "__session";
}

/// Response headers.
pub mod header {
    /// The status of the request: `signed-out` or `handshake`.
    pub const AUTH_STATUS: &str = "x-clerk-auth-status";
    /// The reason for the status; see [`Reason`](crate::auth::Reason).
    pub const AUTH_REASON: &str = "x-clerk-auth-reason";
    /// The reason in words, in development only.
    pub const AUTH_MESSAGE: &str = "x-clerk-auth-message";
}
