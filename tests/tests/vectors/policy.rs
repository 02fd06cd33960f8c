//! Converts the parameters of the SDK's `has(...)` to a [`Policy`].

use std::time::Duration;

use clerk_core::{
    Policy,
    auth::{FactorLevel, Reverification},
};
use serde_json::Value;

/// The policy; `None` for parameters that a policy cannot express, which no session satisfies.
pub fn from_params(params: &Value) -> Option<Policy> {
    let mut policies = Vec::new();
    for (name, value) in params.as_object()? {
        policies.push(match &**name {
            "role" => Policy::try_role(value.as_str()?).ok()?,
            // The SDK adds a missing prefix and accepts a repeated one; our policies need it exactly once.
            "permission" => {
                let permission = format!("org:{}", value.as_str()?.trim_start_matches("org:"));
                Policy::try_permission(&permission).or_else(|_| Policy::try_system_permission(&permission)).ok()?
            }
            "feature" => Policy::try_feature(value.as_str()?).ok()?,
            "plan" => Policy::try_plan(value.as_str()?).ok()?,
            "reverification" => Policy::reverification(reverification(value)?),
            // The SDK ignores unknown parameters; our policies have none.
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
