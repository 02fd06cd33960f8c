//! Names of Clerk's cookies, query parameters and response headers: for CORS settings, proxies and log filters.
//!
//! ```
//! assert_eq!(clerk_core::names::cookie::SESSION, "__session");
//! ```

/// Cookies. Most exist a second time as `<name>_<suffix>`; see [`cookie_suffix`](crate::config::cookie_suffix).
pub mod cookie {
    /// The session token.
    pub const SESSION: &str = "__session";
    /// When the browser last signed in, in seconds since the epoch; `0` when it is signed out.
    pub const CLIENT_UAT: &str = "__client_uat";
    /// What an expired session is refreshed with; always with a suffix.
    pub const REFRESH: &str = "__refresh";
    /// What identifies a browser to a development instance.
    pub const DEV_BROWSER: &str = "__clerk_db_jwt";
    /// The signed list of cookies that a handshake brings.
    pub const HANDSHAKE: &str = "__clerk_handshake";
    /// What that list is kept under.
    pub const HANDSHAKE_NONCE: &str = "__clerk_handshake_nonce";
    /// How many handshakes in a row a browser was sent through.
    pub const REDIRECT_COUNT: &str = "__clerk_redirect_count";

    /// The name of the same cookie for one instance only.
    ///
    /// ```
    /// use clerk_core::names::cookie;
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
    /// `false` on a satellite's page that must ask the primary domain, `true` on one that has.
    pub const SYNCED: &str = "__clerk_synced";
    /// Whether the cookies with a suffix count.
    pub const SUFFIXED_COOKIES: &str = "suffixed_cookies";
    /// Where a satellite wants its browser back.
    pub const REDIRECT_URL: &str = "__clerk_redirect_url";
    /// What identifies a browser to a development instance.
    pub const DEV_BROWSER: &str = "__clerk_db_jwt";
    /// The same under its former name.
    pub const LEGACY_DEV_BROWSER: &str = "__dev_session";
    /// The signed list of cookies that a handshake brings.
    pub const HANDSHAKE: &str = "__clerk_handshake";
    /// What that list is kept under.
    pub const HANDSHAKE_NONCE: &str = "__clerk_handshake_nonce";
    /// A hint for the developer.
    pub const HANDSHAKE_HELP: &str = "__clerk_help";
    /// Why a browser is sent through a handshake.
    pub const HANDSHAKE_REASON: &str = "__clerk_hs_reason";
    /// In which form the handshake shall bring the cookies.
    pub const HANDSHAKE_FORMAT: &str = "format";
    /// The session token that a handshake starts from.
    pub const SESSION: &str = "__session";
}

/// Response headers.
pub mod header {
    /// How far the request came: `signed-out` or `handshake`.
    pub const AUTH_STATUS: &str = "x-clerk-auth-status";
    /// Why; see [`Reason`](crate::Reason).
    pub const AUTH_REASON: &str = "x-clerk-auth-reason";
    /// The same in words, in development.
    pub const AUTH_MESSAGE: &str = "x-clerk-auth-message";
}
