//! [`Delivery`]: the delivery of a message to an endpoint.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::{Engine, engine::general_purpose::STANDARD};
use url::Url;

use super::{Webhooks, message::WebhookAttempt};

/// The delivery of one message to one endpoint.
pub(super) struct Delivery {
    pub(super) webhooks: Arc<Webhooks>,
    pub(super) client: reqwest::Client,
    pub(super) id: String,
    pub(super) payload: Arc<str>,
    pub(super) endpoint: Url,
}

impl Delivery {
    /// Tries until the endpoint answers with 2xx or the attempts are used up; only once without `retries`.
    pub(super) async fn run(self, retries: bool) {
        let Self { webhooks, id, endpoint, .. } = &self;
        for wait in webhooks.retries.iter().filter(|_| retries).map(Some).chain([None]) {
            let attempt = self.attempt().await;
            let (at, status, delivered) = (attempt.at(), attempt.status(), attempt.is_delivered());
            tracing::debug!(target: "clerk_local", id, endpoint = endpoint.as_str(), status, "a webhook was sent");
            webhooks.log().messages.add_attempt(id, attempt);
            match wait {
                _ if delivered => return,
                Some(wait) => webhooks.clock.sleep_until(at + *wait).await,
                None => {
                    tracing::warn!(target: "clerk_local", id, endpoint = endpoint.as_str(), status, "a webhook was not delivered");
                }
            }
        }
    }

    async fn attempt(&self) -> WebhookAttempt {
        let at = self.webhooks.clock.now();
        // Each attempt has its own time, and so its own signature.
        let timestamp = at.unix_seconds();
        let request = self
            .client
            .post(self.endpoint.clone())
            .header("content-type", "application/json")
            .header("user-agent", "Svix-Webhooks/1.0 (clerk-local)")
            .header("svix-id", &self.id)
            .header("svix-timestamp", timestamp)
            .header("svix-signature", signature(&self.webhooks.key, &self.id, timestamp, &self.payload))
            .body(self.payload.to_string());
        let status = request.send().await.ok().map(|answer| answer.status().as_u16());
        WebhookAttempt { endpoint: self.endpoint.as_str().to_owned(), at, status }
    }
}

/// The signature header of Standard Webhooks
/// ([specification](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)).
fn signature(key: &hmac::Key, id: &str, timestamp: i64, payload: &str) -> String {
    let signed = hmac::sign(key, format!("{id}.{timestamp}.{payload}").as_bytes());
    format!("v1,{}", STANDARD.encode(signed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_standards_example() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let signature = signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
