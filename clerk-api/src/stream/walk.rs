//! [`PageWalk`]: which page of a list comes next, and which of its items are new.
//!
//! Items may be added or removed while a list is read, often by the reader itself: each user is deleted as it comes.
//! Then the rest moves up, and the next offset is too far; or the cursor names a deleted user, and the API refuses it.
//! So the walk remembers a hash of each item, and:
//!
//! - by offset, each page begins with the last item of the page before. If its first item is new, items were removed, and
//!   the walk goes back until a page begins with a known item, or to where it began;
//! - by cursor, the walk goes back to earlier cursors if the API refuses one, or to where it began;
//! - known items are skipped.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use serde_json::Value;

/// How often in a row a page may begin like the page before, without a new item. Then the server ignores the position.
const MAX_REPEATS: u8 = 2;

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Position {
    /// After the item with this id.
    After(String),
    /// Where the caller's own parameters say.
    Beginning,
    /// At this offset.
    Offset(usize),
}

/// The way through the pages of one list.
#[derive(Debug)]
pub(crate) struct PageWalk {
    by_cursor: bool,
    /// The page size that was asked for.
    limit: Option<usize>,
    /// The caller's own offset.
    first_offset: usize,
    position: Position,
    /// Whether the page is to begin with the last item of the page before.
    overlaps: bool,
    /// How far to go back the next time: in items, or in cursors.
    step_back: usize,
    /// The last id of each page.
    cursors: Vec<String>,
    /// A hash of each item: 8 bytes, because items may hold secrets.
    known: HashSet<u64>,
    /// The number of items of the longest page, which is the page size that the server really has.
    longest: usize,
    previous_first: Option<u64>,
    repeats: u8,
    is_done: bool,
}

impl PageWalk {
    pub(crate) fn new(by_cursor: bool, limit: Option<usize>, first_offset: usize) -> Self {
        Self {
            by_cursor,
            limit,
            first_offset,
            position: Position::Beginning,
            overlaps: false,
            step_back: 1,
            cursors: Vec::new(),
            known: HashSet::new(),
            longest: 0,
            previous_first: None,
            repeats: 0,
            is_done: false,
        }
    }

    pub(crate) const fn position(&self) -> &Position {
        &self.position
    }

    pub(crate) const fn is_done(&self) -> bool {
        self.is_done
    }

    pub(crate) const fn end(&mut self) {
        self.is_done = true;
    }

    /// Whether the server seems to ignore the position.
    pub(crate) const fn is_stuck(&self) -> bool {
        self.repeats >= MAX_REPEATS
    }

    /// Takes the page at the current position, and chooses the next one. Says which items are new; none are if the position
    /// is too far.
    pub(crate) fn accept(&mut self, page: &[Value], total: Option<usize>) -> Vec<bool> {
        let hashes: Vec<_> = page.iter().map(hash).collect();
        let first = hashes.first().copied();
        if self.overlaps && !first.is_some_and(|first| self.known.contains(&first)) && self.go_back_by_offset() {
            return vec![false; page.len()];
        }
        let new: Vec<_> = hashes.iter().map(|hash| !self.known.contains(hash)).collect();
        let repeats = first.is_some() && first == self.previous_first && !new.contains(&true);
        self.repeats = if repeats { self.repeats + 1 } else { 0 };
        self.previous_first = first;
        self.known.extend(hashes);
        self.longest = self.longest.max(page.len());
        self.is_done = page.is_empty() || self.is_stuck() || self.is_last(page.len(), total);
        if !self.is_done {
            self.go_on(page);
        }
        new
    }

    /// Goes back after the API has refused the position; `false` if that cannot help.
    pub(crate) fn go_back_by_cursor(&mut self) -> bool {
        if !matches!(self.position, Position::After(_)) {
            return false;
        }
        self.cursors.truncate(self.cursors.len().saturating_sub(self.step_back));
        self.step_back *= 2;
        self.previous_first = None;
        self.position = self.cursors.last().map_or(Position::Beginning, |id| Position::After(id.clone()));
        true
    }

