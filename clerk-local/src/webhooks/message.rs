//! [`WebhookMessage`]: a sent message, and the attempts to deliver it.

use std::{collections::VecDeque, sync::Arc};

use clerk_core::time::Timestamp;

/// How many messages are stored, and how many attempts of each.
const MAX_MESSAGES: usize = 1000;
const MAX_ATTEMPTS: usize = 100;

/// A message to the application's webhook endpoints.
#[derive(Debug, Clone)]
pub struct WebhookMessage {
    id: String,
    event_type: String,
    created_at: Timestamp,
    payload: Arc<str>,
    attempts: Vec<WebhookAttempt>,
}

/// An attempt to deliver a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookAttempt {
    pub(super) endpoint: String,
    pub(super) at: Timestamp,
    pub(super) status: Option<u16>,
}

impl WebhookMessage {
    pub(super) fn new(id: String, event_type: &str, payload: String, created_at: Timestamp) -> Self {
        Self { id, event_type: event_type.to_owned(), created_at, payload: payload.into(), attempts: Vec::new() }
    }

    /// Its id, `msg_...`, which every attempt carries in `svix-id`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What happened, `session.ended` for example.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// When it happened.
    #[must_use]
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// The body, JSON.
    #[must_use]
    pub fn payload(&self) -> &str {
        &self.payload
    }

    /// The finished attempts to deliver it, the latest last.
    #[must_use]
    pub fn attempts(&self) -> &[WebhookAttempt] {
        &self.attempts
    }
}

impl WebhookAttempt {
    /// The address that it went to.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// When it was made.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The HTTP status code of the answer; `None` without an answer.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// Whether the message counts as delivered.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}

/// The latest messages.
#[derive(Debug, Default)]
pub(super) struct Messages(VecDeque<WebhookMessage>);

impl Messages {
    pub(super) fn add(&mut self, message: WebhookMessage) {
        if self.0.len() >= MAX_MESSAGES {
            self.0.pop_front();
        }
        self.0.push_back(message);
    }

    pub(super) fn add_attempt(&mut self, id: &str, attempt: WebhookAttempt) {
        if let Some(message) = self.0.iter_mut().find(|message| message.id == id) {
            if message.attempts.len() >= MAX_ATTEMPTS {
                message.attempts.remove(0);
            }
            message.attempts.push(attempt);
        }
    }

    pub(super) fn payload(&self, id: &str) -> Option<Arc<str>> {
        self.0.iter().find(|message| message.id == id).map(|message| Arc::clone(&message.payload))
    }

    /// Whether the last attempt of each message at each endpoint was a delivery.
    pub(super) fn are_delivered(&self) -> bool {
        self.0.iter().all(|message| {
            let last = |endpoint: &str| message.attempts.iter().rev().find(|attempt| attempt.endpoint == endpoint);
            message.attempts.iter().all(|attempt| last(&attempt.endpoint).is_some_and(WebhookAttempt::is_delivered))
        })
    }

    pub(super) fn all(&self) -> Vec<WebhookMessage> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_messages_are_kept() {
        let now = Timestamp::from_unix_seconds(0);
        let mut messages = Messages::default();
        for number in 0..=MAX_MESSAGES {
            messages.add(WebhookMessage::new(format!("msg_{number}"), "x", "{}".to_owned(), now));
        }
        assert_eq!(messages.all().len(), MAX_MESSAGES);
        assert!(messages.payload("msg_0").is_none() && messages.payload("msg_1").is_some());
        for number in 0..=MAX_ATTEMPTS {
            let status = u16::try_from(number).ok();
            messages.add_attempt("msg_1", WebhookAttempt { endpoint: String::new(), at: now, status });
        }
        let attempts = messages.all()[0].attempts().to_vec();
        assert_eq!((attempts.len(), attempts[0].status()), (MAX_ATTEMPTS, Some(1)));
    }
}
