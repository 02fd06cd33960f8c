//! [`Recent`]: a map with a size limit that drops the oldest entry.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

/// The size limit: more than any development machine has at once.
const MAX: usize = 10_000;

/// The last ten thousand entries, by key.
pub(crate) struct Recent<T> {
    /// By insertion number.
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
    /// Inserts an entry, or replaces the one with this key.
    pub(crate) fn put(&mut self, key: &str, thing: T) {
        self.remove(key);
        if self.rows.len() >= MAX {
            if let Some((_, (oldest, _))) = self.rows.pop_first() {
                self.numbers.remove(&oldest);
            }
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
    /// Shows only how many entries there are: some keys are credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent").field("count", &self.rows.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_dropped() {
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
