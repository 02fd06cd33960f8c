//! [`HttpClient`]: the one constructor of outgoing HTTP clients, with the rules that hold for each of them.
//!
//! - No redirect is followed: a secret goes to exactly the URL that it is meant for.
//! - The proxy of the environment (`HTTPS_PROXY`) is used for https to other machines alone. Plain http goes directly to
//!   its host, because a proxy would read the secret in it, and a proxy cannot reach this machine.
//! - The features `aws-lc-rs`, `ring` and `native-tls` choose the provider of TLS; the first that is on counts. None is installed as the process's
//!   default, so the application's own TLS is not touched.
//! - Each Tokio runtime has connections of its own. A connection is driven by the runtime that opened it, so a blocked
//!   actix worker would hold up every other worker that takes a connection of it from a shared pool.

use std::{
    error::Error,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use reqwest::{Client, ClientBuilder, redirect::Policy};
use tokio::runtime::{self, Handle};

use crate::config::{ConfigError, ConfigErrorKind, url::goes_through_proxy};

/// Why a client could not be built.
pub(crate) type BuildError = Box<dyn Error + Send + Sync>;

/// For how many runtimes connections are kept. Those of the oldest go first.
const MAX_RUNTIMES: usize = 256;

/// What differs between clients.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// How long a connection attempt may take.
    pub connect_timeout: Duration,
    /// The `User-Agent` of calls that have none; `None` for a proxy, whose clients choose it.
    pub user_agent: Option<&'static str>,
    /// How long a whole call may take; `None` for a caller that limits it itself.
    pub timeout: Option<Duration>,
    /// How many idle connections to one host are kept open.
    pub idle_connections: usize,
}

/// An HTTP client. Clones share its connections.
#[derive(Clone)]
pub struct HttpClient(Arc<Shared>);

struct Shared {
    settings: ClientSettings,
    /// Built with the settings, so that a client that cannot start is noticed then, and whether it knows the proxy. The
    /// first runtime takes it.
    first: Mutex<Option<(bool, Client)>>,
    clients: RwLock<Vec<Connections>>,
}

/// The connections of one runtime.
struct Connections {
    /// `None` for a client that was handed out outside of any.
    runtime: Option<runtime::Id>,
    through_proxy: bool,
    client: Client,
}

impl HttpClient {
    /// A client with these settings, mostly for calls of this URL. It reads the system's certificates, and does no other
    /// I/O.
    ///
    /// # Errors
    /// When it cannot start, for want of certificates.
    pub fn new(settings: ClientSettings, url: &str) -> Result<Self, ConfigError> {
        let failed = |problem: &str| ConfigError::new(ConfigErrorKind::HttpClient, problem);
        if !HAS_TLS && url.starts_with("https:") {
            return Err(failed(
                "no TLS provider: turn on one of the features aws-lc-rs (default), ring and native-tls, or set CLERK_JWT_KEY to verify without a network",
            ));
        }
        let through_proxy = goes_through_proxy(url);
        let first = build(&settings, through_proxy).map_err(|error| {
            failed(
                "the HTTPS client could not start: install the system's CA certificates (ca-certificates), or set CLERK_JWT_KEY to verify without a network",
            )
            .with_source(error)
        })?;
        let first = Mutex::new(Some((through_proxy, first)));
        Ok(Self(Arc::new(Shared { settings, first, clients: RwLock::default() })))
    }

    /// The client for calls of this URL from the present runtime.
    ///
    /// # Errors
    /// When a client cannot start although the first one could.
    pub fn for_url(&self, url: &str) -> Result<Client, BuildError> {
        let (shared, through_proxy) = (&*self.0, goes_through_proxy(url));
        let runtime = Handle::try_current().ok().map(|handle| handle.id());
        if let Some(client) = shared.find(runtime, through_proxy) {
            return Ok(client);
        }
        let client = match shared.take_first(through_proxy) {
            Some(client) => client,
            None => build(&shared.settings, through_proxy)?,
        };
        Ok(shared.keep(Connections { runtime, through_proxy, client }))
    }
}

impl Shared {
    /// The client that was built with the settings, unless a runtime has it or it is of the other kind.
    fn take_first(&self, through_proxy: bool) -> Option<Client> {
        let mut first = self.first.lock().unwrap_or_else(PoisonError::into_inner);
        first.take_if(|(kind, _)| *kind == through_proxy).map(|(_, client)| client)
    }

