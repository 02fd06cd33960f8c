//! [`KnownHeader`]: the header that an instance puts in front of all its tokens.

use std::fmt;

use arc_swap::{ArcSwapOption, Guard};

use super::{header::Header, jws::SignedToken};

/// The header of the token that was verified last. The next token's is mostly the same, byte for byte, and then need not
/// be parsed.
#[derive(Default)]
pub(crate) struct KnownHeader(ArcSwapOption<ParsedHeader>);

/// A header as it stands in the token, and what it says.
pub(crate) struct ParsedHeader {
    pub(crate) encoded: Box<str>,
    pub(crate) header: Header<'static>,
}

impl KnownHeader {
    pub(crate) fn load(&self) -> Guard<Option<std::sync::Arc<ParsedHeader>>> {
        self.0.load()
    }

    /// Remembers a verified token's header: nobody but the instance decides what is remembered.
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
