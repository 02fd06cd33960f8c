//! [`TtlCache`]: recent results of lookups, with a time to live and a capacity.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use clerk_core::time::Timestamp;

/// Values by id, each with an end. Beyond the capacity, the oldest is removed.
pub(super) struct TtlCache<V> {
    capacity: usize,
    entries: HashMap<Arc<str>, CachedValue<V>>,
    /// The id and number of each insertion, oldest first. May name entries that were removed or replaced since.
    order: VecDeque<(Arc<str>, u64)>,
    count: u64,
}

struct CachedValue<V> {
    value: V,
    number: u64,
    from: Timestamp,
    until: Timestamp,
}

impl<V: Clone> TtlCache<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, entries: HashMap::new(), order: VecDeque::new(), count: 0 }
    }

    /// The value, if it is still valid. If the clock was set back, an entry's age is unknown, and it is removed.
    pub(super) fn get(&mut self, id: &str, now: Timestamp) -> Option<V> {
        let entry = self.entries.get(id)?;
        if entry.from <= now && now < entry.until {
            return Some(entry.value.clone());
        }
        self.entries.remove(id);
        None
    }

    pub(super) fn insert(&mut self, id: Arc<str>, value: V, from: Timestamp, until: Timestamp) {
        if self.capacity == 0 || until <= from {
            return;
        }
        while self.order.len() >= self.capacity
            && let Some((oldest, number)) = self.order.pop_front()
        {
            if self.entries.get(&oldest).is_some_and(|entry| entry.number == number) {
                self.entries.remove(&oldest);
            }
        }
        self.count += 1;
        self.order.push_back((Arc::clone(&id), self.count));
        self.entries.insert(id, CachedValue { value, number: self.count, from, until });
    }

    pub(super) fn forget(&mut self, id: &str) {
        self.entries.remove(id);
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1_000);

    fn seconds(seconds: u64) -> Timestamp {
        NOW + Duration::from_secs(seconds)
    }

    #[test]
    fn a_value_is_cached_until_its_end() {
        let mut cache = TtlCache::new(10);
        cache.insert("a".into(), 1, NOW, seconds(10));
        assert_eq!([0, 9, 10].map(|later| cache.get("a", seconds(later))), [Some(1), Some(1), None]);
        cache.insert("a".into(), 1, NOW, seconds(10));
        assert_eq!(cache.get("a", NOW - Duration::from_millis(1)), None, "the clock was set back");
        cache.insert("a".into(), 1, NOW, NOW);
        assert_eq!(cache.get("a", NOW), None, "a value without a lifetime is not cached");
        cache.insert("a".into(), 1, NOW, seconds(10));
        cache.insert("a".into(), 2, NOW, seconds(10));
        assert_eq!(cache.get("a", NOW), Some(2));
        cache.forget("a");
        assert_eq!(cache.get("a", NOW), None);
    }

    #[test]
    fn it_never_exceeds_its_capacity() {
        let mut cache = TtlCache::new(3);
        for (number, id) in ["a", "b", "a", "c"].into_iter().enumerate() {
            cache.insert(id.into(), number, NOW, seconds(10));
        }
        assert_eq!(
            ["a", "b", "c"].map(|id| cache.get(id, NOW)),
            [Some(2), Some(1), Some(3)],
            "the older `a` was replaced"
        );
        for number in 0..1000_usize {
            cache.insert(number.to_string().into(), number, NOW, seconds(10));
            if number % 3 == 0 {
                cache.forget(&number.to_string());
            }
            assert!(cache.entries.len() <= 3 && cache.order.len() <= 3);
        }
        assert_eq!(cache.get("998", NOW), Some(998));
        cache.clear();
        assert!(cache.entries.is_empty() && cache.order.is_empty());
        let mut disabled = TtlCache::new(0);
        disabled.insert("a".into(), 1, NOW, seconds(10));
        assert_eq!(disabled.get("a", NOW), None);
    }
}
