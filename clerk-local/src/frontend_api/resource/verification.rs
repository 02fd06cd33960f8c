//! Verifications.

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use crate::{http::short_message, store::Verification};

/// A verification, in Clerk's form for its strategy.
pub(in crate::frontend_api) fn verification(verification: &Verification, now: Timestamp) -> Value {
    let strategy = &*verification.strategy;
    let is_at_provider = verification.is_at_provider();
    let object = match strategy {
        "backup_code" => "verification_backup_code",
        "email_link" => "verification_email_link",
        "password" => "verification_password",
        "ticket" => "verification_ticket",
        "totp" => "verification_totp",
        _ if is_at_provider => "verification_oauth",
        _ => "verification_otp",
    };
    let mut described = json!({
        "object": object,
        "status": verification.status(now),
        // Clerk's name for a custom OpenID Connect provider.
        "strategy": if strategy == "enterprise_sso" { "oauth_custom_enterprise" } else { strategy },
        "attempts": verification.attempts,
        "expire_at": verification.expire_at,
    });
    if is_at_provider {
        described["external_verification_redirect_url"] = json!(verification.redirect_url);
        let error = verification.error.as_ref();
        described["error"] = error.map_or(Value::Null, |(code, text)| {
            let short = short_message(code).unwrap_or(text);
            json!({"code": code, "message": short, "long_message": text})
        });
    }
    described
}
