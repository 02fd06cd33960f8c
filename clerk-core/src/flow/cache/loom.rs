//! Tests of the cache with [loom](https://docs.rs/loom), which tries the interleavings of threads and what each thread
//! may see of the others' `Relaxed` writes.
//!
//! ```sh
//! RUSTFLAGS="--cfg clerk_loom" cargo test -p clerk-core --release --lib cache::loom
//! ```

use std::sync::Arc;

use loom::sync::RwLock;
pub(crate) use loom::sync::atomic::{AtomicI64, AtomicU64};

/// Stands in for `arc_swap`, which has its own loom tests: a pointer that is replaced atomically.
#[derive(Debug)]
pub(crate) struct ArcSwapOption<T>(RwLock<Option<Arc<T>>>);

impl<T> ArcSwapOption<T> {
    pub(crate) fn load(&self) -> Option<Arc<T>> {
        self.0.read().unwrap().clone()
    }

    pub(crate) fn store(&self, value: Option<Arc<T>>) {
        *self.0.write().unwrap() = value;
    }
}

impl<T> Default for ArcSwapOption<T> {
    fn default() -> Self {
        Self(RwLock::new(None))
    }
}

#[cfg(test)]
mod tests {
    use loom::thread;

    use crate::{
        flow::cache::{
            TokenCache, WAYS,
            tests::{NOW, find_user, key, token},
        },
        token::VerifyingKey,
    };
    use std::sync::Arc;

    fn explore(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
        let mut builder = loom::model::Builder::new();
        builder.preemption_bound = Some(preemptions);
        builder.check(model);
    }

    fn insert(cache: &TokenCache, key: &Arc<VerifyingKey>, number: u32) {
        cache.insert(token(number, 60, key), NOW);
    }

    /// A reader may find nothing or this session, never another one.
    fn find(cache: &TokenCache, text: &str, number: u32) {
        if let Some(user) = find_user(cache, text) {
            assert_eq!(user, format!("user_{number}"));
        }
    }

    #[test]
    fn a_reader_gets_its_own_session_or_none_during_writes() {
        let key = key();
        let texts: Vec<String> = (0..3).map(|number| token(number, 60, &key).session.token().to_owned()).collect();
        explore(3, move || {
            let cache = Arc::new(TokenCache::new(WAYS));
            insert(&cache, &key, 0);
            let writer = {
                let (cache, key) = (Arc::clone(&cache), Arc::clone(&key));
                // The second insert evicts an entry.
                thread::spawn(move || (1..3).for_each(|number| insert(&cache, &key, number)))
            };
            for number in [0, 1, 2] {
                find(&cache, &texts[number as usize], number);
            }
            writer.join().unwrap();
            assert!(find_user(&cache, &texts[2]).is_some(), "the last inserted token is kept");
        });
    }

    #[test]
    fn concurrent_writers_to_one_slot_leave_a_complete_entry() {
        let key = key();
        let texts: Vec<String> = (0..2).map(|number| token(number, 60, &key).session.token().to_owned()).collect();
        explore(3, move || {
            let cache = Arc::new(TokenCache::new(WAYS));
            let writers = [0, 1].map(|number| {
                let (cache, key) = (Arc::clone(&cache), Arc::clone(&key));
                thread::spawn(move || insert(&cache, &key, number))
            });
            writers.into_iter().for_each(|writer| writer.join().unwrap());
            for number in [0, 1] {
                find(&cache, &texts[number as usize], number);
            }
            // An evicted token is verified and inserted again; then it is found.
            insert(&cache, &key, 0);
            assert!(find_user(&cache, &texts[0]).is_some());
        });
    }
}
