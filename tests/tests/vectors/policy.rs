//! The parameters of `has(...)` as a policy of ours.

use std::time::Duration;

use clerk_core::{
    Policy,
    auth::{FactorLevel, Reverification},
};
use serde_json::Value;

/// The policy; `None` for parameters that cannot be written with ours, and that nobody satisfies.
pub fn from_params(params: &Value) -> Option<Policy> {
    let mut policies = Vec::new();
    for (name, value) in params.as_object()? {
        policies.push(match &**name {
            "role" => Policy::role(value.as_str()?).ok()?,
            // The SDK adds the prefix where it is missing, and minds no repetition of it; ours must be written out.
            "permission" => {
                let permission = format!("org:{}", value.as_str()?.trim_start_matches("org:"));
                Policy::permission(&permission).or_else(|_| Policy::system_permission(&permission)).ok()?
            }
            "feature" => Policy::feature(value.as_str()?).ok()?,
            "plan" => Policy::plan(value.as_str()?).ok()?,
            "reverification" => Policy::reverification(reverification(value)?),
            // The SDK skips what it does not know; ours cannot be asked for it.
            _ => continue,
        });
    }
    Policy::all(policies).ok()
}

fn reverification(value: &Value) -> Option<Reverification> {
    match value {
        Value::String(name) => match &**name {
            "strict_mfa" => Some(Reverification::StrictMfa),
            "strict" => Some(Reverification::Strict),
            "moderate" => Some(Reverification::Moderate),
            "lax" => Some(Reverification::Lax),
            _ => None,
        },
        Value::Object(custom) => {
            let level = match custom.get("level")?.as_str()? {
                "first_factor" => FactorLevel::FirstFactor,
                "second_factor" => FactorLevel::SecondFactor,
                "multi_factor" => FactorLevel::MultiFactor,
                _ => return None,
            };
            let minutes = custom.get("afterMinutes")?.as_f64()?;
            Reverification::custom(level, Duration::try_from_secs_f64(minutes * 60.0).ok()?).ok()
        }
        _ => None,
    }
}

pub fn reverification_of(value: &Value) -> Option<Reverification> {
    reverification(value)
}
