//! Checks a set-up: [`Clerk::check`] returns a [`CheckReport`].

mod findings;
mod probe;

use std::fmt;

use self::probe::probe;
use super::Clerk;

/// Result of [`Clerk::check`]. Its `Display` has one line for each finding.
#[derive(Debug, Clone)]
#[must_use = "a report has no effect by itself: print it, or check `is_ok`"]
pub struct CheckReport {
    findings: Vec<Finding>,
    clock_skew: Option<i64>,
}

/// Result of one check.
///
/// | code | severity | what it is about |
/// |---|---|---|
/// | `jwks-reachable`, `jwks-unreachable` | ok, error | whether the instance's keys can be fetched; a warning where a JWT key is set |
/// | `secret-key-accepted`, `secret-key-refused` | ok, error | whether the Backend API accepts the secret key |
/// | `keys-match`, `keys-mismatch` | ok, error | whether the secret key and the publishable key belong to one instance |
/// | `frontend-api-unreachable` | warning | `keys-match` could not be checked |
/// | `publishable-key-missing` | warning | tokens of any instance are accepted if the key verifies them |
/// | `jwt-key-matches`, `jwt-key-mismatch`, `jwt-key-not-compared` | ok, error, warning | whether the JWT key is one of the instance's |
/// | `clock-right`, `clock-off`, `clock-wrong` | ok, warning, error | this machine's clock against Clerk's: more than 2 s off, or more than the [clock skew](crate::ClerkBuilder::clock_skew) |
/// | `clock-not-measured` | warning | the responses had no `Date` header |
/// | `authorized-parties-set`, `authorized-parties-missing` | ok, warning | whether tokens issued to other sites are refused |
/// | `own-origin-not-authorized` | error | the authorized parties lack the public origin or the satellite's domain |
/// | `tokens-refused` | warning | audiences, authorized parties or issuers refused tokens that Clerk signed |
/// | `development-keys`, `production-keys` | ok | the kind of instance |
/// | `unencrypted` | warning | a production instance with `http` URLs |
/// | `satellite-set`, `satellite-sign-in-url` | ok, error | whether users of a satellite can sign in |
/// | `https-client` | error | the HTTPS client could not start |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    severity: Severity,
    code: &'static str,
    text: String,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// Correct.
    Ok,
    /// It works, but less securely or less reliably than it could.
    Warning,
    /// Valid requests will be refused.
    Error,
}

impl Clerk {
    /// Checks the set-up: whether the keys can be fetched, belong together and are accepted, whether this machine's clock is
    /// right, and which settings are missing. Call it at the start of a service, or from a command.
    ///
    /// It sends at most two requests, one to each of Clerk's APIs, each limited by the
    /// [timeout](crate::ClerkBuilder::http_timeout). It changes nothing: the fetched keys are not kept.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let clerk = clerk_core::Clerk::from_env()?;
    /// let report = clerk.check().await;
    /// for problem in report.problems() {
    ///     eprintln!("{problem}"); // what is wrong, and what to do about it
    /// }
    /// if !report.is_ok() {
    ///     return Err("Clerk is not set up".into());
    /// }
    /// # Ok(()) }
    /// ```
    pub async fn check(&self) -> CheckReport {
        probe(self).await
    }
}

impl CheckReport {
    pub(crate) const fn new(findings: Vec<Finding>, clock_skew: Option<i64>) -> Self {
        Self { findings, clock_skew }
    }

    /// Whether there are no errors; there may be warnings.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity < Severity::Error)
    }

    /// All findings.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The warnings and errors.
    pub fn problems(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity > Severity::Ok)
    }

    /// By how many milliseconds this machine's clock is ahead of Clerk's, at least; negative when it is behind. `None` when
    /// no response had a date.
    ///
    /// A difference that can come from the duration of the request, or from the whole seconds of the `Date` header, counts
    /// as none.
    #[must_use]
    pub const fn clock_skew_millis(&self) -> Option<i64> {
        self.clock_skew
    }
}

impl Finding {
    fn new(severity: Severity, code: &'static str, text: impl Into<String>) -> Self {
        Self { severity, code, text: text.into() }
    }

    /// The severity.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// The code, for programs: see the table of [`Finding`].
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What was found, and what to do about it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Severity {
    /// The severity in one word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<8} {:<26} {}", self.severity, self.code, self.text)
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            finding.fmt(f)?;
        }
        Ok(())
    }
}
