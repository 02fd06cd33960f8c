//! The server. A layer authenticates the call once; another layer or the method itself authorizes it.

use clerk_tower::{
    ClerkLayer, RequireAuthLayer, auth_state,
    clerk_core::{Clerk, Denied, FromAuth, OrgId, Policy, Session, UserId},
};
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt, wrappers::TcpListenerStream};
use tonic::{Request, Response, Status, service::LayerExt, transport::Server};

use crate::proto::{
    Caller, CloseRequest, Closed, EntriesRequest, Entry, WhoAmIRequest,
    books_server::{Books, BooksServer},
    ledger_server::{Ledger, LedgerServer},
};

/// The largest number of entries per call.
const MAX_ENTRIES: u32 = 1000;

/// Serves until the process ends.
///
/// # Errors
/// When a policy is invalid, or the listener fails.
// ANCHOR: serve
pub async fn serve(listener: TcpListener, clerk: Clerk) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let only_admins = RequireAuthLayer::new(Policy::role("org:admin"));
    Server::builder()
        .layer(ClerkLayer::new(clerk)) // authenticates, and never rejects
        .add_service(LedgerServer::new(Service)) // rejects in its methods
        .add_service(only_admins.named_layer(BooksServer::new(Service))) // called only for admins
        .serve_with_incoming(TcpListenerStream::new(listener))
        .await?;
    Ok(())
}
// ANCHOR_END: serve

// ANCHOR: read
/// The gRPC status of an authentication error: `UNAUTHENTICATED`, `PERMISSION_DENIED`, `UNAVAILABLE` or `INTERNAL`.
fn status(denied: &Denied) -> Status {
    let (code, text) = denied.grpc_status();
    Status::new(code.into(), text)
}

/// Reads a [`FromAuth`] type from a call, as extractors do for HTTP handlers.
fn auth<T: FromAuth, M>(request: &Request<M>) -> Result<T, Status> {
    auth_state(request.extensions()).and_then(T::from_auth).map_err(|denied| status(&denied))
}
// ANCHOR_END: read

#[derive(Debug)]
struct Service;

#[tonic::async_trait]
impl Ledger for Service {
    async fn who_am_i(&self, request: Request<WhoAmIRequest>) -> Result<Response<Caller>, Status> {
        let session: Session = auth(&request)?;
        let organization = session.org_id().map(ToString::to_string).unwrap_or_default();
        Ok(Response::new(Caller { user: session.user_id().to_string(), organization }))
    }

    type EntriesStream = std::pin::Pin<Box<dyn Stream<Item = Result<Entry, Status>> + Send>>;

    async fn entries(&self, request: Request<EntriesRequest>) -> Result<Response<Self::EntriesStream>, Status> {
        let owner: UserId = auth(&request)?;
        let count = request.into_inner().count.min(MAX_ENTRIES);
        let entries = tokio_stream::iter(1..=count).map(move |number| Ok(Entry { number, owner: owner.to_string() }));
        Ok(Response::new(Box::pin(entries)))
    }
}

#[tonic::async_trait]
impl Books for Service {
    async fn close(&self, request: Request<CloseRequest>) -> Result<Response<Closed>, Status> {
        let organization: OrgId = auth(&request)?;
        Ok(Response::new(Closed { organization: organization.to_string() }))
    }
}
