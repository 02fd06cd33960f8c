//! [`Known`]: what was asked for a moment ago, at most so much of it.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use clerk_core::time::Timestamp;

/// Answers by id, each until its time is over. Beyond the capacity the oldest goes.
pub(super) struct Known<V> {
    capacity: usize,
    entries: HashMap<Arc<str>, Entry<V>>,
    /// Ids and numbers as they came. Those that were forgotten since are still here, and name no entry.
    order: VecDeque<(Arc<str>, u64)>,
    count: u64,
}

struct Entry<V> {
    value: V,
    number: u64,
    from: Timestamp,
    until: Timestamp,
}

impl<V: Clone> Known<V> {
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, entries: HashMap::new(), order: VecDeque::new(), count: 0 }
    }

    /// A clock that was set back says nothing about how old an entry is.
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
        self.entries.insert(id, Entry { value, number: self.count, from, until });
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
    fn an_answer_is_known_for_its_time() {
        let mut known = Known::new(10);
        known.insert("a".into(), 1, NOW, seconds(10));
        assert_eq!([0, 9, 10].map(|later| known.get("a", seconds(later))), [Some(1), Some(1), None]);
        known.insert("a".into(), 1, NOW, seconds(10));
        assert_eq!(known.get("a", NOW - Duration::from_millis(1)), None, "the clock was set back");
        known.insert("a".into(), 1, NOW, NOW);
        assert_eq!(known.get("a", NOW), None, "no time at all");
        known.insert("a".into(), 1, NOW, seconds(10));
        known.insert("a".into(), 2, NOW, seconds(10));
        assert_eq!(known.get("a", NOW), Some(2));
        known.forget("a");
        assert_eq!(known.get("a", NOW), None);
    }

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let mut known = Known::new(3);
        for (number, id) in ["a", "b", "a", "c"].into_iter().enumerate() {
            known.insert(id.into(), number, NOW, seconds(10));
        }
        assert_eq!(["a", "b", "c"].map(|id| known.get(id, NOW)), [Some(2), Some(1), Some(3)], "the older a went");
        for number in 0..1000_usize {
            known.insert(number.to_string().into(), number, NOW, seconds(10));
            if number % 3 == 0 {
                known.forget(&number.to_string());
            }
            assert!(known.entries.len() <= 3 && known.order.len() <= 3);
        }
        assert_eq!(known.get("998", NOW), Some(998));
        known.clear();
        assert!(known.entries.is_empty() && known.order.is_empty());
        let mut off = Known::new(0);
        off.insert("a".into(), 1, NOW, seconds(10));
        assert_eq!(off.get("a", NOW), None);
    }
}
