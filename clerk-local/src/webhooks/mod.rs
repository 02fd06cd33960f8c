//! Webhooks: events of the instance, sent to the application's endpoints and signed as Clerk's are.
//!
//! As with Clerk, each message is delivered at least once, in no particular order, and again until the endpoint answers
//! with 2xx or the attempts are used up.

mod delivery;
mod event;
mod message;

use std::{
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use clerk_core::{internal::local_client, time::Clock};
use serde_json::Value;
use tokio::{sync::Notify, task::JoinSet};
use url::{Host, Url};

use delivery::Delivery;
pub(crate) use event::{Event, MembershipPayload, SessionPayload};
use message::Messages;
pub use message::{WebhookAttempt, WebhookMessage};

use crate::{error::StartError, keys::random_id};

/// Default waits after failed attempts, much shorter than Clerk's, which take a day.
const RETRIES: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(120)];

/// How long an endpoint may take to answer, as with Clerk.
const TIMEOUT: Duration = Duration::from_secs(15);

/// How many deliveries can be in progress at once, waits between attempts included; more are dropped and logged.
const MAX_DELIVERIES: usize = 1000;

/// The endpoints of the instance's webhooks, and the messages.
pub(crate) struct Webhooks {
    secret: String,
    key: hmac::Key,
    instance_id: String,
    retries: Vec<Duration>,
    allowed_origins: Vec<String>,
    clock: Arc<dyn Clock>,
    log: Mutex<DeliveryLog>,
    /// How many deliveries are in progress.
    in_progress: AtomicUsize,
    /// One of them has ended.
    ended: Notify,
    /// The instance's runtime, as events may come from any thread.
    runtime: tokio::runtime::Handle,
}

#[derive(Default)]
struct DeliveryLog {
    endpoints: Vec<Url>,
    /// Created for the first endpoint, because it reads the system's certificates.
    client: Option<reqwest::Client>,
    messages: Messages,
    /// Aborted when the instance ends.
    deliveries: JoinSet<()>,
}

/// Settings of an instance's webhooks.
#[derive(Debug)]
pub(crate) struct WebhookSettings {
    pub(crate) endpoints: Vec<String>,
    pub(crate) retries: Vec<Duration>,
    /// Origins besides those of this machine that endpoints may have.
    pub(crate) allowed_origins: Vec<String>,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self { endpoints: Vec::new(), retries: RETRIES.into(), allowed_origins: Vec::new() }
    }
}

/// A new signing secret, in the form of Clerk's.
pub(crate) fn new_secret() -> Result<String, StartError> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes).map_err(|_| StartError::signing_key())?;
    Ok(format!("whsec_{}", STANDARD.encode(bytes)))
}

impl Webhooks {
    /// # Panics
    /// Outside of a Tokio runtime.
    pub(crate) fn new(settings: WebhookSettings, secret: &str, clock: Arc<dyn Clock>) -> Result<Self, StartError> {
        let bytes = secret.strip_prefix("whsec_").and_then(|secret| STANDARD.decode(secret).ok());
        let bytes = bytes.ok_or_else(|| StartError::invalid_setting("webhook_secret"))?;
        let this = Self {
            secret: secret.to_owned(),
            key: hmac::Key::new(hmac::HMAC_SHA256, &bytes),
            instance_id: random_id("ins"),
            retries: settings.retries,
            allowed_origins: settings.allowed_origins,
            clock,
            log: Mutex::default(),
            in_progress: AtomicUsize::new(0),
            ended: Notify::new(),
            runtime: tokio::runtime::Handle::current(),
        };
        settings.endpoints.iter().try_for_each(|url| this.add_endpoint(url))?;
        Ok(this)
    }

    pub(crate) fn instance_id(&self) -> &str {
        &self.instance_id
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Adds an endpoint for future events.
    pub(crate) fn add_endpoint(&self, url: &str) -> Result<(), StartError> {
        let refused = || StartError::webhook_url(url);
        let url = Url::parse(url).map_err(|_| refused())?;
        // No other name: resolvers differ about `app.localhost`.
        let local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let allowed = local || self.allowed_origins.contains(&url.origin().ascii_serialization());
        if url.scheme() != "http" || !allowed || !url.username().is_empty() || url.password().is_some() {
            return Err(refused());
        }
        let mut log = self.log();
        if log.client.is_none() {
            log.client = Some(local_client(TIMEOUT).map_err(|_| StartError::http_client())?);
        }
        if !log.endpoints.contains(&url) {
            log.endpoints.push(url);
        }
        Ok(())
    }

    /// Removes all endpoints; deliveries in progress go on.
    pub(crate) fn forget_endpoints(&self) {
        self.log().endpoints.clear();
    }

    pub(crate) fn endpoints(&self) -> Vec<Url> {
        self.log().endpoints.clone()
    }

    pub(crate) fn messages(&self) -> Vec<WebhookMessage> {
        self.log().messages.all()
    }

    /// Sends an event to every endpoint; returns the message's id.
    pub(crate) fn send(self: &Arc<Self>, event: &Event) -> String {
        self.send_raw(event.name(), event.data(self.clock.now()))
    }

    pub(crate) fn send_raw(self: &Arc<Self>, event_type: &str, data: Value) -> String {
        let now = self.clock.now();
        let payload = event::envelope(event_type, data, now, &self.instance_id);
        let message = WebhookMessage::new(random_id("msg"), event_type, payload, now);
        let id = message.id().to_owned();
        let mut log = self.log();
        log.messages.add(message);
        for endpoint in log.endpoints.clone() {
            self.start(&mut log, &id, endpoint, true);
        }
        id
    }

    /// Sends a message again to every endpoint, once, with the same id; returns whether the message exists.
    pub(crate) fn redeliver(self: &Arc<Self>, id: &str) -> bool {
        let mut log = self.log();
        let known = log.messages.payload(id).is_some();
        for endpoint in log.endpoints.clone().into_iter().filter(|_| known) {
            self.start(&mut log, id, endpoint, false);
        }
        known
    }

    fn start(self: &Arc<Self>, log: &mut DeliveryLog, id: &str, endpoint: Url, retries: bool) {
        while log.deliveries.try_join_next().is_some() {}
        let (Some(client), Some(payload)) = (log.client.clone(), log.messages.payload(id)) else { return };
        if log.deliveries.len() >= MAX_DELIVERIES {
            tracing::error!(target: "clerk_local", id, "a webhook was dropped: too many deliveries are in progress");
            return;
        }
        let delivery = Delivery { webhooks: Arc::clone(self), client, id: id.to_owned(), payload, endpoint };
        self.in_progress.fetch_add(1, Ordering::SeqCst);
        let in_progress = InProgress(Arc::clone(self));
        let task = async move {
            delivery.run(retries).await;
            drop(in_progress);
        };
        log.deliveries.spawn_on(task, &self.runtime);
    }

    /// Waits until no delivery is in progress; returns whether each message arrived where it was sent.
    pub(crate) async fn wait(&self) -> bool {
        loop {
            // Subscribes before it looks, so that it misses no end.
            let mut ended = pin!(self.ended.notified());
            ended.as_mut().enable();
            if self.in_progress.load(Ordering::SeqCst) == 0 {
                return self.log().messages.are_delivered();
            }
            ended.await;
        }
    }

    /// Ends every delivery.
    pub(crate) fn stop(&self) {
        self.log().deliveries.abort_all();
    }

    fn log(&self) -> MutexGuard<'_, DeliveryLog> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A delivery that counts as in progress until it ends or is aborted.
struct InProgress(Arc<Webhooks>);

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.in_progress.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.notify_waiters();
    }
}
