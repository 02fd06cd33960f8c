//! What the instance sends: webhooks, e-mails and text messages.

use super::LocalClerk;
use crate::{error::StartError, store::OutboxMessage, webhooks::WebhookMessage};

impl LocalClerk {
    /// The signing secret of the webhooks, `whsec_...`: one for all endpoints, where Clerk has one for each.
    #[must_use]
    pub fn webhook_signing_secret(&self) -> &str {
        self.shared.webhooks.secret()
    }

    /// Sends webhooks to this address of the application from now on: sessions created, ended or revoked; users
    /// created, updated or deleted; memberships created or deleted.
    ///
    /// Each message is sent by its own task, so that they may arrive in any order, and again after each failure; see
    /// [`webhook_retries`](crate::LocalClerkBuilder::webhook_retries).
    ///
    /// # Errors
    /// When it is not an http URL of this machine.
    pub fn add_webhook_endpoint(&self, url: &str) -> Result<(), StartError> {
        self.shared.webhooks.add_endpoint(url)
    }

    /// Sends an event of any type to the endpoints; returns the message's id.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn send_webhook(&self, event_type: &str, data: serde_json::Value) -> String {
        self.shared.webhooks.send_raw(event_type, data)
    }

    /// Sends a message again to every endpoint, with the same id, as the dashboard's button does; returns whether the
    /// message exists.
    #[expect(clippy::must_use_candidate, reason = "called for its effect")]
    pub fn redeliver_webhook(&self, id: &str) -> bool {
        self.shared.webhooks.redeliver(id)
    }

    /// The last 1000 messages to the endpoints, the latest last, with the attempts to deliver them.
    #[must_use]
    pub fn webhook_messages(&self) -> Vec<WebhookMessage> {
        self.shared.webhooks.messages()
    }

    /// Waits until no webhook is on its way: each was delivered, or all attempts are used up. Returns whether all were
    /// delivered. The waits between attempts follow the instance's clock.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let local = clerk_local::LocalClerk::builder().webhook_endpoint("http://localhost:3000/webhooks").start().await?;
    /// local.delete_user("bob")?;
    /// assert!(local.wait_for_webhooks().await); // the app has handled user.deleted
    /// # Ok(()) }
    /// ```
    pub async fn wait_for_webhooks(&self) -> bool {
        self.shared.webhooks.wait().await
    }

    /// The last 1000 e-mails and text messages that the instance "sent", the latest last. Only this list and the page
    /// `/outbox` have them.
    #[must_use]
    pub fn outbox(&self) -> Vec<OutboxMessage> {
        self.shared.store().outbox.all()
    }

    /// The last code that was sent to this e-mail address or phone number, for a test to type.
    #[must_use]
    pub fn last_code(&self, to: &str) -> Option<String> {
        self.shared.store().outbox.last_code(to).map(str::to_owned)
    }

    /// The last link that was sent to this e-mail address, for a test to open.
    #[must_use]
    pub fn last_link(&self, to: &str) -> Option<String> {
        self.shared.store().outbox.last_link(to).map(str::to_owned)
    }
}
