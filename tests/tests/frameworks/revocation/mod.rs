//! Revoked sessions, in all three frameworks over real connections.

mod calls;
mod claims_age;
mod failover;
mod redis;
mod requests;
mod strict;
mod webhooks;

use std::{net::SocketAddr, sync::Arc};

use clerk_core::{
    Clerk, ClerkBuilder,
    revocation::InMemoryRevocations,
    time::{ManualClock, Timestamp},
};
use clerk_local::{LocalClerk, TokenBuilder};
use clerk_tests::client::{self, Response};

/// An instance, and the `Clerk` of a service with a revocation store.
struct Instance {
    local: LocalClerk,
    clerk: Clerk,
    clock: Arc<ManualClock>,
}

impl Instance {
    async fn start() -> Self {
        Self::with(|builder| builder.revocation(Arc::new(InMemoryRevocations::new()))).await
    }

    async fn with(configure: impl FnOnce(ClerkBuilder) -> ClerkBuilder) -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
        let clerk = configure(local.clerk_builder().unwrap()).build().unwrap();
        Self { local, clerk, clock }
    }

    fn token(&self, session_id: &str) -> TokenBuilder {
        self.local.token("alice").unwrap().session_id(session_id)
    }

    fn alice(&self) -> String {
        self.local.user("alice").unwrap().id
    }

    /// The user's active sessions, from the Backend API.
    async fn sessions(&self, user_id: &str) -> Vec<String> {
        let url = format!("{}/v1/sessions?user_id={user_id}&status=active", self.local.backend_api_url());
        let request = reqwest::Client::new().get(url).bearer_auth(self.local.secret_key().expose());
        let listed: serde_json::Value =
            serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap();
        listed.as_array().unwrap().iter().map(|session| session["id"].as_str().unwrap().to_owned()).collect()
    }
}

async fn get(address: SocketAddr, path: &str, token: &str) -> Response {
    client::get(address, path, &[("authorization", format!("Bearer {token}").into_bytes())]).await
}

async fn status(address: SocketAddr, path: &str, token: &str) -> u16 {
    get(address, path, token).await.status
}
