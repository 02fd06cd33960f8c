//! [`Recent`]: things that nobody misses when there are too many of them, under a key.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

/// More than go on at once on any development machine; the oldest makes room.
const MAX: usize = 10_000;

/// Things by key, the last ten thousand.
pub(crate) struct Recent<T> {
    /// By the number of their arrival.
    rows: BTreeMap<u64, (String, T)>,
    numbers: HashMap<String, u64>,
    next: u64,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), numbers: HashMap::new(), next: 0 }
    }
}

impl<T> Recent<T> {
    /// Adds a thing, in place of the one with its key.
    pub(crate) fn put(&mut self, key: &str, thing: T) {
        self.remove(key);
        if self.rows.len() >= MAX
            && let Some((_, (oldest, _))) = self.rows.pop_first()
        {
            self.numbers.remove(&oldest);
        }
        self.next += 1;
        self.numbers.insert(key.to_owned(), self.next);
        self.rows.insert(self.next, (key.to_owned(), thing));
    }

    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.rows.get(self.numbers.get(key)?).map(|(_, thing)| thing)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.rows.get_mut(self.numbers.get(key)?).map(|(_, thing)| thing)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<T> {
        self.rows.remove(&self.numbers.remove(key)?).map(|(_, thing)| thing)
    }
}

impl<T> fmt::Debug for Recent<T> {
    /// Says how many there are: the keys of some of them let their owner in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent").field("count", &self.rows.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_makes_room() {
        let mut recent = Recent::default();
        for number in 0..MAX {
            recent.put(&number.to_string(), number);
        }
        recent.put("0", 7);
        recent.put("new", 8);
        assert_eq!((recent.get("0"), recent.get("1"), recent.get("2")), (Some(&7), None, Some(&2)));
        assert_eq!((recent.rows.len(), recent.numbers.len()), (MAX, MAX));
        *recent.get_mut("new").unwrap() = 9;
        assert_eq!((recent.remove("new"), recent.remove("new")), (Some(9), None));
        assert_eq!((recent.rows.len(), recent.numbers.len()), (MAX - 1, MAX - 1));
    }
}
