//! The cookies of handshakes, for backends to fetch.

use std::{collections::BTreeMap, fmt, time::Duration};

use clerk_core::time::Timestamp;

use crate::keys::random_id;

/// How long a handshake's cookies can be fetched.
const LIFETIME: Duration = Duration::from_secs(60);

/// More than any development machine has at once.
const MAX_HANDSHAKES: usize = 1_000;

/// The cookies of each handshake by nonce; each can be fetched once.
#[derive(Default)]
pub(crate) struct Handshakes(BTreeMap<String, (Timestamp, Vec<String>)>);

impl Handshakes {
    pub(crate) fn add(&mut self, directives: Vec<String>, now: Timestamp) -> String {
        self.0.retain(|_, (at, _)| now.since(*at) < LIFETIME);
        if self.0.len() >= MAX_HANDSHAKES {
            self.0.pop_first();
        }
        let nonce = random_id("hsn");
        self.0.insert(nonce.clone(), (now, directives));
        nonce
    }

    pub(crate) fn take(&mut self, nonce: &str, now: Timestamp) -> Option<Vec<String>> {
        let (at, directives) = self.0.remove(nonce)?;
        (now.since(at) < LIFETIME).then_some(directives)
    }
}

impl fmt::Debug for Handshakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handshakes").field("count", &self.0.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_once_and_for_a_minute() {
        let now = Timestamp::from_unix_seconds(1000);
        let mut handshakes = Handshakes::default();
        let nonce = handshakes.add(vec!["a=b".to_owned()], now);
        assert_eq!(handshakes.take(&nonce, now + Duration::from_secs(59)).unwrap(), ["a=b"]);
        assert!(handshakes.take(&nonce, now).is_none());
        let late = handshakes.add(Vec::new(), now);
        assert!(handshakes.take(&late, now + LIFETIME).is_none());
        for _ in 0..2 * MAX_HANDSHAKES {
            handshakes.add(Vec::new(), now);
        }
        assert_eq!(handshakes.0.len(), MAX_HANDSHAKES);
    }
}
