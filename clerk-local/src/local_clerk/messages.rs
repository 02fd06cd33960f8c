//! What the instance sends: webhooks, e-mails and text messages.

use super::LocalClerk;
use crate::{error::StartError, store::OutboxMessage, webhooks::WebhookMessage};

impl LocalClerk {
    /// What the instance's webhooks are signed with, `whsec_...`; one secret for all endpoints, where Clerk has one for
    /// each.
    #[must_use]
    pub fn webhook_signing_secret(&self) -> &str {
        self.shared.webhooks.secret()
    }

    /// Tells this address of the application from now on what happens: sessions that are created, ended or revoked, users
    /// that are created, updated or deleted, memberships that are created or deleted.
    ///
    /// Each message goes out in a task of its own, so that they may arrive in any order, and again after each failure;
    /// see [`webhook_retries`](crate::LocalClerkBuilder::webhook_retries).
    ///
    /// # Errors
    /// When it is no http URL of this machine.
    pub fn add_webhook_endpoint(&self, url: &str) -> Result<(), StartError> {
        self.shared.webhooks.add_endpoint(url)
    }

    /// Sends an event of any type to the endpoints; the message's id.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn send_webhook(&self, event_type: &str, data: serde_json::Value) -> String {
        self.shared.webhooks.send_raw(event_type, data)
    }

    /// Sends a message once more to every endpoint, under the same id, as the dashboard's button does; whether there is
    /// one with this id.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn redeliver_webhook(&self, id: &str) -> bool {
        self.shared.webhooks.redeliver(id)
    }

    /// The last 1000 messages to the endpoints, the latest last, and what became of each.
    #[must_use]
    pub fn webhook_messages(&self) -> Vec<WebhookMessage> {
        self.shared.webhooks.messages()
    }

    /// The last 1000 e-mails and text messages that the instance "sent", the latest last. They go no further than here
    /// and the page `/outbox`.
    #[must_use]
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        self.shared.store().outbox.all()
    }

    /// The code that was last sent to this e-mail address or phone number, what a test types in.
    #[must_use]
    pub fn last_code(&self, to: &str) -> Option<String> {
        self.shared.store().outbox.last_code(to).map(str::to_owned)
    }

    /// The link that was last sent to this e-mail address, what a test opens.
    #[must_use]
    pub fn last_link(&self, to: &str) -> Option<String> {
        self.shared.store().outbox.last_link(to).map(str::to_owned)
    }
}
