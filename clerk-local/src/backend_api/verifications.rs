//! Verifications of addresses and numbers that a backend starts.

use axum::{Json, http::StatusCode};
use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use super::answer::ApiResult;
use crate::{
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::{CodeError, OutboxChannel, OutboxMessage, OutboxPurpose, Verification},
    verification_code::VerificationCode,
};

const fn strategy(channel: OutboxChannel) -> &'static str {
    match channel {
        OutboxChannel::Email => "email_code",
        OutboxChannel::Sms => "phone_code",
    }
}

fn to_json(id: &str, verification: &Verification, channel: OutboxChannel, now: Timestamp) -> Json<Value> {
    Json(json!({
        "object": "verification",
        "id": id,
        "status": verification.status(now),
        "strategy": strategy(channel),
        "attempts": verification.attempts,
        "expire_at": verification.expire_at,
        "channel": (channel == OutboxChannel::Sms).then_some("sms"),
    }))
}

/// Sends a code to an address or a number.
pub(super) fn prepare(shared: &Shared, identifier_id: &str, to: &str, channel: OutboxChannel) -> ApiResult {
    let now = shared.clock.now();
    let code = VerificationCode::for_identifier(to);
    let purpose = OutboxPurpose::IdentifierVerification;
    shared.store().outbox.send(OutboxMessage::with_code(channel, to, purpose, code.expose(), now));
    let verification = Verification::by_code(strategy(channel), code, identifier_id, now);
    let id = random_id("ver");
    let answer = to_json(&id, &verification, channel, now);
    shared.store().verifications.put(&id, (identifier_id.to_owned(), verification));
    Ok(answer)
}

/// Tries a code, and calls `verified` if it is right.
pub(super) fn attempt(
    shared: &Shared,
    (identifier_id, verification_id): (&str, &str),
    code: &str,
    channel: OutboxChannel,
    verified: impl FnOnce(&'static str) -> Result<(), ApiError>,
) -> ApiResult {
    let now = shared.clock.now();
    let mut store = shared.store();
    let own = store.verifications.get_mut(verification_id).filter(|(own, _)| own == identifier_id);
    let (_, verification) = own.ok_or_else(|| ApiError::not_found("verification", verification_id))?;
    let tried = verification.try_code(strategy(channel), code, now);
    let answer = to_json(verification_id, verification, channel, now);
    drop(store);
    let refused = |code, problem: &str| Err(ApiError::new(StatusCode::BAD_REQUEST, code, problem));
    match tried {
        Ok(()) => verified(strategy(channel)).map(|()| answer),
        Err(CodeError::AlreadyVerified) => refused("verification_already_verified", "the code was entered already"),
        Err(CodeError::Expired) => refused("verification_expired", "the code has expired"),
        Err(CodeError::Incorrect | CodeError::NotPrepared) => refused("form_code_incorrect", "the code is another one"),
        Err(CodeError::TooManyAttempts) => refused("verification_failed", "too many attempts"),
    }
}