    /// Goes back because items were removed; `false` at the beginning.
    fn go_back_by_offset(&mut self) -> bool {
        let Position::Offset(start) = self.position else { return false };
        let start = start.saturating_sub(self.step_back).max(self.first_offset);
        self.step_back *= 2;
        self.previous_first = None;
        self.position = if start == self.first_offset { Position::Beginning } else { Position::Offset(start) };
        true
    }

    /// Whether the list ends with this page of `count` items. A page that is shorter than the limit proves nothing if the
    /// server's own limit is lower.
    fn is_last(&self, count: usize, total: Option<usize>) -> bool {
        let end = self.start() + count;
        // A total below the number of items so far is wrong.
        match total.filter(|total| !self.by_cursor && *total >= end) {
            Some(total) => total == end,
            None => count < self.longest || self.limit.is_some_and(|limit| count > limit),
        }
    }

    fn go_on(&mut self, page: &[Value]) {
        if self.by_cursor {
            let Some(id) = page.iter().rev().find_map(|item| item.get("id")?.as_str()) else { return self.end() };
            self.cursors.push(id.to_owned());
            self.position = Position::After(id.to_owned());
            self.step_back = 1;
        } else {
            // A page of one item cannot overlap with the next one.
            self.overlaps = page.len() > 1;
            self.position = Position::Offset(self.start() + page.len() - usize::from(self.overlaps));
            self.step_back = page.len().saturating_sub(1).max(1);
        }
    }

    const fn start(&self) -> usize {
        match self.position {
            Position::Offset(start) => start,
            Position::After(_) | Position::Beginning => self.first_offset,
        }
    }
}

