//! The current user and organization from the Backend API: over real sockets in three frameworks, and under concurrency.

mod requests;
mod source;

use std::sync::Arc;

use clerk_api::{Client, CurrentSource, Retry};
use clerk_core::{
    Clerk,
    time::{Clock, ManualClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client::{self, Response},
    switch::Switch,
};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(NOW))
}

/// An instance whose PEM key is configured, and a separate endpoint as its Backend API.
struct Instance {
    local: LocalClerk,
    clock: Arc<ManualClock>,
    api: Switch,
    clerk: Clerk,
}

impl Instance {
    async fn start(api: Switch) -> Self {
        let clock = clock();
        let local = LocalClerk::builder().clock(Arc::<ManualClock>::clone(&clock)).start().await.unwrap();
        let builder = Clerk::builder().clock(Arc::<ManualClock>::clone(&clock));
        let builder = builder.publishable_key(local.publishable_key().clone()).secret_key(local.secret_key().clone());
        let clerk = builder.jwt_key(local.jwt_key_pem().parse().unwrap()).api_url(api.url()).unwrap();
        Self { local, clock, api, clerk: clerk.build().unwrap() }
    }

    /// A source without retries: a wait by the manual clock would never end.
    fn source(&self) -> CurrentSource {
        CurrentSource::from_client(Client::from_clerk(&self.clerk).retries(Retry::never()))
    }

    fn token_of(&self, user_id: &str) -> String {
        self.local.token("alice").unwrap().claim("sub", user_id.into()).mint()
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

fn user(id: &str, name: &str) -> String {
    format!(r#"{{"object":"user","id":"{id}","first_name":"{name}","banned":false,"locked":false}}"#)
}

const NOT_FOUND: &str = r#"{"errors":[{"code":"resource_not_found","message":"not found"}]}"#;

async fn get(address: std::net::SocketAddr, path: &str, token: &str) -> Response {
    client::get(address, path, &[("authorization", format!("Bearer {token}").into_bytes())]).await
}
