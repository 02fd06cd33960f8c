//! Commands to paste: tokens as variables of the shell, then requests that use them.

use std::{fmt, time::Duration};

/// How long the printed tokens are valid: time to paste them. Clerk's own session tokens are valid for 60 s.
pub const TOKEN_LIFETIME: Duration = Duration::from_secs(3600);

/// `export` lines with tokens, and requests with the response to expect.
#[derive(Default, Clone)]
#[expect(missing_debug_implementations, reason = "it holds tokens")]
pub struct Commands {
    exports: String,
    requests: String,
}

impl Commands {
    /// No commands yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A token as a variable, so that the requests stay short. The token must be valid for [`TOKEN_LIFETIME`].
    #[must_use]
    pub fn export(mut self, variable: &str, token: &str) -> Self {
        self.exports += &format!("  export {variable}={token}\n");
        self
    }

    /// A request, after the response to expect.
    #[must_use]
    pub fn request(mut self, expected: &str, command: &str) -> Self {
        self.requests += &format!("{expected}:\n  {command}\n\n");
        self
    }
}

impl fmt::Display for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.exports.is_empty() {
            writeln!(f, "Paste these lines; the tokens are valid for an hour:\n")?;
            writeln!(f, "{}", self.exports)?;
            writeln!(f, "Then send requests:\n")?;
        }
        f.write_str(&self.requests)
    }
}
