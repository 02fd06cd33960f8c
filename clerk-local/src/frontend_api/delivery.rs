//! Sends codes and links by e-mail and text message.

use super::FrontendError;
use crate::{
    keys::random_id,
    shared::Shared,
    store::{EmailLink, LINK_LIFETIME, LinkTarget, OutboxChannel, OutboxMessage, OutboxPurpose, Verification},
    verification_code::VerificationCode,
};

/// Sends a code for this strategy to an address or a number.
pub(super) fn send_code(shared: &Shared, strategy: &str, to: &str, id: &str, purpose: OutboxPurpose) -> Verification {
    let now = shared.clock.now();
    let channel = if strategy.contains("phone") { OutboxChannel::Sms } else { OutboxChannel::Email };
    let code = VerificationCode::for_identifier(to);
    shared.store().outbox.send(OutboxMessage::with_code(channel, to, purpose, code.expose(), now));
    Verification::by_code(strategy, code, id, now)
}

/// A link to send: where it leads, and what it verifies.
pub(super) struct LinkRequest<'l> {
    pub(super) client_id: &'l str,
    pub(super) to: &'l str,
    /// The address's id.
    pub(super) id: &'l str,
    pub(super) purpose: OutboxPurpose,
    pub(super) target: LinkTarget,
    pub(super) redirect_url: String,
}

/// Sends a link to an address.
pub(super) fn send_link(shared: &Shared, request: LinkRequest<'_>) -> Verification {
    let now = shared.clock.now();
    let token = random_id("vtk");
    let link = format!("{}/v1/verify?token={token}", shared.frontend_api_url());
    let subject = format!("Your link to {}", shared.settings().application_name);
    shared.store().outbox.send(OutboxMessage::with_link(request.to, request.purpose, &subject, &link, now));
    let link = EmailLink {
        client_id: request.client_id.to_owned(),
        identification_id: request.id.to_owned(),
        target: request.target,
        redirect_url: request.redirect_url,
        expire_at: now + LINK_LIFETIME,
    };
    shared.store().attempts.links.put(&token, link);
    Verification::by_link(request.id, now)
}

/// Checks an address, and returns it in the form that is stored.
pub(super) fn normalize_email_address(field: &'static str, text: &str) -> Result<String, FrontendError> {
    let invalid =
        || FrontendError::form("form_param_format_invalid", field, "Email address must be a valid email address.");
    let address = text.trim().to_lowercase();
    let (local, domain) = address.rsplit_once('@').ok_or_else(invalid)?;
    let odd =
        |part: &str| part.is_empty() || part.chars().any(|one| one.is_whitespace() || one.is_control() || one == '@');
    if odd(local)
        || odd(domain)
        || !domain.contains('.')
        || domain.starts_with('.')
        || domain.ends_with('.')
        || address.len() > 254
    {
        return Err(invalid());
    }
    Ok(address)
}

/// Checks a number, and returns it in international form.
pub(super) fn normalize_phone_number(field: &'static str, text: &str) -> Result<String, FrontendError> {
    let number: String = text.chars().filter(|one| !matches!(one, ' ' | '-' | '(' | ')' | '.')).collect();
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (8..=15).contains(&digits.len()) && digits.bytes().all(|one| one.is_ascii_digit()) {
        return Ok(number);
    }
    Err(FrontendError::form(
        "form_param_format_invalid",
        field,
        "Phone number must be in international form, +15555550100.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_checked() {
        assert_eq!(normalize_email_address("email_address", " Ada@Example.com ").unwrap(), "ada@example.com");
        for bad in ["", "ada", "@example.com", "ada@", "ada@example", "a da@example.com", "a@b@c.d", "a@.b", "a@b."] {
            assert!(normalize_email_address("email_address", bad).is_err(), "{bad}");
        }
        assert_eq!(normalize_phone_number("phone_number", "+1 (555) 555-0100").unwrap(), "+15555550100");
        for bad in ["", "+", "5555550100", "+1555", "+1555555010x", "+1234567890123456", "+1\u{661}5555550"] {
            assert!(normalize_phone_number("phone_number", bad).is_err(), "{bad}");
        }
    }
}
