//! Which webhooks say that what is remembered may be out of date.

use clerk_core::webhook::{WebhookListener, WebhookMessage};
use serde::Deserialize;
use serde_json::Value;

use super::CurrentSource;

/// As little of an event as matters here, so that nothing else in it can keep old data alive.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    name: String,
    #[serde(default)]
    data: Value,
}

/// What to forget; without an id all of it.
#[derive(Debug, PartialEq, Eq)]
enum Stale {
    User(Option<String>),
    Organization(Option<String>),
}

/// Forgets what a webhook says has changed:
///
/// | event | what is forgotten |
/// |---|---|
/// | `user.created`, `user.updated`, `user.deleted` | the user |
/// | `organization.created`, `organization.updated`, `organization.deleted` | the organization |
/// | `organizationMembership.*`, `organizationInvitation.*` | the organization, which counts them |
///
/// Where several processes share one webhook endpoint each message reaches one of them; the others go on with what they
/// remember until its [age](CurrentSource::max_age) is over.
impl WebhookListener for CurrentSource {
    fn notify(&self, message: &WebhookMessage) {
        match stale(message.payload()) {
            Some(Stale::User(Some(id))) => self.users.forget(&id),
            Some(Stale::User(None)) => self.users.forget_all(),
            Some(Stale::Organization(Some(id))) => self.organizations.forget(&id),
            Some(Stale::Organization(None)) => self.organizations.forget_all(),
            None => {}
        }
    }
}

fn stale(payload: &[u8]) -> Option<Stale> {
    let Event { name, data } = serde_json::from_slice(payload).ok()?;
    let id = |value: &Value| value.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    match name.split_once('.')?.0 {
        "user" => Some(Stale::User(id(&data["id"]))),
        "organization" => Some(Stale::Organization(id(&data["id"]))),
        "organizationMembership" => Some(Stale::Organization(id(&data["organization"]["id"]))),
        "organizationInvitation" => Some(Stale::Organization(id(&data["organization_id"]))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_table() {
        let user = |id: &str| Some(Stale::User(Some(id.to_owned())));
        let organization = |id: &str| Some(Stale::Organization(Some(id.to_owned())));
        for (name, data, expected) in [
            ("user.updated", json!({"id": "user_1", "banned": "?"}), user("user_1")),
            ("user.deleted", json!({"id": "user_1", "deleted": true}), user("user_1")),
            ("user.something_new", json!({"id": "user_1"}), user("user_1")),
            ("user.deleted", json!({"id": ""}), Some(Stale::User(None))),
            ("user.deleted", json!(null), Some(Stale::User(None))),
            ("organization.updated", json!({"id": "org_1"}), organization("org_1")),
            ("organization.deleted", json!({"id": 7}), Some(Stale::Organization(None))),
            ("organizationMembership.deleted", json!({"organization": {"id": "org_1"}}), organization("org_1")),
            ("organizationInvitation.accepted", json!({"organization_id": "org_1"}), organization("org_1")),
            ("organizationDomain.updated", json!({"organization_id": "org_1"}), None),
            ("session.ended", json!({"id": "sess_1", "user_id": "user_1"}), None),
            ("userish", json!({"id": "user_1"}), None),
        ] {
            let payload = json!({"type": name, "object": "event", "data": data}).to_string();
            assert_eq!(stale(payload.as_bytes()), expected, "{name} {data}");
        }
        for nonsense in ["", "[]", "{}", r#"{"type":7,"data":{"id":"user_1"}}"#] {
            assert_eq!(stale(nonsense.as_bytes()), None, "{nonsense}");
        }
    }
}
