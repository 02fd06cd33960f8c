//! Removes users and organizations from the cache when a webhook says that they changed.

use clerk_webhook::{WebhookListener, WebhookMessage};
use serde::Deserialize;
use serde_json::Value;

use super::CurrentSource;

/// The members of an event that matter here. The rest is not read, so that an unexpected member cannot make this fail.
#[derive(Deserialize)]
struct ChangeEvent {
    #[serde(rename = "type")]
    name: String,
    #[serde(default)]
    data: Value,
}

/// What to remove from the cache; all of the kind without an id.
#[derive(Debug, PartialEq, Eq)]
enum Stale {
    User(Option<String>),
    Organization(Option<String>),
}

/// Removes what has changed from the cache:
///
/// | event | removed |
/// |---|---|
/// | `user.created`, `user.updated`, `user.deleted` | the user |
/// | `organization.created`, `organization.updated`, `organization.deleted` | the organization |
/// | `organizationMembership.*`, `organizationInvitation.*` | the organization, which counts them |
///
/// If several processes share one webhook endpoint, each message reaches only one of them. The others keep their cached
/// value until its [age](CurrentSource::max_age) ends.
impl WebhookListener for CurrentSource {
    fn notify(&self, message: &WebhookMessage) {
        match find_stale(message.payload()) {
            Some(Stale::User(Some(id))) => self.users.forget(&id),
            Some(Stale::User(None)) => self.users.forget_all(),
            Some(Stale::Organization(Some(id))) => self.organizations.forget(&id),
            Some(Stale::Organization(None)) => self.organizations.forget_all(),
            None => {}
        }
    }
}

fn find_stale(payload: &[u8]) -> Option<Stale> {
    let ChangeEvent { name, data } = serde_json::from_slice(payload).ok()?;
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
    fn each_event_names_what_to_forget() {
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
            assert_eq!(find_stale(payload.as_bytes()), expected, "{name} {data}");
        }
        for nonsense in ["", "[]", "{}", r#"{"type":7,"data":{"id":"user_1"}}"#] {
            assert_eq!(find_stale(nonsense.as_bytes()), None, "{nonsense}");
        }
    }
}