/// Tells items apart: by the id, or by the whole item if it has none.
fn hash(item: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match item.get("id").and_then(Value::as_str) {
        Some(id) => id.hash(&mut hasher),
        None => item.to_string().hash(&mut hasher),
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use serde_json::json;

    use super::*;

    /// A server with this list. It refuses a cursor whose item is gone, and has pages of at most `page` items.
    struct List {
        items: Vec<usize>,
        page: usize,
        has_total: bool,
    }

    impl List {
        fn new(items: Range<usize>, page: usize, has_total: bool) -> Self {
            Self { items: items.collect(), page, has_total }
        }

        fn read(&self, position: &Position, first_offset: usize) -> Option<(Vec<Value>, Option<usize>)> {
            let start = match position {
                Position::After(id) => self.items.iter().position(|item| item.to_string() == *id)? + 1,
                Position::Beginning => first_offset,
                Position::Offset(offset) => *offset,
            };
            let page = self.items.iter().skip(start).take(self.page);
            let page = page.map(|item| json!({"id": item.to_string()})).collect();
            Some((page, self.has_total.then_some(self.items.len())))
        }
    }

    /// Walks through a list, and calls `change` after each new item. Returns the items and the number of requests.
    fn walk(mut list: List, mut walk: PageWalk, change: impl Fn(&mut Vec<usize>, usize)) -> (Vec<usize>, usize) {
        let (mut found, mut requests) = (Vec::new(), 0);
        while !walk.is_done() {
            requests += 1;
            assert!(requests < 1000, "the walk does not end");
            let Some((page, total)) = list.read(walk.position(), walk.first_offset) else {
                assert!(walk.go_back_by_cursor());
                continue;
            };
            for (item, _) in page.iter().zip(walk.accept(&page, total)).filter(|(_, is_new)| *is_new) {
                let item = item["id"].as_str().unwrap().parse().unwrap();
                found.push(item);
                change(&mut list.items, item);
            }
        }
        (found, requests)
    }

    fn offset() -> PageWalk {
        PageWalk::new(false, Some(10), 0)
    }

    fn cursor() -> PageWalk {
        PageWalk::new(true, Some(10), 0)
    }

    #[test]
    fn a_list_that_stays_the_same_is_read_once() {
        let nothing = |_: &mut Vec<usize>, _| {};
        for (count, with_total, without, by_cursor) in
            [(0, 1, 1, 1), (1, 1, 2, 2), (9, 1, 2, 2), (10, 1, 2, 2), (19, 2, 3, 2), (25, 3, 3, 3), (30, 4, 4, 4)]
        {
            let all: Vec<_> = (0..count).collect();
            assert_eq!(walk(List::new(0..count, 10, true), offset(), nothing), (all.clone(), with_total), "{count}");
            assert_eq!(walk(List::new(0..count, 10, false), offset(), nothing), (all.clone(), without), "{count}");
            assert_eq!(walk(List::new(0..count, 10, false), cursor(), nothing), (all, by_cursor), "{count}");
        }
    }

    #[test]
    fn a_server_with_smaller_pages_than_the_limit_is_read_to_its_end() {
        for page in 1..10 {
            for has_total in [true, false] {
                let list = || List::new(0..37, page, has_total);
                assert_eq!(walk(list(), offset(), |_, _| {}).0.len(), 37, "{page}");
                assert_eq!(walk(list(), cursor(), |_, _| {}).0.len(), 37, "{page}");
            }
        }
    }

    type Change = fn(&mut Vec<usize>, usize);

    /// Changes that readers make: each removes or adds items while the list is read.
    const CHANGES: [(&str, Change); 8] = [
        ("each item is removed", |items, item| items.retain(|one| *one != item)),
        ("each second item is removed", |items, item| items.retain(|one| *one != item || item % 2 == 0)),
        ("the last item of each page is removed", |items, item| items.retain(|one| *one != item || item % 10 != 9)),
        ("all known items are removed at once", |items, item| {
            if item == 57 {
                items.retain(|one| *one > item || *one < 5);
            }
        }),
        ("each item is replaced by one at the end", |items, item| {
            items.retain(|one| *one != item);
            if items.len() < 150 && item < 120 {
                items.push(1000 + item);
            }
        }),
        ("an item comes first", |items, item| {
            if item % 5 == 0 && item < 1000 {
                items.insert(0, 1000 + item);
            }
        }),
        ("a page of items comes first", |items, item| {
            if item % 10 == 9 && item < 1000 {
                items.splice(0..0, 1000 + item * 20..1012 + item * 20);
            }
        }),
        ("an item comes first, each item is removed", |items, item| {
            items.retain(|one| *one != item);
            if item < 100 {
                items.insert(0, 1000 + item);
            }
        }),
    ];

    #[test]
    fn no_item_is_skipped_or_repeated_while_the_list_changes() {
        for (name, change) in CHANGES {
            for has_total in [true, false] {
                for by_cursor in [true, false] {
                    for first in [0, 5] {
                        let steps = PageWalk::new(by_cursor, Some(10), first);
                        let (found, requests) = walk(List::new(0..120, 10, has_total), steps, change);
                        let case = format!("{name}, total {has_total}, cursor {by_cursor}, from {first}: {requests}");
                        let old: Vec<_> = found.iter().copied().filter(|item| (first..120).contains(item)).collect();
                        assert_eq!(old, (first..120).collect::<Vec<_>>(), "{case}");
                        assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len(), "{case}");
                        assert!(requests < 100, "{case}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_server_that_ignores_the_position_ends_the_walk() {
        let page = [json!({"id": "a"}), json!({"id": "b"})];
        for (mut steps, total) in [(offset(), None), (offset(), Some(900)), (cursor(), None)] {
            let new: usize =
                (0..3).map(|_| steps.accept(&page, total).into_iter().filter(|is_new| *is_new).count()).sum();
            assert_eq!((new, steps.is_done(), steps.is_stuck()), (2, true, true));
        }
        let mut steps = PageWalk::new(false, Some(1), 0);
        steps.accept(&page, None);
        assert!(steps.is_done(), "the server ignores the limit: it is the whole list");
    }

    #[test]
    fn items_without_an_id_differ_by_their_content() {
        let mut steps = PageWalk::new(false, None, 0);
        assert_eq!(steps.accept(&[json!(7), json!(8)], None), [true, true]);
        assert_eq!(steps.accept(&[json!(8), json!({"id": 8})], None), [false, true]);
    }
}
