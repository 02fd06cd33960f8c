//! Who may sign up, and sign in: the sign-up mode, the allowlist, the blocklist and blocked subaddresses
//! ([Clerk's restrictions](https://clerk.com/docs/guides/secure/restricting-access)), and disabled attributes.

use axum::http::StatusCode;

use super::FrontendError;
use crate::{
    settings::SignUpMode,
    shared::Shared,
    store::{SignUp, User, Verification},
};

/// Rejects a sign-up that the sign-up mode would reject later, before a code is sent or a provider is contacted.
pub(super) fn check_sign_up_start(
    shared: &Shared,
    sign_up: &SignUp,
    strategy: Option<&str>,
) -> Result<(), FrontendError> {
    if matches!(strategy, Some("ticket" | "enterprise_sso")) { Ok(()) } else { check_sign_up_mode(shared, sign_up) }
}

/// Rejects a sign-up that the mode or the lists forbid.
pub(super) fn check_sign_up(shared: &Shared, sign_up: &SignUp) -> Result<(), FrontendError> {
    check_sign_up_mode(shared, sign_up)?;
    let invited = is_invited(sign_up);
    let identifiers = sign_up.email_address.iter().chain(&sign_up.phone_number);
    identifiers.map(String::as_str).try_for_each(|one| check_allowed(shared, one, invited))
}

fn check_sign_up_mode(shared: &Shared, sign_up: &SignUp) -> Result<(), FrontendError> {
    let is_of_company =
        |one: &Verification| one.strategy == "enterprise_sso" && (one.is_verified() || one.is_transferable());
    let is_expected = is_invited(sign_up) || sign_up.external.as_ref().is_some_and(is_of_company);
    let (code, message) = match shared.settings().sign_up_mode {
        SignUpMode::Public => return Ok(()),
        _ if is_expected => return Ok(()),
        SignUpMode::Restricted => ("sign_up_mode_restricted", "Sign-ups are restricted: an invitation is needed."),
        SignUpMode::Waitlist => ("sign_up_restricted_waitlist", "Sign-ups are restricted: join the waitlist instead."),
    };
    Err(FrontendError::new(StatusCode::FORBIDDEN, code, message))
}

/// Whether the sign-up still has the address that was invited.
fn is_invited(sign_up: &SignUp) -> bool {
    sign_up.invitation_id.is_some() && sign_up.email.as_ref().is_some_and(|one| one.strategy == "ticket")
}

/// Rejects a restricted address or number, of a sign-up or one that a user adds.
pub(super) fn check_allowed(shared: &Shared, identifier: &str, invited: bool) -> Result<(), FrontendError> {
    if shared.store().is_restricted(identifier, invited) { Err(not_allowed(identifier)) } else { Ok(()) }
}

/// Rejects a user whom the lists restrict by now, unless they apply to sign-ups only.
pub(super) fn check_sign_in(shared: &Shared, user: &User) -> Result<(), FrontendError> {
    let restricted = shared.store().restricted_identifier(user).map(str::to_owned);
    restricted.map_or(Ok(()), |identifier| Err(not_allowed(&identifier)))
}

/// Rejects an attribute that is disabled.
pub(super) fn check_attribute(shared: &Shared, name: &str) -> Result<(), FrontendError> {
    if shared.settings().disables(name) { Err(FrontendError::unknown(name)) } else { Ok(()) }
}

/// Rejects a strategy that verifies a disabled attribute.
pub(super) fn check_strategy(shared: &Shared, strategy: &str) -> Result<(), FrontendError> {
    if shared.settings().allows_strategy(strategy) { Ok(()) } else { Err(FrontendError::disabled_strategy(strategy)) }
}

fn not_allowed(identifier: &str) -> FrontendError {
    let message = format!("{identifier} is not allowed to access this application.");
    let error = FrontendError::new(StatusCode::FORBIDDEN, "not_allowed_access", message);
    error.with_meta("identifiers", vec![identifier].into())
}
