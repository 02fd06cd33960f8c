//! [`Limits`]: how many requests are forwarded at the same time. What one client, or one kind of request, can have leaves
//! room for the others.

use std::{
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::{ProxyError, ProxyErrorKind};
use clerk_core::internal::{Share, Shares};

/// A client has one of so many places, but at least [`MIN_PER_CLIENT`].
const CLIENT_SHARE: usize = 8;

/// More than a browser opens connections, for networks whose users share an address.
const MIN_PER_CLIENT: usize = 16;

/// Uploads and scripts have one of so many places, beside those of the other requests.
const KIND_SHARE: usize = 4;

/// The limits of one proxy. Clones share the places.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    requests: usize,
    places: Arc<Places>,
}

#[derive(Debug)]
struct Places {
    calls: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    scripts: Arc<Semaphore>,
    clients: Shares<IpAddr>,
}

/// What holds a place, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestKind {
    /// A call of the API: a small body that has arrived, and a small answer. Holds its place for as long as Clerk takes.
    Call,
    /// A script of clerk-js: large, and the same for everyone.
    Script,
    /// A body that is sent on while it arrives, such as an image. Holds its place for as long as its client takes.
    Upload,
}

impl Limits {
    /// At most this many calls at once, and besides a fourth as many uploads and scripts.
    pub(super) fn new(requests: usize) -> Self {
        let requests = requests.min(Semaphore::MAX_PERMITS);
        Self::with_clients(requests, (requests / CLIENT_SHARE).max(MIN_PER_CLIENT))
    }

    /// The same with another limit for one client.
    pub(super) fn per_client(&self, requests: usize) -> Self {
        Self::with_clients(self.requests, requests)
    }

    fn with_clients(requests: usize, per_client: usize) -> Self {
        let places = |count: usize| Arc::new(Semaphore::new(count));
        let other = requests.div_ceil(KIND_SHARE);
        let clients = Shares::new(per_client);
        let places = Places { calls: places(requests), uploads: places(other), scripts: places(other), clients };
        Self { requests, places: Arc::new(places) }
    }

    /// One of a client's requests; nothing is counted for a client whose address is unknown.
    pub(super) fn admit(&self, client: Option<IpAddr>) -> Result<Option<Share<IpAddr>>, ProxyError> {
        let Some(client) = client else { return Ok(None) };
        let share = self.places.clients.take(network_of(client)).ok_or_else(|| {
            tracing::debug!(target: "clerk", "one client has too many requests to the Frontend API");
            ProxyError::from(ProxyErrorKind::ClientBusy)
        })?;
        Ok(Some(share))
    }

    /// A place for a request.
    pub(super) fn take_place(&self, kind: RequestKind) -> Result<OwnedSemaphorePermit, ProxyError> {
        let places = match kind {
            RequestKind::Call => &self.places.calls,
            RequestKind::Script => &self.places.scripts,
            RequestKind::Upload => &self.places.uploads,
        };
        Arc::clone(places).try_acquire_owned().map_err(|_| {
            tracing::warn!(target: "clerk", limit = self.requests, ?kind, "the limit of concurrent requests to the Frontend API is reached");
            ProxyErrorKind::Busy.into()
        })
    }
}

/// What counts as one client: an IPv4 address, or the IPv6 network of 64 bits that one customer has.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_clients_leave_room_for_others() {
        let limits = Limits::new(200);
        let uploads: Vec<_> = (0..50).map(|_| limits.take_place(RequestKind::Upload).unwrap()).collect();
        let busy = limits.take_place(RequestKind::Upload).unwrap_err();
        assert_eq!((busy.kind(), uploads.len()), (ProxyErrorKind::Busy, 50));
        assert!(limits.take_place(RequestKind::Call).is_ok() && limits.take_place(RequestKind::Script).is_ok());
        let client = |text: &str| Some(text.parse().unwrap());
        let shares: Vec<_> = (0..25).map(|_| limits.admit(client("192.0.2.7")).unwrap()).collect();
        let busy = limits.admit(client("::ffff:192.0.2.7")).unwrap_err();
        assert_eq!((busy.kind(), shares.len()), (ProxyErrorKind::ClientBusy, 25));
        assert!(limits.admit(client("192.0.2.8")).is_ok() && limits.admit(None).unwrap().is_none());
        let one = limits.per_client(1);
        let _share = one.admit(client("2001:db8::1")).unwrap();
        assert!(one.admit(client("2001:db8::2")).is_err(), "one customer's network");
        assert!(one.admit(client("2001:db8:0:1::1")).is_ok());
    }

    #[test]
    fn the_smallest_limit_has_a_place_of_each_kind() {
        let limits = Limits::new(1);
        let kinds = [RequestKind::Call, RequestKind::Script, RequestKind::Upload];
        assert!(kinds.map(|kind| limits.take_place(kind)).iter().all(Result::is_ok));
    }
}
