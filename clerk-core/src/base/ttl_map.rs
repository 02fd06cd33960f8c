//! [`TtlMap`]: values that are valid for a time, at most so many of them.
//!
//! Why this and not a cache crate: the clock is injected and may be set back, so `now` is always an argument; callers hold
//! their own lock around a check and an insertion; a full map keeps the newest values; and the store of handled webhooks
//! must refuse rather than evict. `moka` has its own clock, and `quick_cache` locks itself and chooses what it evicts.

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
    fmt,
    hash::Hash,
    ops::Range,
};

use super::time::Timestamp;

/// Values by key, each valid from one time until another. A full map drops the value that was inserted first.
pub struct TtlMap<K, V> {
    capacity: usize,
    entries: HashMap<K, Entry<V>>,
    /// The keys by the number of their insertion.
    order: BTreeMap<u64, K>,
    insertions: u64,
}

struct Entry<V> {
    value: V,
    valid: Range<Timestamp>,
    number: u64,
}

impl<K: Clone + Eq + Hash, V> TtlMap<K, V> {
    /// A map of at most this many values; with 0 it keeps none.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, entries: HashMap::new(), order: BTreeMap::new(), insertions: 0 }
    }

    /// The value of this key, if it is valid now. A value from the future is not: the clock was set back, and its age is
    /// unknown.
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q, now: Timestamp) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entries.get(key).filter(|entry| entry.valid.contains(&now)).map(|entry| &entry.value)
    }

    /// Keeps a value in the place of the key's former one.
    pub fn insert(&mut self, key: K, value: V, valid: Range<Timestamp>) {
        self.remove::<K>(&key);
        if self.capacity == 0 || valid.is_empty() {
            return;
        }
        if self.entries.len() >= self.capacity {
            self.remove_oldest();
        }
        self.insertions += 1;
        self.order.insert(self.insertions, key.clone());
        self.entries.insert(key, Entry { value, valid, number: self.insertions });
    }

    /// Removes the value of this key, valid or not.
    pub fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let entry = self.entries.remove(key)?;
        self.order.remove(&entry.number);
        Some(entry.value)
    }

    /// Removes the value that was inserted first; `false` when the map is empty.
    pub fn remove_oldest(&mut self) -> bool {
        self.order.pop_first().is_some_and(|(_, key)| self.entries.remove(&key).is_some())
    }

    /// Keeps only the values for which `keep` is true, by value and the time that it is valid.
    pub fn retain(&mut self, keep: impl Fn(&V, &Range<Timestamp>) -> bool) {
        let order = &mut self.order;
        self.entries.retain(|_, entry| {
            let is_kept = keep(&entry.value, &entry.valid);
            if !is_kept {
                order.remove(&entry.number);
            }
            is_kept
        });
    }

    /// Removes all values.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }

    /// How many values are kept, valid or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Without keys and values, which may be tokens.
impl<K, V> fmt::Debug for TtlMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TtlMap").field("capacity", &self.capacity).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn at(second: u64) -> Timestamp {
        NOW + Duration::from_secs(second)
    }

    #[test]
    fn a_value_is_valid_for_its_time() {
        let mut map = TtlMap::new(10);
        map.insert("a", 1, NOW..at(10));
        assert_eq!([0, 9, 10].map(|second| map.get("a", at(second)).copied()), [Some(1), Some(1), None]);
        assert_eq!(map.get("a", NOW - Duration::from_millis(1)), None, "the clock was set back");
        map.insert("a", 2, NOW..at(10));
        assert_eq!(map.get("a", NOW), Some(&2));
        map.insert("a", 3, NOW..NOW);
        assert_eq!(map.get("a", NOW), None, "valid at no time");
        map.insert("a", 4, NOW..at(10));
        assert_eq!((map.remove("a"), map.remove("a"), map.get("a", NOW)), (Some(4), None, None));
    }

    #[test]
    fn a_full_map_drops_the_oldest_value() {
        let mut map = TtlMap::new(3);
        for (number, key) in ["a", "b", "a", "c"].into_iter().enumerate() {
            map.insert(key.to_owned(), number, NOW..at(10));
        }
        assert_eq!(["a", "b", "c"].map(|key| map.get(key, NOW).copied()), [Some(2), Some(1), Some(3)]);
        map.insert("d".to_owned(), 4, NOW..at(10));
        assert_eq!(["a", "b"].map(|key| map.get(key, NOW).copied()), [Some(2), None]);
        for number in 0..1000_usize {
            map.insert(number.to_string(), number, NOW..at(10));
            if number % 3 == 0 {
                map.remove(&*number.to_string());
            }
            assert!(map.len() <= 3 && map.order.len() == map.len());
        }
        assert_eq!(map.get("998", NOW), Some(&998));
        map.clear();
        assert!(!map.remove_oldest() && map.is_empty());
        let mut off = TtlMap::new(0);
        off.insert("a", 1, NOW..at(10));
        assert_eq!(off.get("a", NOW), None);
    }

    #[test]
    fn values_are_removed_by_value_or_by_time() {
        let mut map = TtlMap::new(10);
        map.insert("a", 1, NOW..at(10));
        map.insert("b", 2, NOW..at(20));
        map.insert("c", 3, NOW..at(20));
        map.retain(|_, valid| at(10) < valid.end);
        map.retain(|value, _| *value != 2);
        assert_eq!((map.len(), map.order.len(), map.get("c", NOW)), (1, 1, Some(&3)));
    }
}
