//! Sign-ups.

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use super::verification;
use crate::{
    resource,
    shared::Shared,
    store::{SignUp, Verification},
};

/// A sign-up, with what is missing.
pub(in crate::frontend_api) fn sign_up(shared: &Shared, sign_up: &SignUp) -> Value {
    let (now, settings) = (shared.clock.now(), shared.settings());
    let email =
        identifier_verification(&sign_up.email_address, sign_up.email.as_ref(), &["email_code", "email_link"], now);
    let phone = identifier_verification(&sign_up.phone_number, sign_up.phone.as_ref(), &["phone_code"], now);
    json!({
        "object": "sign_up_attempt",
        "id": sign_up.id,
        "status": sign_up.status(),
        "required_fields": sign_up.required_fields(&settings),
        "optional_fields": SignUp::optional_fields(&settings),
        "missing_fields": sign_up.missing_fields(&settings),
        "unverified_fields": sign_up.unverified_fields(),
        "verifications": {
            "email_address": email,
            "phone_number": phone,
            "web3_wallet": null,
            "external_account": sign_up.external.as_ref().map(|one| verification(one, now)),
        },
        "username": sign_up.username,
        "email_address": sign_up.email_address,
        "phone_number": sign_up.phone_number,
        "web3_wallet": null,
        "password_enabled": sign_up.password.is_some(),
        "first_name": sign_up.first_name,
        "last_name": sign_up.last_name,
        "unsafe_metadata": sign_up.unsafe_metadata,
        "public_metadata": sign_up.public_metadata,
        "custom_action": false,
        "external_id": null,
        "created_session_id": sign_up.created_session_id,
        "created_user_id": sign_up.created_user_id,
        "abandon_at": sign_up.abandon_at,
        "legal_accepted_at": sign_up.legal_accepted_at,
    })
}

/// The verification of an address or a number. Before something is sent, it must have no strategy: the components would
/// wait for a code.
fn identifier_verification(
    there: &Option<String>,
    proof: Option<&Verification>,
    strategies: &[&str],
    now: Timestamp,
) -> Value {
    if there.is_none() {
        return Value::Null;
    }
    let mut described = match proof {
        None => json!({
            "status": "unverified", "strategy": null, "attempts": null, "expire_at": null,
        }),
        // The provider has verified the address. That differs from the verification of the account there.
        Some(proof) if proof.is_at_provider() => resource::verified_by(Some(&proof.strategy)),
        Some(proof) => verification(proof, now),
    };
    let next = match proof {
        None => "needs_prepare",
        Some(proof) if proof.is_verified() => "",
        Some(proof) if proof.is_open(now) => "needs_attempt",
        Some(_) => "needs_prepare",
    };
    described["next_action"] = next.into();
    described["supported_strategies"] = json!(strategies);
    described
}
