//! Revocation by webhook: sessions, users and memberships that a webhook says have ended.

use serde::Deserialize;
use serde_json::Value;

use super::{RETRY_AFTER, handling::Delivery, message::WebhookMessage};
use crate::{
    auth::Denied,
    base::time::Timestamp,
    clerk::Clerk,
    revocation::{RevocationError, Revoked},
};

/// The fields that a revocation needs, so that no other field can make parsing fail.
#[derive(Deserialize)]
struct RevocationEvent {
    #[serde(rename = "type")]
    name: String,
    #[serde(default)]
    timestamp: Value,
    #[serde(default)]
    data: Value,
}

impl Clerk {
    /// Revokes what a webhook says has ended:
    ///
    /// | event | what is [revoked](crate::revocation) |
    /// |---|---|
    /// | `session.ended`, `session.removed`, `session.revoked` | the session |
    /// | `user.deleted`; `user.updated` with `banned` or `locked` | the user's tokens up to the event |
    /// | `organizationMembership.deleted` | the membership, in tokens up to the event |
    ///
    /// All other events are ignored. This is idempotent and does not depend on the order of webhooks, because the event's
    /// own time says which tokens it revokes. [`WebhookEndpoint::revocations`](super::WebhookEndpoint::revocations) calls
    /// it for you.
    ///
    /// ```
    /// use clerk_core::{Clerk, revocation::RevocationError, webhook::WebhookMessage};
    ///
    /// async fn handle(clerk: &Clerk, message: &WebhookMessage) -> Result<(), RevocationError> {
    ///     clerk.revoke_by_webhook(message).await // answer 503 when it fails, so that Clerk sends it again
    /// }
    /// ```
    ///
    /// # Errors
    /// When the [store](crate::ClerkBuilder::revocation) could not write the revocation for the other processes.
    pub async fn revoke_by_webhook(&self, message: &WebhookMessage) -> Result<(), RevocationError> {
        match parse_revocation(message.payload(), message.sent_at()) {
            Some((revoked, at)) => {
                tracing::debug!(target: "clerk", id = %message.id(), ?revoked, "a webhook revokes tokens");
                self.revoked(revoked, at).await
            }
            None => Ok(()),
        }
    }
}

/// Returns what an event revokes, and when it happened.
fn parse_revocation(payload: &[u8], sent_at: Timestamp) -> Option<(Revoked, Timestamp)> {
    let RevocationEvent { name, timestamp, data } = serde_json::from_slice(payload).ok()?;
    let id = |object: &Value| object["id"].as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    let is = |flag: &str| data[flag] == true;
    let revoked = match &*name {
        "session.ended" | "session.removed" | "session.revoked" => id(&data).map(Revoked::session),
        "user.deleted" => id(&data).map(Revoked::user),
        "user.updated" if is("banned") || is("locked") => id(&data).map(Revoked::user),
        "organizationMembership.deleted" => data["public_user_data"]["user_id"]
            .as_str()
            .zip(id(&data["organization"]))
            .map(|(user_id, org_id)| Revoked::membership(user_id, org_id)),
        _ => return None,
    };
    if revoked.is_none() {
        tracing::error!(target: "clerk", event_type = name, "a webhook about an ended session, user or membership has no id");
    }
    Some((revoked?, timestamp.as_i64().map_or(sent_at, Timestamp::from_unix_millis)))
}

/// Applies a delivery's revocations. On failure it returns an error, so that Clerk delivers the message again.
pub(crate) async fn apply_revocations(clerk: Option<&Clerk>, delivery: Delivery) -> Result<Delivery, Denied> {
    let (clerk, message, handling) = match (clerk, delivery) {
        (Some(clerk), Delivery::New(message, handling)) => (clerk, message, handling),
        (_, delivery) => return Ok(delivery),
    };
    match clerk.revoke_by_webhook(&message).await {
        Ok(()) => Ok(Delivery::New(message, handling)),
        Err(error) => {
            tracing::error!(target: "clerk", id = %message.id(), %error, "the revocation of a webhook is in effect in this process only; Clerk will send the webhook again");
            let denied = Denied::unavailable(RETRY_AFTER);
            handling.finish(denied.status()).await;
            Err(denied)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SENT: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);
    const AT: i64 = 1_768_478_390_123;

    fn revocation_of(name: &str, data: &Value) -> Option<(Revoked, Timestamp)> {
        let payload = json!({"type": name, "object": "event", "timestamp": AT, "data": data});
        parse_revocation(payload.to_string().as_bytes(), SENT)
    }

    #[test]
    fn events_revoke_what_has_ended() {
        let session = json!({"object": "session", "id": "sess_1", "user_id": "user_1", "status": "ended"});
        let user = |banned: Value, locked: Value| json!({"id": "user_1", "banned": banned, "locked": locked});
        let member =
            json!({"id": "orgmem_1", "organization": {"id": "org_1"}, "public_user_data": {"user_id": "user_1"}});
        let (no, yes) = (json!(false), json!(true));
        let membership = Revoked::membership("user_1", "org_1");
        for (name, data, expected) in [
            ("session.ended", session.clone(), Some(Revoked::session("sess_1"))),
            ("session.removed", session.clone(), Some(Revoked::session("sess_1"))),
            ("session.revoked", json!({"id": "sess_1"}), Some(Revoked::session("sess_1"))),
            ("session.created", session.clone(), None),
            ("session.pending", session, None),
            ("user.deleted", json!({"id": "user_1", "deleted": true}), Some(Revoked::user("user_1"))),
            ("user.updated", user(yes.clone(), no.clone()), Some(Revoked::user("user_1"))),
            ("user.updated", user(no.clone(), yes.clone()), Some(Revoked::user("user_1"))),
            ("user.updated", user(no.clone(), no.clone()), None),
            ("user.updated", json!({"id": "user_1"}), None),
            ("user.created", user(yes.clone(), yes), None),
            ("organizationMembership.deleted", member.clone(), Some(membership)),
            ("organizationMembership.updated", member, None),
            ("organizationMembership.deleted", json!({"organization": {"id": "org_1"}}), None),
            ("session.ended", json!({"id": ""}), None),
            ("session.ended", json!({"id": 7}), None),
            ("session.ended", json!("sess_1"), None),
        ] {
            let expected = expected.map(|revoked| (revoked, Timestamp::from_unix_millis(AT)));
            assert_eq!(revocation_of(name, &data), expected, "{name} {data}");
        }
    }

    #[test]
    fn an_event_without_a_time_has_the_time_of_its_message() {
        for timestamp in [json!(null), json!("x"), json!(1.5)] {
            let payload = json!({"type": "user.deleted", "timestamp": timestamp, "data": {"id": "user_1"}}).to_string();
            assert_eq!(parse_revocation(payload.as_bytes(), SENT), Some((Revoked::user("user_1"), SENT)), "{payload}");
        }
        for nonsense in ["", "[]", "{}", r#"{"type":7,"data":{"id":"sess_1"}}"#, r#"{"type":"session.ended"}"#] {
            assert_eq!(parse_revocation(nonsense.as_bytes(), SENT), None, "{nonsense}");
        }
    }
}
