//! Revocation by webhook: sessions, users and memberships that a webhook says have ended.

use clerk_core::{
    Clerk,
    revocation::{RevocationError, Revoked, RevokedAt},
    time::Timestamp,
};
use serde_json::Value;

use crate::{
    error::{RETRY_AFTER, WebhookError},
    handling::Delivery,
    message::WebhookMessage,
};

impl WebhookMessage {
    /// Revokes what the message says has ended:
    ///
    /// | event | what is [revoked](clerk_core::revocation) |
    /// |---|---|
    /// | `session.ended`, `session.removed`, `session.revoked` | the session |
    /// | `user.deleted`; `user.updated` with `banned` or `deprovisioned` | the user's tokens up to the event |
    /// | `organizationMembership...` with such a user | the same |
    /// | `organizationMembership.deleted` | the membership, in tokens up to the event |
    ///
    /// A locked user keeps their sessions, unless [`ClerkBuilder::revoke_locked_users`](clerk_core::ClerkBuilder::revoke_locked_users)
    /// is set. All other events are ignored. This is idempotent and does not depend on the order of webhooks, because the event's
    /// own time says which tokens it revokes. [`WebhookEndpoint::revocations`](crate::WebhookEndpoint::revocations) calls
    /// it for you.
    ///
    /// ```
    /// use clerk_core::{Clerk, revocation::RevocationError};
    /// use clerk_webhook::WebhookMessage;
    ///
    /// async fn handle(clerk: &Clerk, message: &WebhookMessage) -> Result<(), RevocationError> {
    ///     // Answer 503 when it fails, so that Clerk sends it again.
    ///     message.apply_revocations(clerk).await
    /// }
    /// ```
    ///
    /// # Errors
    /// When the [store](clerk_core::ClerkBuilder::revocation) could not write the revocation for the other processes.
    pub async fn apply_revocations(&self, clerk: &Clerk) -> Result<(), RevocationError> {
        let revocations = parse_revocations(self.payload(), self.sent_at(), clerk.revokes_locked_users());
        let apply = |(revoked, at)| {
            tracing::debug!(target: "clerk", id = %self.id(), ?revoked, "a webhook revokes tokens");
            clerk.revoked(revoked, RevokedAt::Clerk(at))
        };
        // All are in effect in this process before the first one is written for the others.
        let writes: Vec<_> = revocations.into_iter().map(apply).collect();
        for write in writes {
            write.await?;
        }
        Ok(())
    }
}

/// What ends all sessions of a user. Not `locked`: a stranger can lock a user with wrong passwords.
const ENDS_USERS: [&str; 2] = ["banned", "deprovisioned"];

/// Returns what an event revokes, and when it happened. Only the members that this needs are typed, so that no other one can
/// prevent a revocation.
fn parse_revocations(payload: &[u8], sent_at: Timestamp, locked_users: bool) -> Vec<(Revoked, Timestamp)> {
    let event = clerk_types::parse_json(payload).unwrap_or_default();
    let (Some(name), data) = (event["type"].as_str(), &event["data"]) else { return Vec::new() };
    let id = |id: &Value| id.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    let is_barred =
        |user: &Value| ENDS_USERS.iter().any(|flag| user[flag] == true) || (locked_users && user["locked"] == true);
    let member = &data["public_user_data"];
    let mut revoked = Vec::new();
    match name {
        "session.ended" | "session.removed" | "session.revoked" => revoked.push(id(&data["id"]).map(Revoked::session)),
        "user.deleted" => revoked.push(id(&data["id"]).map(Revoked::user)),
        "user.updated" if is_barred(data) => revoked.push(id(&data["id"]).map(Revoked::user)),
        "organizationMembership.created" | "organizationMembership.updated" | "organizationMembership.deleted" => {
            if is_barred(member) {
                revoked.push(id(&member["user_id"]).map(Revoked::user));
            }
            if name == "organizationMembership.deleted" {
                let membership = id(&member["user_id"]).zip(id(&data["organization"]["id"]));
                revoked.push(membership.map(|(user_id, org_id)| Revoked::membership(user_id, org_id)));
            }
        }
        _ => {}
    }
    if revoked.contains(&None) {
        tracing::error!(target: "clerk", event_type = name, "a webhook about an ended session, user or membership has no id");
    }
    let at = event["timestamp"].as_i64().map_or(sent_at, Timestamp::from_unix_millis);
    revoked.into_iter().flatten().map(|revoked| (revoked, at)).collect()
}

