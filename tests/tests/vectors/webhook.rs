//! Vectors of `verifyWebhook`.

use clerk_core::time::Timestamp;
use clerk_webhook::{TOLERANCE, WebhookSigningSecret, verify};
use serde_json::Value;

use crate::{files::Vector, report::Difference, request::Headers};

pub fn run(vector: &Vector) -> Vec<Difference> {
    let vector = &vector.0;
    let (expected, threw) = (&vector["expected"]["value"], !vector["expected"]["error"].is_null());
    match value(vector) {
        Ok(value) if !threw && is_same_event(expected, &value) => Vec::new(),
        Err(_) if threw => Vec::new(),
        Ok(value) => vec![Difference::new("value", &vector["expected"], value)],
        Err(error) => vec![Difference::new("value", &vector["expected"], error)],
    }
}

fn value(vector: &Value) -> Result<Value, String> {
    // Like in the SDK, an empty option overrides the environment, too.
    let option = &vector["options"]["signingSecret"];
    let secret = if option.is_null() { &vector["env"]["CLERK_WEBHOOK_SIGNING_SECRET"] } else { option };
    let secret: WebhookSigningSecret =
        secret.as_str().unwrap_or_default().parse().map_err(|error| format!("refused when built: {error}"))?;
    let request = &vector["request"];
    let body = request["body"].as_str().unwrap().to_owned();
    let now = Timestamp::from_unix_millis(vector["now_ms"].as_i64().unwrap());
    let message = verify(&[secret], &Headers::of(request), body, TOLERANCE, now).map_err(|error| error.to_string())?;
    let event = message.event().map_err(|error| error.to_string())?;
    Ok(serde_json::to_value(event).unwrap())
}

/// Whether our event equals the SDK's. The SDK drops unknown members of the envelope, and adds `"object": "event"` if it is
/// missing; our typed payloads add `false` and `[]` for missing members.
fn is_same_event(expected: &Value, ours: &Value) -> bool {
    expected.as_object().unwrap().iter().all(|(name, member)| {
        let absent = ours[name].is_null() && ((name == "object" && member == "event") || member.is_null());
        absent || is_same(member, &ours[name])
    })
}

fn is_same(expected: &Value, ours: &Value) -> bool {
    let (Some(theirs), Some(members)) = (expected.as_object(), ours.as_object()) else { return expected == ours };
    let empty = |value: &Value| *value == false || value.as_array().is_some_and(Vec::is_empty);
    theirs.iter().all(|(name, member)| is_same(member, &ours[name]))
        && members.iter().all(|(name, member)| theirs.contains_key(name) || empty(member))
}
