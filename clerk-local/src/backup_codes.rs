//! [`BackupCodes`]: ten single-use codes for a user who has lost the phone.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// How many codes a user gets.
const COUNT: usize = 10;

/// The length of each code.
const LENGTH: usize = 8;

/// 32 characters that are easy to tell apart: no `0` and `o`, no `1` and `l`.
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// The unused codes, hashed: the user sees them once, when they are generated. Plain SHA-256 is enough, because codes
/// are random, unlike passwords.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct BackupCodes(Vec<String>);

impl BackupCodes {
    /// Ten new codes and their texts, to show to the user; `None` when the system's random source fails.
    pub(crate) fn generate() -> Option<(Self, Vec<String>)> {
        let mut bytes = [0; COUNT * LENGTH];
        getrandom::fill(&mut bytes).ok()?;
        let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
        let texts: Vec<String> = bytes.chunks(LENGTH).map(|code| code.iter().map(letter).collect()).collect();
        Some((Self(texts.iter().map(|text| hash(text)).collect()), texts))
    }

    /// Codes from an earlier system, at most twice as many as are generated here.
    pub(crate) fn from_texts(texts: &[String]) -> Self {
        Self(texts.iter().take(2 * COUNT).map(|text| hash(&text.trim().to_ascii_lowercase())).collect())
    }

    /// Whether this is an unused code; it is used up then.
    pub(crate) fn use_up(&mut self, entered: &str) -> bool {
        let entered = hash(&entered.trim().to_ascii_lowercase());
        let index = self.0.iter().position(|known| *known == entered);
        index.map(|index| self.0.swap_remove(index)).is_some()
    }

    /// How many are left.
    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }
}

fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

impl fmt::Debug for BackupCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupCodes").field("left", &self.left()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_code_is_valid_once() {
        let (mut codes, texts) = BackupCodes::generate().unwrap();
        assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), COUNT);
        for (used, text) in texts.iter().enumerate() {
            assert_eq!(codes.left(), COUNT - used);
            assert!(text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte)), "{text}");
            assert!(!codes.use_up("") && !codes.use_up(&text[1..]) && !codes.use_up(&format!("{text}a")));
            assert!(codes.use_up(&format!(" {} ", text.to_uppercase())));
            assert!(!codes.use_up(text));
        }
        assert_eq!(codes.left(), 0);
        assert!(!BackupCodes::default().use_up(""));
    }

    #[test]
    fn no_code_is_stored_or_printed() {
        let (codes, texts) = BackupCodes::generate().unwrap();
        let json = serde_json::to_string(&codes).unwrap();
        let printed = format!("{json} {codes:?}");
        assert!(texts.iter().all(|text| !printed.contains(text.as_str())), "{printed}");
        assert!(serde_json::from_str::<BackupCodes>(&json).unwrap().use_up(&texts[3]));
    }
}