/// Applies a delivery's revocations. On failure it returns an error, so that Clerk delivers the message again.
pub(crate) async fn apply_revocations(clerk: Option<&Clerk>, delivery: Delivery) -> Result<Delivery, WebhookError> {
    let (clerk, message, handling) = match (clerk, delivery) {
        (Some(clerk), Delivery::New(message, handling)) => (clerk, message, handling),
        (_, delivery) => return Ok(delivery),
    };
    match message.apply_revocations(clerk).await {
        Ok(()) => Ok(Delivery::New(message, handling)),
        Err(error) => {
            tracing::error!(target: "clerk", id = %message.id(), %error, "the revocation of a webhook is in effect in this process only; Clerk will send the webhook again");
            let error = WebhookError::unavailable(RETRY_AFTER);
            handling.finish(error.status()).await;
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SENT: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);
    const AT: i64 = 1_768_478_390_123;

    fn revocations_of(name: &str, data: &Value, locked_users: bool) -> Vec<Revoked> {
        let payload = json!({"type": name, "object": "event", "timestamp": AT, "data": data}).to_string();
        let revocations = parse_revocations(payload.as_bytes(), SENT, locked_users);
        assert!(revocations.iter().all(|(_, at)| *at == Timestamp::from_unix_millis(AT)));
        revocations.into_iter().map(|(revoked, _)| revoked).collect()
    }

    #[test]
    fn events_revoke_what_has_ended() {
        let session = json!({"object": "session", "id": "sess_1", "user_id": "user_1", "status": "ended"});
        let user =
            |flag: &str| json!({"id": "user_1", "banned": false, "locked": false, "deprovisioned": false, flag: true});
        let member = |flag: &str| {
            let user = json!({"user_id": "user_1", "banned": false, flag: true});
            json!({"id": "orgmem_1", "organization": {"id": "org_1"}, "public_user_data": user})
        };
        let (no_session, no_user) = (vec![Revoked::session("sess_1")], vec![Revoked::user("user_1")]);
        let no_member = vec![Revoked::membership("user_1", "org_1")];
        let neither = vec![Revoked::user("user_1"), Revoked::membership("user_1", "org_1")];
        for (name, data, expected) in [
            ("session.ended", session.clone(), &no_session),
            ("session.removed", session.clone(), &no_session),
            ("session.revoked", json!({"id": "sess_1"}), &no_session),
            ("session.created", session.clone(), &vec![]),
            ("session.pending", session, &vec![]),
            ("user.deleted", json!({"id": "user_1", "deleted": true}), &no_user),
            ("user.updated", user("banned"), &no_user),
            ("user.updated", user("deprovisioned"), &no_user),
            ("user.updated", user("locked"), &vec![]),
            ("user.updated", user("two_factor_enabled"), &vec![]),
            ("user.updated", json!({"id": "user_1"}), &vec![]),
            ("user.created", user("banned"), &vec![]),
            ("organizationMembership.deleted", member("x"), &no_member),
            ("organizationMembership.deleted", member("deprovisioned"), &neither),
            ("organizationMembership.updated", member("x"), &vec![]),
            ("organizationMembership.updated", member("deprovisioned"), &no_user),
            ("organizationMembership.updated", member("banned"), &no_user),
            ("organizationMembership.updated", member("locked"), &vec![]),
            ("organizationMembership.deleted", json!({"organization": {"id": "org_1"}}), &vec![]),
            ("session.ended", json!({"id": ""}), &vec![]),
            ("session.ended", json!({"id": 7}), &vec![]),
            ("session.ended", json!("sess_1"), &vec![]),
        ] {
            assert_eq!(revocations_of(name, &data, false), *expected, "{name} {data}");
        }
        assert_eq!(revocations_of("user.updated", &user("locked"), true), no_user, "asked for");
        assert_eq!(revocations_of("organizationMembership.updated", &member("locked"), true), no_user, "asked for");
    }

    /// A user can write their unsafe metadata.
    #[test]
    fn a_deeply_nested_member_does_not_prevent_a_revocation() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        let payload = format!(
            r#"{{"type":"user.updated","data":{{"id":"user_1","banned":true,"unsafe_metadata":{{"a":{deep}}}}}}}"#
        );
        assert_eq!(parse_revocations(payload.as_bytes(), SENT, false), [(Revoked::user("user_1"), SENT)]);
    }

    #[test]
    fn an_event_without_a_time_has_the_time_of_its_message() {
        for timestamp in [json!(null), json!("x"), json!(1.5)] {
            let payload = json!({"type": "user.deleted", "timestamp": timestamp, "data": {"id": "user_1"}}).to_string();
            let revocations = parse_revocations(payload.as_bytes(), SENT, false);
            assert_eq!(revocations, [(Revoked::user("user_1"), SENT)], "{payload}");
        }
        for nonsense in ["", "[]", "{}", r#"{"type":7,"data":{"id":"sess_1"}}"#, r#"{"type":"session.ended"}"#] {
            assert_eq!(parse_revocations(nonsense.as_bytes(), SENT, false), [], "{nonsense}");
        }
    }
}
