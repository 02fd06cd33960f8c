//! [`Table`]: records of one kind by id, in the order of insertion. It notes which ones change.

use std::{
    collections::{BTreeMap, HashMap},
    mem,
};

/// A record with an id.
pub(crate) trait Record {
    /// The kind of these records in a data file.
    #[cfg_attr(not(feature = "sqlite"), expect(dead_code, reason = "nothing is filed"))]
    const KIND: &'static str;

    fn id(&self) -> &str;
}

/// Implements [`Record`] for a type with a field `id`.
macro_rules! record {
    ($type:ty, $kind:literal) => {
        impl $crate::store::Record for $type {
            const KIND: &'static str = $kind;

            fn id(&self) -> &str {
                &self.id
            }
        }
    };
}
pub(crate) use record;

/// Records of one kind.
#[derive(Debug)]
pub(crate) struct Table<T> {
    /// By insertion number.
    rows: BTreeMap<u64, T>,
    numbers: HashMap<String, u64>,
    next: u64,
    /// What changed, by id: whether the record is a new one, which has its place behind all others.
    changed: HashMap<String, bool>,
}

/// What happened to a record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change<'t, T> {
    Added(&'t T),
    Changed(&'t T),
    Removed,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), numbers: HashMap::new(), next: 0, changed: HashMap::new() }
    }
}

impl<T: Record> Table<T> {
    /// Inserts a record, or replaces the one with its id.
    pub(crate) fn put(&mut self, row: T) {
        let is_new = !self.numbers.contains_key(row.id());
        *self.changed.entry(row.id().to_owned()).or_default() |= is_new;
        let number = *self.numbers.entry(row.id().to_owned()).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        self.rows.insert(number, row);
    }

    /// The same; drops the oldest records if there are more than `max`.
    pub(crate) fn put_and_make_room(&mut self, row: T, max: usize) {
        self.put(row);
        while self.rows.len() > max {
            let Some((_, oldest)) = self.rows.pop_first() else { return };
            self.numbers.remove(oldest.id());
            self.changed.insert(oldest.id().to_owned(), false);
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(self.numbers.get(id)?)
    }

    /// The record, mutable; it counts as changed.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut T> {
        let row = self.rows.get_mut(self.numbers.get(id)?)?;
        self.changed.entry(id.to_owned()).or_default();
        Some(row)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<T> {
        let row = self.rows.remove(&self.numbers.remove(id)?)?;
        self.changed.insert(id.to_owned(), false);
        Some(row)
    }

    /// Removes the selected records and returns them, the oldest first.
    pub(crate) fn remove_if(&mut self, is_selected: impl Fn(&T) -> bool) -> Vec<T> {
        let ids: Vec<_> = self.iter().filter(|row| is_selected(row)).map(|row| row.id().to_owned()).collect();
        ids.iter().filter_map(|id| self.remove(id)).collect()
    }

    pub(crate) fn find(&self, is_selected: impl Fn(&T) -> bool) -> Option<&T> {
        self.iter().find(|row| is_selected(row))
    }

    /// All, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.rows.values()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    pub(crate) fn forget_changes(&mut self) {
        self.changed.clear();
    }

    /// The records that were added, changed or removed since the last call, in their order.
    #[cfg_attr(not(any(test, feature = "sqlite")), expect(dead_code, reason = "nothing is kept"))]
    pub(crate) fn take_changes(&mut self) -> impl Iterator<Item = (String, Change<'_, T>)> {
        let mut changed: Vec<_> = mem::take(&mut self.changed).into_iter().collect();
        changed.sort_unstable_by_key(|(id, _)| self.numbers.get(id));
        changed.into_iter().map(|(id, is_new)| {
            let change = match self.get(&id) {
                Some(row) if is_new => Change::Added(row),
                Some(row) => Change::Changed(row),
                None => Change::Removed,
            };
            (id, change)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, PartialEq)]
    struct Thing(&'static str, u8);

    impl Record for Thing {
        const KIND: &'static str = "thing";

        fn id(&self) -> &str {
            self.0
        }
    }

    #[test]
    fn records_keep_their_order() {
        let mut table = Table::default();
        for thing in [Thing("b", 1), Thing("a", 2), Thing("c", 3), Thing("b", 4)] {
            table.put(thing);
        }
        assert_eq!(table.iter().map(|thing| thing.1).collect::<Vec<_>>(), [4, 2, 3]);
        assert_eq!(table.remove("a"), Some(Thing("a", 2)));
        assert_eq!((table.len(), table.get("a")), (2, None));
        assert_eq!(table.remove_if(|thing| thing.1 > 3), [Thing("b", 4)]);
    }

    #[test]
    fn changes_are_returned_once() {
        let mut table = Table::default();
        table.put(Thing("a", 1));
        table.put(Thing("b", 2));
        assert_eq!(table.take_changes().count(), 2);
        table.get_mut("a").unwrap().1 = 3;
        table.remove("b");
        let changes: Vec<_> = table.take_changes().collect();
        assert_eq!(changes, [("b".to_owned(), Change::Removed), ("a".to_owned(), Change::Changed(&Thing("a", 3)))]);
        assert_eq!(table.take_changes().count(), 0);
    }

    #[test]
    fn changes_are_in_the_order_of_the_records() {
        let mut table = Table::default();
        for name in ["c", "a", "b"] {
            table.put(Thing(name, 0));
        }
        let ids = |table: &mut Table<Thing>| table.take_changes().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids(&mut table), ["c", "a", "b"]);
        table.remove("c");
        table.put(Thing("c", 1));
        table.get_mut("c").unwrap().1 = 2;
        table.get_mut("b").unwrap().1 = 2;
        let changes: Vec<_> = table.take_changes().collect();
        let expected = [Change::Changed(&Thing("b", 2)), Change::Added(&Thing("c", 2))];
        assert!(changes.iter().map(|(_, change)| change).eq(&expected), "{changes:?}");
    }
}
