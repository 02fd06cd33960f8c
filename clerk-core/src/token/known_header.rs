//! [`KnownHeader`]: the header that all tokens of an instance have.

use std::fmt;

use arc_swap::{ArcSwapOption, Guard};

use super::{header::Header, jws::SignedToken};

/// The header of the last verified token. The next token usually has the same bytes, so it need not be parsed again.
#[derive(Default)]
pub(crate) struct KnownHeader(ArcSwapOption<ParsedHeader>);

/// A header in base64url, and parsed.
pub(crate) struct ParsedHeader {
    pub(crate) encoded: Box<str>,
    pub(crate) header: Header<'static>,
}

impl KnownHeader {
    pub(crate) fn load(&self) -> Guard<Option<std::sync::Arc<ParsedHeader>>> {
        self.0.load()
    }

    /// Stores a verified token's header. Call only after the verification, so that a forged token cannot replace it.
    pub(crate) fn learn(&self, token: &SignedToken<'_>) {
        let encoded = token.encoded_header();
        if self.0.load().as_ref().is_none_or(|known| *known.encoded != *encoded) {
            let parsed = ParsedHeader { encoded: encoded.into(), header: token.header.to_owned() };
            self.0.store(Some(parsed.into()));
        }
    }
}

impl fmt::Debug for KnownHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnownHeader").finish_non_exhaustive()
    }
}