    fn find(&self, runtime: Option<runtime::Id>, through_proxy: bool) -> Option<Client> {
        let clients = self.clients.read().unwrap_or_else(PoisonError::into_inner);
        find(&clients, runtime, through_proxy)
    }

    /// Keeps a runtime's connections, unless another thread of it was faster.
    fn keep(&self, connections: Connections) -> Client {
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = find(&clients, connections.runtime, connections.through_proxy) {
            return client;
        }
        if clients.len() >= MAX_RUNTIMES {
            clients.remove(0);
        }
        let client = connections.client.clone();
        clients.push(connections);
        client
    }
}

fn find(clients: &[Connections], runtime: Option<runtime::Id>, through_proxy: bool) -> Option<Client> {
    let found = clients.iter().find(|one| one.runtime == runtime && one.through_proxy == through_proxy)?;
    Some(found.client.clone())
}

/// A client that only calls this machine, from one runtime, for tools.
///
/// # Errors
/// When it cannot start.
pub fn local_client(timeout: Duration) -> Result<Client, Box<dyn Error + Send + Sync>> {
    let settings =
        ClientSettings { connect_timeout: timeout, user_agent: None, timeout: Some(timeout), idle_connections: 8 };
    build(&settings, false)
}

fn build(settings: &ClientSettings, through_proxy: bool) -> Result<Client, BuildError> {
    let builder = Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .pool_max_idle_per_host(settings.idle_connections)
        .connect_timeout(settings.connect_timeout)
        // The proxy passes bodies on as they are; features of another crate could turn decoding on.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate();
    let builder = settings.timeout.into_iter().fold(builder, ClientBuilder::timeout);
    let builder = settings.user_agent.into_iter().fold(builder, ClientBuilder::user_agent);
    let builder = if through_proxy { builder } else { builder.no_proxy() };
    Ok(with_tls(builder)?.build()?)
}

/// Whether a feature has chosen the provider of TLS.
const HAS_TLS: bool = cfg!(any(feature = "aws-lc-rs", feature = "ring", feature = "native-tls"));

#[cfg(feature = "aws-lc-rs")]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    Ok(builder.tls_backend_rustls())
}

/// With ring, whatever providers other crates have compiled in: rustls itself would refuse to choose between two.
#[cfg(all(feature = "ring", not(feature = "aws-lc-rs")))]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(Arc::clone(&provider))?;
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous() // the name of the method that takes a verifier; this one is the system's
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(tls))
}

#[cfg(all(feature = "native-tls", not(any(feature = "aws-lc-rs", feature = "ring"))))]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    Ok(builder.tls_backend_native())
}

/// Without TLS only plain http can be called, which is allowed on this machine.
#[cfg(not(any(feature = "aws-lc-rs", feature = "ring", feature = "native-tls")))]
fn with_tls(builder: ClientBuilder) -> Result<ClientBuilder, BuildError> {
    Ok(builder)
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpClient").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_runtime_has_connections_of_its_own() {
        let settings = ClientSettings {
            connect_timeout: Duration::from_secs(1),
            user_agent: None,
            timeout: None,
            idle_connections: 1,
        };
        let client = HttpClient::new(settings, "https://api.clerk.com").unwrap();
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let kept = || client.0.clients.read().unwrap().len();
        let (one, other) = (runtime(), runtime());
        for (runtime, url, expected) in [
            (&one, "https://api.clerk.com", 1),
            (&one, "https://api.clerk.com/v1/jwks", 1),
            (&other, "https://api.clerk.com", 2),
            (&one, "http://127.0.0.1:4401", 3),
            (&one, "https://localhost", 3),
        ] {
            runtime.block_on(async { client.for_url(url).unwrap() });
            assert_eq!(kept(), expected, "{url}");
        }
        let spare = build(&client.0.settings, true).unwrap();
        for _ in 0..2 * MAX_RUNTIMES {
            let id = runtime().block_on(async { Handle::current().id() });
            client.0.keep(Connections { runtime: Some(id), through_proxy: true, client: spare.clone() });
        }
        assert_eq!(kept(), MAX_RUNTIMES);
    }
}
