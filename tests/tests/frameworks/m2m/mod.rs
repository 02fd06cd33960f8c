//! Machine to machine: how a caller renews its tokens, where it sends them, and how the called service caches them.

mod cache;
mod outgoing;
mod source;

use std::{sync::Arc, time::Duration};

use clerk_api::m2m::{M2mTokenSource, M2mTokenSourceBuilder};
use clerk_core::{
    Clerk,
    time::{Clock, ManualClock, Timestamp},
};
use clerk_local::LocalClerk;
use clerk_tests::switch::{Behaviour, Switch};

/// An instance with a manual clock.
struct Scene {
    local: LocalClerk,
    clock: Arc<ManualClock>,
}

impl Scene {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        Self { local: LocalClerk::builder().clock(clock.clone()).start().await.unwrap(), clock }
    }

    fn clerk(&self) -> Clerk {
        self.local.clerk_builder().unwrap().build().unwrap()
    }

    fn source(&self, change: impl FnOnce(M2mTokenSourceBuilder) -> M2mTokenSourceBuilder) -> M2mTokenSource {
        change(M2mTokenSource::builder(&self.clerk())).build().unwrap()
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// A Backend API with a switchable behaviour, and a source that creates tokens there.
struct Faulty {
    api: Switch,
    clock: Arc<ManualClock>,
    source: M2mTokenSource,
}

impl Faulty {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_unix_seconds(1_768_478_400)));
        let api = Switch::start(Behaviour::status(404)).await;
        let builder = Clerk::builder().machine_secret_key("ak_secretofthemachine".parse().unwrap());
        let builder = builder.api_url(api.url()).unwrap().clock(clock.clone()).http_timeout(Duration::from_millis(600));
        let source = M2mTokenSource::new(&builder.build().unwrap()).unwrap();
        let this = Self { api, clock, source };
        this.create("mt_1");
        this
    }

    /// Makes the API create this token, with a lifetime of one hour.
    fn create(&self, token: &str) {
        let now = self.clock.now().unix_millis();
        let body = format!(r#"{{"id":"mt_id","token":"{token}","created_at":{now},"expiration":{}}}"#, now + 3_600_000);
        self.api.set_behaviour(Behaviour::Respond(201, String::new(), body));
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

/// Waits until the condition holds.
async fn eventually(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("within 10 s");
}
