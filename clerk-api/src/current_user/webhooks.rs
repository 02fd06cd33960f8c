//! Removes users and organizations from the cache when a webhook says that they changed.

use clerk_webhook::{WebhookListener, WebhookMessage};
use serde_json::Value;

use super::CurrentSource;

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
        match find_stale(&message.json()) {
            Some(Stale::User(Some(id))) => self.users.forget(&id),
            Some(Stale::User(None)) => self.users.forget_all(),
            Some(Stale::Organization(Some(id))) => self.organizations.forget(&id),
            Some(Stale::Organization(None)) => self.organizations.forget_all(),
            None => {}
        }
    }
}

/// The rest of the event is not typed, so that an unexpected member cannot make this fail.
fn find_stale(event: &Value) -> Option<Stale> {
    let data = &event["data"];
    let id = |value: &Value| value.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
    match event["type"].as_str()?.split_once('.')?.0 {
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
            let event = json!({"type": name, "object": "event", "data": data});
            assert_eq!(find_stale(&event), expected, "{name} {data}");
        }
        for nonsense in [json!(""), json!([]), json!({}), json!({"type": 7, "data": {"id": "user_1"}})] {
            assert_eq!(find_stale(&nonsense), None, "{nonsense}");
        }
    }
}
