//! Proofs that an address or a number is its user's, which a backend asks for.

use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use crate::{
    outbox::{OutboxChannel, OutboxMessage, OutboxPurpose},
    shared::Shared,
    store::{Attempt, Verification},
    verification_code::VerificationCode,
};

const fn strategy(channel: OutboxChannel) -> &'static str {
    match channel {
        OutboxChannel::Email => "email_code",
        OutboxChannel::Sms => "phone_code",
    }
}

fn shown(verification: &Verification, channel: OutboxChannel, status: &str) -> Value {
    json!({
        "object": "verification",
        "id": verification.id,
        "status": status,
        "strategy": strategy(channel),
        "attempts": verification.attempts,
        "expire_at": verification.expires_at,
        "channel": (channel == OutboxChannel::Sms).then_some("sms"),
    })
}

/// Sends a code to an address or a number.
pub(super) fn prepare(shared: &Shared, identifier_id: &str, to: &str, channel: OutboxChannel) -> Answer {
    let now = shared.clock.now();
    let code = VerificationCode::for_identifier(to);
    let purpose = OutboxPurpose::IdentifierVerification;
    shared.outbox().send(OutboxMessage::with_code(channel, to, purpose, code.expose(), now));
    let verification = shared.store().verifications.begin(identifier_id, code, now);
    Ok(Json(shown(&verification, channel, "unverified")))
}

/// Tries a code; `verified` is called when it is the one.
pub(super) fn attempt(
    shared: &Shared,
    (identifier_id, verification_id): (&str, &str),
    code: &str,
    channel: OutboxChannel,
    verified: impl FnOnce(&'static str) -> Result<(), Refusal>,
) -> Answer {
    let attempt = shared.store().verifications.attempt(verification_id, identifier_id, code, shared.clock.now());
    let Some((verification, attempt)) = attempt else {
        return Err(Refusal::not_found("verification", verification_id));
    };
    let refused = |code, problem: &str| Err(Refusal::new(StatusCode::BAD_REQUEST, code, problem));
    match attempt {
        Attempt::Expired => refused("verification_expired", "the code has expired"),
        Attempt::Incorrect => refused("form_code_incorrect", "the code is another one"),
        Attempt::TooMany => refused("verification_failed", "too many attempts"),
        Attempt::Verified => {
            verified(strategy(channel))?;
            Ok(Json(shown(&verification, channel, "verified")))
        }
    }
}
