//! The cache under [loom](https://docs.rs/loom), which tries the orders in which threads can come and what each may see of
//! the others' unordered writes.
//!
//! ```sh
//! RUSTFLAGS="--cfg clerk_loom" cargo test -p clerk-core --release --lib cache::loom
//! ```

use std::sync::Arc;

use loom::sync::RwLock;
pub(crate) use loom::sync::atomic::{AtomicI64, AtomicU64};

/// What `arc_swap` promises and tests by itself: a pointer that is replaced whole.
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
            tests::{NOW, key, known, token},
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

    /// What a reader may find: nothing, or this very session.
    fn find(cache: &TokenCache, text: &str, number: u32) {
        if let Some(user) = known(cache, text) {
            assert_eq!(user, format!("user_{number}"));
        }
    }

    #[test]
    fn whatever_a_reader_sees_of_a_writer_it_gets_its_own_session_or_none() {
        let key = key();
        let texts: Vec<String> = (0..3).map(|number| token(number, 60, &key).session.token().to_owned()).collect();
        explore(3, move || {
            let cache = Arc::new(TokenCache::new(WAYS));
            insert(&cache, &key, 0);
            let writer = {
                let (cache, key) = (Arc::clone(&cache), Arc::clone(&key));
                // The second one takes somebody's place.
                thread::spawn(move || (1..3).for_each(|number| insert(&cache, &key, number)))
            };
            for number in [0, 1, 2] {
                find(&cache, &texts[number as usize], number);
            }
            writer.join().unwrap();
            assert!(known(&cache, &texts[2]).is_some(), "the latest is kept");
        });
    }

    #[test]
    fn writers_that_fight_over_one_place_leave_a_whole_token_there() {
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
            // Whoever is asked again is verified again, and then is there.
            insert(&cache, &key, 0);
            assert!(known(&cache, &texts[0]).is_some());
        });
    }
}
