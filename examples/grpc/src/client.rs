//! The client: a session token in the metadata of each call.

use tonic::{
    Request, Status, Streaming,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};

use crate::proto::{
    Caller, CloseRequest, Closed, EntriesRequest, Entry, WhoAmIRequest, books_client::BooksClient,
    ledger_client::LedgerClient,
};

/// Adds `authorization: Bearer <token>` to each call, if there is a token.
#[derive(Debug, Clone)]
struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = &self.0 {
            request.metadata_mut().insert("authorization", value.clone());
        }
        Ok(request)
    }
}

/// A client of both services.
#[derive(Debug, Clone)]
pub struct Client {
    ledger: LedgerClient<InterceptedService<Channel, Bearer>>,
    books: BooksClient<InterceptedService<Channel, Bearer>>,
}

impl Client {
    /// Connects to `http://host:port`.
    ///
    /// # Errors
    /// When no server listens there, or the token is not valid in a header.
    pub async fn connect(url: &str, token: Option<&str>) -> Result<Self, Box<dyn std::error::Error>> {
        let channel = Channel::from_shared(url.to_owned())?.connect().await?;
        let mut value: Option<MetadataValue<Ascii>> =
            token.map(|token| format!("Bearer {token}").parse()).transpose()?;
        if let Some(value) = &mut value {
            value.set_sensitive(true); // so that `Debug` does not show it
        }
        let bearer = Bearer(value);
        Ok(Self {
            ledger: LedgerClient::with_interceptor(channel.clone(), bearer.clone()),
            books: BooksClient::with_interceptor(channel, bearer),
        })
    }

    /// Returns the caller.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` if no user is signed in, `UNAVAILABLE` if Clerk cannot be reached.
    pub async fn who_am_i(&mut self) -> Result<Caller, Status> {
        Ok(self.ledger.who_am_i(WhoAmIRequest {}).await?.into_inner())
    }

    /// Streams this many entries.
    ///
    /// # Errors
    /// As for [`who_am_i`](Self::who_am_i).
    pub async fn entries(&mut self, count: u32) -> Result<Streaming<Entry>, Status> {
        Ok(self.ledger.entries(EntriesRequest { count }).await?.into_inner())
    }

    /// Closes the books. Only for admins.
    ///
    /// # Errors
    /// `PERMISSION_DENIED` if the caller is not an admin; also those of [`who_am_i`](Self::who_am_i).
    pub async fn close(&mut self) -> Result<Closed, Status> {
        Ok(self.books.close(CloseRequest {}).await?.into_inner())
    }
}
