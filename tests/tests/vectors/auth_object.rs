//! Converts an [`AuthState`] to the SDK's auth object.

use clerk_core::{AuthState, Session, auth::SessionStatus};
use serde_json::{Value, json, value::RawValue};

use crate::files::deep;

/// The auth object of a state; pending sessions count as signed out by default.
pub fn from_state(state: &AuthState, pending_allowed: bool) -> Value {
    match state {
        AuthState::SignedIn(session) if session.status() == SessionStatus::Active || pending_allowed => {
            session_object(session)
        }
        AuthState::SignedIn(_) => {
            json!({"tokenType": "session_token", "isAuthenticated": false, "sessionStatus": "pending"})
        }
        AuthState::ApiKey(key) => json!({
            "tokenType": "api_key", "isAuthenticated": true, "id": key.id(), "subject": key.subject(),
            "name": key.name(), "scopes": key.scopes().collect::<Vec<_>>(), "claims": key.claims::<Value>().unwrap(),
            "userId": key.user_id(), "orgId": key.org_id(),
        }),
        AuthState::M2mToken(token) => json!({
            "tokenType": "m2m_token", "isAuthenticated": true, "id": token.id(), "subject": token.subject(),
            "scopes": token.scopes().collect::<Vec<_>>(), "claims": token.claims::<Value>().unwrap(),
            "machineId": token.machine_id(),
        }),
        AuthState::OAuthToken(token) => json!({
            "tokenType": "oauth_token", "isAuthenticated": true, "id": token.id(), "subject": token.subject(),
            "scopes": token.scopes().collect::<Vec<_>>(), "userId": token.user_id(), "clientId": token.client_id(),
        }),
        other => json!({"tokenType": other.token_type().map(|kind| kind.as_str()), "isAuthenticated": false}),
    }
}

fn session_object(session: &Session) -> Value {
    let claims: Box<RawValue> = session.claims().unwrap();
    let organization = session.organization();
    json!({
        "tokenType": "session_token",
        "isAuthenticated": true,
        "sessionClaims": deep(claims.get()).unwrap(),
        "sessionId": session.session_id(),
        "sessionStatus": if session.status() == SessionStatus::Pending { "pending" } else { "active" },
        "userId": session.user_id(),
        "actor": session.actor().map(|actor| json!({"sub": actor.subject()})),
        "orgId": organization.map(|organization| organization.id()),
        "orgRole": organization.and_then(|organization| organization.role()),
        "orgSlug": organization.and_then(|organization| organization.slug()),
        "orgPermissions": organization.map(|organization| organization.permissions().collect::<Vec<_>>()),
        "factorVerificationAge": session.factor_ages().map(|ages| {
            [ages.first(), ages.second()].map(|age| age.map_or(-1, i64::from))
        }),
    })
}

/// The members that differ. An absent member equals `null`; an absent list equals an empty one.
pub fn differences(expected: &Value, actual: &Value) -> Vec<(String, Value, Value)> {
    let mut differences = Vec::new();
    let mut expected = expected.clone();
    if expected["tokenType"] == "session_token" && normalize("orgId", &expected["orgId"]).is_null() {
        // Without an organization there is no slug, role or permission.
        for name in ["orgSlug", "orgRole", "orgPermissions"] {
            expected[name] = Value::Null;
        }
    }
    let expected = &expected;
    let names = expected.as_object().into_iter().chain(actual.as_object()).flat_map(|object| object.keys());
    for name in names.collect::<std::collections::BTreeSet<_>>() {
        let expected = normalize(name, &expected[&**name]);
        let actual = normalize(name, &actual[&**name]);
        if expected != actual {
            differences.push((format!("auth.{name}"), expected, actual));
        }
    }
    differences
}

/// Reduces a recorded member to what our types can express.
fn normalize(name: &str, value: &Value) -> Value {
    match (name, value) {
        ("sessionStatus", Value::String(status)) if status == "pending" => "pending".into(),
        // Clerk's SDK passes any value of the claim on; only "pending" has a meaning.
        ("sessionStatus", _) => Value::Null,
        ("actor", Value::Object(actor)) => actor.get("sub").filter(|sub| sub.is_string()).cloned().unwrap_or_default(),
        ("actor", _) => Value::Null,
        // Our lists hold strings; an empty list equals an absent one. The SDK leaves some lists as one string.
        ("orgPermissions" | "scopes", Value::Array(list)) => {
            let texts: Vec<Value> = list.iter().filter(|entry| entry.is_string()).cloned().collect();
            if texts.is_empty() { Value::Null } else { texts.into() }
        }
        ("scopes", Value::String(text)) => text.split(' ').collect::<Vec<_>>().into(),
        ("orgPermissions" | "scopes", _) => Value::Null,
        ("factorVerificationAge", value) => factor_ages(value),
        ("userId" | "orgId" | "orgSlug" | "orgRole" | "id" | "subject" | "machineId" | "clientId", value) => {
            if value.as_str().is_some_and(|text| !text.is_empty()) { value.clone() } else { Value::Null }
        }
        _ => value.clone(),
    }
}

/// Two ages, each -1 or in whole minutes; `Null` for anything else.
fn factor_ages(value: &Value) -> Value {
    let ages = value.as_array().filter(|ages| ages.len() == 2).into_iter().flatten();
    let ages: Vec<f64> = ages.filter_map(Value::as_f64).filter(|age| *age == -1.0 || *age >= 0.0).collect();
    match ages[..] {
        [first, second] => serde_json::json!([first.ceil() as i64, second.ceil() as i64]),
        _ => Value::Null,
    }
}
