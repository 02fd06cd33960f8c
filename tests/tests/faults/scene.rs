//! An instance whose JWKS endpoint can fail, and a thousand concurrent requests.

use std::{sync::Arc, time::Duration};

use clerk_core::{
    Clerk, ClerkBuilder,
    adapter::VerifyError,
    time::{ManualClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client,
    switch::{Behaviour, Switch},
};

pub const REQUESTS: usize = 1000;

/// An instance, an endpoint that serves its keys, and a `Clerk` that fetches them there.
pub struct Scene {
    pub local: LocalClerk,
    pub clock: Arc<ManualClock>,
    pub endpoint: Switch,
    pub clerk: Clerk,
    pub jwks: String,
    /// Tokens that are signed with the instance's key, not cached yet, and expire late.
    pub tokens: Vec<String>,
}

/// The JWKS that an instance publishes.
pub async fn jwks_of(local: &LocalClerk) -> String {
    let host = local.frontend_api_url().strip_prefix("http://").unwrap();
    let address = tokio::net::lookup_host(host).await.unwrap().find(std::net::SocketAddr::is_ipv4).unwrap();
    client::get(address, "/.well-known/jwks.json", &[]).await.body
}

/// The number of requests per result.
#[derive(Debug, Default, PartialEq, Eq, Clone, Copy)]
pub struct Count {
    pub good: usize,
    pub refused: usize,
    pub unavailable: usize,
}

impl Scene {
    pub async fn with(behaviour: Option<Behaviour>, change: impl FnOnce(ClerkBuilder) -> ClerkBuilder) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
        let jwks = jwks_of(&local).await;
        let endpoint = Switch::start(behaviour.unwrap_or_else(|| Behaviour::good(&jwks))).await;
        let builder = local.clerk_builder().unwrap().api_url(endpoint.url()).unwrap();
        let clerk = change(builder.http_timeout(Duration::from_secs(2))).build().unwrap();
        let far = Timestamp::from_unix_seconds(2_000_000_000);
        let token = |number: usize| local.token("alice").unwrap().claim("n", number.into()).expires_at(far).mint();
        let tokens = (0..50).map(token).collect();
        Self { local, clock, endpoint, clerk, jwks, tokens }
    }

    /// Verifies the tokens in turn, in concurrent tasks.
    pub async fn send(&self) -> Count {
        let tasks: Vec<_> = (0..REQUESTS)
            .map(|index| {
                let (clerk, token) = (self.clerk.clone(), self.tokens[index % self.tokens.len()].clone());
                tokio::spawn(async move { clerk.verify_session_token(&token).await })
            })
            .collect();
        let mut count = Count::default();
        for task in tasks {
            match tokio::time::timeout(Duration::from_secs(20), task).await.expect("a result within 20 s").unwrap() {
                Ok(_) => count.good += 1,
                Err(VerifyError::Unavailable(_)) => count.unavailable += 1,
                Err(_) => count.refused += 1,
            }
        }
        count
    }

    /// Verifies the tokens in turn, without waiting for keys.
    pub fn send_now(&self) -> Count {
        let mut count = Count::default();
        for index in 0..REQUESTS {
            let token = &self.tokens[index % self.tokens.len()];
            let request = http::Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap();
            let headers = clerk_tower::Headers(request.headers());
            match self.clerk.authenticate_now(&headers.view(request.method(), request.uri())) {
                Some(state) if state.auth().is_authenticated() => count.good += 1,
                Some(_) => count.refused += 1,
                None => count.unavailable += 1,
            }
        }
        count
    }

    pub fn good(&self) -> Behaviour {
        Behaviour::good(&self.jwks)
    }
}

pub fn all_good() -> Count {
    Count { good: REQUESTS, ..Count::default() }
}

pub fn all_unavailable() -> Count {
    Count { unavailable: REQUESTS, ..Count::default() }
}
