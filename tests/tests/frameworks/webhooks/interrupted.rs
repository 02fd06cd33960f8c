//! Interrupted deliveries: endless bodies, truncated bodies, senders that disconnect, stores that fail.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use clerk_core::time::Timestamp;
use clerk_tests::webhooks::{Body, Delivery, FRAMEWORKS};
use clerk_webhook::{
    DedupeStore, InMemoryDedupe,
    dedupe::{Claim, ClaimOutcome, StoreError, StoreFuture},
};

use super::{clock, delivery, endpoint, of_type, refused};

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_body_is_read_up_to_the_limit() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).body_limit(2000));
        // With all headers, and with one missing: then the body is not read at all.
        for delivery in [delivery(), delivery().without("svix-id")] {
            let (sent, response) = delivery.deliver_endless(address).await;
            // The buffers of both sockets hold some megabytes.
            assert!(sent < 64 * 1024 * 1024, "{framework:?}: {sent} bytes were sent");
            // A server that closes the connection before it has read everything may reset it, and the response is lost.
            assert!(response.is_none_or(|response| response == refused()), "{framework:?}");
        }
        assert!(work.handled().is_empty(), "{framework:?}");
        assert_eq!(delivery().deliver(address).await.status, 204, "{framework:?}: the server still works");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_stands_still_is_given_up() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).body_timeout(Duration::from_millis(100)));
        for body in [Body::Declared(100), Body::Chunked(vec!["{".to_owned()], false)] {
            let response = delivery().body(body).send(address, "/webhooks").await;
            assert!(response.is_none_or(|response| response == refused()), "{framework:?}");
        }
        assert!(work.handled().is_empty(), "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_body_is_not_handled() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        drop(delivery().begin(address, 3).await);
        assert_eq!(delivery().deliver(address).await.status, 204, "{framework:?}");
        assert_eq!(work.handled().len(), 1, "{framework:?}");
    }
}

/// Repeats the delivery while the response is 409: a server needs a moment to notice that the sender has disconnected.
async fn deliver_until_not_409(delivery: &Delivery, address: SocketAddr) -> u16 {
    let repeated = async {
        loop {
            match delivery.deliver(address).await.status {
                409 => tokio::task::yield_now().await,
                status => return status,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), repeated).await.expect("another status within 10 s")
}

#[tokio::test(flavor = "multi_thread")]
async fn if_the_sender_disconnects_the_handler_has_failed() {
    for framework in FRAMEWORKS {
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(InMemoryDedupe::default()));
        let waits = of_type("msg_1", "test.waits");
        let stream = waits.begin(address, 0).await;
        while work.handled().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(waits.deliver(address).await.status, 409, "{framework:?}");
        drop(stream);
        let next = of_type("msg_1", "test");
        assert_eq!(deliver_until_not_409(&next, address).await, 204, "{framework:?}");
        assert_eq!(next.deliver(address).await.status, 200, "{framework:?}");
        assert_eq!(work.handled().len(), 2, "{framework:?}");
    }
}

/// A store like one on a server: its futures are not ready at once, and some operations fail.
#[derive(Debug, Default)]
struct RemoteStore {
    memory: InMemoryDedupe,
    claims_fail: bool,
    completes_fail: bool,
    released: Arc<AtomicUsize>,
}

async fn respond_later(fails: bool) -> Result<(), StoreError> {
    tokio::task::yield_now().await;
    if fails { Err(StoreError::new("connection refused")) } else { Ok(()) }
}

impl DedupeStore for RemoteStore {
    fn claim<'a>(&'a self, claim: &'a Claim, lease: Duration, now: Timestamp) -> StoreFuture<'a, ClaimOutcome> {
        Box::pin(async move {
            respond_later(self.claims_fail).await?;
            self.memory.claim(claim, lease, now).await
        })
    }

    fn complete<'a>(&'a self, claim: &'a Claim, remember: Duration, now: Timestamp) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            respond_later(self.completes_fail).await?;
            self.memory.complete(claim, remember, now).await
        })
    }

    fn release<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            respond_later(false).await?;
            self.released.fetch_add(1, Ordering::SeqCst);
            self.memory.release(claim).await
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_message_is_lost_while_the_store_fails() {
    for framework in FRAMEWORKS {
        let (address, work) =
            framework.serve(endpoint(&clock()).dedupe(RemoteStore { claims_fail: true, ..<_>::default() }));
        let response = delivery().deliver(address).await;
        assert_eq!((response.status, work.handled().len()), (503, 0), "{framework:?}: Clerk sends it again");
        assert!(response.body.contains("unavailable"), "{framework:?}");
        // A handled message gets 204 even if this cannot be recorded, and its claim is not released.
        let released = Arc::new(AtomicUsize::new(0));
        let store = RemoteStore { completes_fail: true, released: Arc::clone(&released), ..<_>::default() };
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(store));
        assert_eq!(delivery().deliver(address).await.status, 204, "{framework:?}");
        assert_eq!((delivery().deliver(address).await.status, work.handled().len()), (409, 1), "until the lease ends");
        assert_eq!(released.load(Ordering::SeqCst), 0, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_of_failed_handlers_are_released() {
    for framework in FRAMEWORKS {
        let released = Arc::new(AtomicUsize::new(0));
        let store = RemoteStore { released: Arc::clone(&released), ..<_>::default() };
        let (address, work) = framework.serve(endpoint(&clock()).dedupe(store));
        work.fail(1);
        assert_eq!(delivery().deliver(address).await.status, 500, "{framework:?}");
        assert_eq!(delivery().deliver(address).await.status, 204, "{framework:?}");
        assert_eq!(delivery().deliver(address).await.status, 200, "{framework:?}");
        // A panic ends the handler's task; another task releases the claim.
        drop(of_type("msg_2", "test.panics").send(address, "/webhooks").await);
        assert_eq!(deliver_until_not_409(&of_type("msg_2", "test"), address).await, 204, "{framework:?}");
        assert_eq!((work.handled().len(), released.load(Ordering::SeqCst)), (4, 2), "{framework:?}");
    }
}
