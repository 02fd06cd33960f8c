//! What can go wrong with an instance.

use std::{fmt, io};

/// An instance that could not start, with what to do about it in its `Display`.
#[derive(Debug)]
pub struct StartError {
    kind: StartErrorKind,
    problem: String,
    source: Option<io::Error>,
}

/// Why an instance could not start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartErrorKind {
    /// A port cannot be listened on.
    Port,
    /// A signing key could not be made.
    SigningKey,
}

impl StartError {
    pub(crate) fn port(port: u16, source: io::Error) -> Self {
        let problem = if source.kind() == io::ErrorKind::AddrInUse {
            format!("port {port} on 127.0.0.1 is in use: stop the process that has it, or choose another port")
        } else {
            format!("cannot listen on port {port} of 127.0.0.1 ({source}): choose another port")
        };
        Self { kind: StartErrorKind::Port, problem, source: Some(source) }
    }

    pub(crate) fn signing_key() -> Self {
        Self {
            kind: StartErrorKind::SigningKey,
            problem: "no RSA key could be made: the system's random source failed".to_owned(),
            source: None,
        }
    }

    /// Why the instance could not start.
    #[must_use]
    pub const fn kind(&self) -> StartErrorKind {
        self.kind
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

/// A user or an organization that the instance does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName(pub(crate) String);

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the instance has no {:?}: create it first, or use one of the seed", self.0)
    }
}

impl std::error::Error for UnknownName {}
