//! [`Shares`]: how many of something one client has at the same time, so that it cannot have all.

use std::{
    collections::HashMap,
    fmt,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Counts by key, of which none exceeds a maximum. A key that has none takes no memory.
pub struct Shares<K> {
    most: usize,
    counts: Arc<Mutex<HashMap<K, usize>>>,
}

/// One of a key's share, until it is dropped.
pub struct Share<K: Eq + Hash> {
    key: Option<K>,
    counts: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Clone + Eq + Hash> Shares<K> {
    /// At most this many for each key.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, counts: Arc::default() }
    }

    /// One for this key; `None` if it has as many as it may.
    #[must_use]
    pub fn take(&self, key: K) -> Option<Share<K>> {
        let mut counts = lock(&self.counts);
        let count = counts.entry(key.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Share { key: Some(key), counts: Arc::clone(&self.counts) })
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let Some(key) = self.key.take() else { return };
        let mut counts = lock(&self.counts);
        if let Some(count) = counts.get_mut(&key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&key);
            }
        }
    }
}

fn lock<K>(counts: &Mutex<HashMap<K, usize>>) -> MutexGuard<'_, HashMap<K, usize>> {
    // Nothing panics while it is held.
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K> fmt::Debug for Shares<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shares").field("most", &self.most).finish_non_exhaustive()
    }
}

impl<K: Eq + Hash> fmt::Debug for Share<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Share").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_share_and_leaves_those_of_others_alone() {
        let shares = Shares::new(2);
        let (first, second) = (shares.take("a"), shares.take("a"));
        assert!(first.is_some() && second.is_some() && shares.take("a").is_none());
        assert!(shares.take("b").is_some());
        drop(first);
        assert!(shares.take("a").is_some());
        drop(second);
        assert!(lock(&shares.counts).is_empty(), "nothing is kept for those that have none");
    }
}
