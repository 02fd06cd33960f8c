//! What is wrong with a set-up: [`Clerk::check`](crate::Clerk::check) answers with a [`CheckReport`].
//!
//! | code | severity | what it says |
//! |---|---|---|
//! | `jwks-reachable`, `jwks-unreachable` | ok, error | whether the instance's keys can be fetched; a warning where a JWT key is set |
//! | `secret-key-accepted`, `secret-key-refused` | ok, error | what the Backend API says to the secret key |
//! | `keys-match`, `keys-mismatch` | ok, error | whether the secret key and the publishable key are of one instance |
//! | `frontend-api-unreachable` | warning | that could not be found out |
//! | `publishable-key-missing` | warning | nothing says which instance tokens must come from |
//! | `jwt-key-matches`, `jwt-key-mismatch`, `jwt-key-not-compared` | ok, error, warning | whether the JWT key is one of the instance's |
//! | `clock-right`, `clock-off`, `clock-wrong` | ok, warning, error | this machine's clock against Clerk's: more than 2 s off, more than is [tolerated](crate::ClerkBuilder::clock_skew) |
//! | `clock-not-measured` | warning | the answers had no `Date` header |
//! | `authorized-parties-set`, `authorized-parties-missing` | ok, warning | whether tokens that were issued to other sites are refused |
//! | `development-keys`, `production-keys` | ok | what kind of instance it is |
//! | `unencrypted` | warning | a production instance with `http` addresses |
//! | `satellite-set`, `satellite-sign-in-url` | ok, error | whether a satellite's users can sign in |
//! | `https-client` | error | the HTTPS client could not start |

mod judge;
mod probe;

use std::fmt;

pub(crate) use probe::probe;

/// What [`Clerk::check`](crate::Clerk::check) found; its `Display` is a short list, a line for each finding.
#[derive(Debug, Clone)]
#[must_use = "a report changes nothing by itself: print it, or look whether it is ok"]
pub struct CheckReport {
    findings: Vec<Finding>,
    clock_skew: Option<i64>,
}

/// One thing that was looked at.
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
    /// As it should be.
    Ok,
    /// It works, but less safely or less surely than it could.
    Warning,
    /// Requests will be refused that should not be.
    Error,
}

impl CheckReport {
    pub(crate) const fn new(findings: Vec<Finding>, clock_skew: Option<i64>) -> Self {
        Self { findings, clock_skew }
    }

    /// Whether there is no error; there may be warnings.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity < Severity::Error)
    }

    /// Everything that was looked at.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The warnings and errors.
    pub fn problems(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity > Severity::Ok)
    }

    /// How far this machine's clock is ahead of Clerk's at least, in milliseconds; negative when it is behind, and `None`
    /// when nothing answered with a date.
    ///
    /// The `Date` header has whole seconds, and an answer takes time: what these two explain is not counted.
    #[must_use]
    pub const fn clock_skew_millis(&self) -> Option<i64> {
        self.clock_skew
    }
}

impl Finding {
    fn new(severity: Severity, code: &'static str, text: impl Into<String>) -> Self {
        Self { severity, code, text: text.into() }
    }

    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// What it is, in a form for programs; see [the module](self).
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What it is, and what to do about it.
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
