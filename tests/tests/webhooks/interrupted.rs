//! What is cut off: bodies without end, bodies that break off, senders that go away, stores that do not answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use clerk_core::{
    store::{StoreError, StoreFuture},
    time::Timestamp,
    webhook::{
        DedupeStore, InMemoryDedupe,
        dedupe::{Claim, ClaimOutcome},
    },
};
use clerk_tests::webhooks::{Delivery, FRAMEWORKS};

use super::{clock, delivery, endpoint, of_type, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_is_read_no_further_than_the_limit() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).body_limit(2000));
        // With good headers, and without one: then nothing of the body is read.
        for delivery in [delivery(), delivery().without("svix-id")] {
            let (sent, answer) = delivery.answer_to_endless(address).await;
            // What the sockets of both sides hold is some megabytes.
            assert!(sent < 64 * 1024 * 1024, "{framework:?}: {sent} bytes went");
            // A server that closes on what it did not read may reset the answer away.
            assert!(answer.is_none_or(|answer| answer == refused()), "{framework:?}");
        }
        assert!(work.handled().is_empty(), "{framework:?}");
        assert_eq!(delivery().answer(address).await.status, 204, "{framework:?}: it goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_not_handled() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        drop(delivery().begin(address, 3).await);
        assert_eq!(delivery().answer(address).await.status, 204, "{framework:?}");
        assert_eq!(work.handled().len(), 1, "{framework:?}");
    }
}

/// The first status but 409: a server needs a moment to see that a sender is gone.
async fn not_in_progress(delivery: &Delivery, address: SocketAddr) -> u16 {
    let answered = async {
        loop {
            match delivery.answer(address).await.status {
                409 => tokio::task::yield_now().await,
                status => return status,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), answered).await.expect("another status within 10 s")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_whose_sender_goes_away_has_failed() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        let waits = of_type("msg_1", "test.waits");
        let stream = waits.begin(address, 0).await;
        while work.handled().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(waits.answer(address).await.status, 409, "{framework:?}");
        drop(stream);
        let next = of_type("msg_1", "test");
        assert_eq!(not_in_progress(&next, address).await, 204, "{framework:?}");
        assert_eq!(next.answer(address).await.status, 200, "{framework:?}");
        assert_eq!(work.handled().len(), 2, "{framework:?}");
    }
}

/// A store on a server: it answers later, and some operations fail.
#[derive(Debug, Default)]
struct Server {
    memory: InMemoryDedupe,
    claims_fail: bool,
    completes_fail: bool,
    released: Arc<AtomicUsize>,
}

async fn answer_later(fails: bool) -> Result<(), StoreError> {
    tokio::task::yield_now().await;
    if fails { Err(StoreError::new("connection refused")) } else { Ok(()) }
}

impl DedupeStore for Server {
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, now: Timestamp) -> StoreFuture<'a, ClaimOutcome> {
        Box::pin(async move {
            answer_later(self.claims_fail).await?;
            self.memory.claim(claim, lease, now).await
        })
    }

    fn complete<'a>(&'a self, claim: &'a Claim, remember: Duration, now: Timestamp) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            answer_later(self.completes_fail).await?;
            self.memory.complete(claim, remember, now).await
        })
    }

    fn release<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            answer_later(false).await?;
            self.released.fetch_add(1, Ordering::SeqCst);
            self.memory.release(claim).await
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_is_lost_while_the_store_does_not_answer() {
    for framework in FRAMEWORKS {
        let (address, work) =
            framework.serve(endpoint(&clock()).dedupe(Server { claims_fail: true, ..<_>::default() }));
        let answer = delivery().answer(address).await;
        assert_eq!((answer.status, work.handled().len()), (503, 0), "{framework:?}: Clerk sends it again");
        assert!(answer.body.contains("unavailable"), "{framework:?}");
        // What was handled is answered so, recorded or not, and not given back.
        let released = Arc::new(AtomicUsize::new(0));
        let store = Server { completes_fail: true, released: Arc::clone(&released), ..<_>::default() };
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(store));
        assert_eq!(delivery().answer(address).await.status, 204, "{framework:?}");
        assert_eq!((delivery().answer(address).await.status, work.handled().len()), (409, 1), "until its lease ends");
        assert_eq!(released.load(Ordering::SeqCst), 0, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_answers_later_gets_the_claims_of_failed_handlers_back() {
    for framework in FRAMEWORKS {
        let released = Arc::new(AtomicUsize::new(0));
        let store = Server { released: Arc::clone(&released), ..<_>::default() };
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(store));
        work.fail(1);
        assert_eq!(delivery().answer(address).await.status, 500, "{framework:?}");
        assert_eq!(delivery().answer(address).await.status, 204, "{framework:?}");
        assert_eq!(delivery().answer(address).await.status, 200, "{framework:?}");
        // The task of a handler that panics is gone; the store is asked by another.
        drop(of_type("msg_2", "test.panics").send(address, "/webhooks").await);
        assert_eq!(not_in_progress(&of_type("msg_2", "test"), address).await, 204, "{framework:?}");
        assert_eq!((work.handled().len(), released.load(Ordering::SeqCst)), (4, 2), "{framework:?}");
    }
}
