//! Users, and what belongs to them.

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use crate::{
    settings::Settings,
    store::{EmailAddress, ExternalAccount, PhoneNumber, User},
};

/// A user in the Backend API, with the private metadata.
pub(crate) fn user(user: &User, settings: &Settings, now: Timestamp) -> Value {
    // The attempts that led to a lock count no more once it has ended.
    let failed = if user.locked && !user.is_locked(now) { 0 } else { user.secrets.failed_attempts };
    json!({
        "object": "user",
        "id": user.id,
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "locale": user.locale,
        "image_url": "",
        "has_image": false,
        "primary_email_address_id": user.primary_email_address_id,
        "primary_phone_number_id": user.primary_phone_number_id,
        "primary_web3_wallet_id": null,
        "password_enabled": user.secrets.password.is_some(),
        "two_factor_enabled": user.has_second_factor(),
        "totp_enabled": user.has_totp(),
        "backup_code_enabled": user.secrets.backup_codes.left() > 0,
        "email_addresses": user.email_addresses.iter().map(|one| email_address(user, one)).collect::<Vec<_>>(),
        "phone_numbers": user.phone_numbers.iter().map(|one| phone_number(user, one)).collect::<Vec<_>>(),
        "web3_wallets": [],
        "passkeys": [],
        "external_accounts": user.external_accounts.iter().map(|one| external_account(user, one)).collect::<Vec<_>>(),
        "saml_accounts": [],
        "enterprise_accounts": [],
        "public_metadata": user.public_metadata,
        "private_metadata": user.private_metadata,
        "unsafe_metadata": user.unsafe_metadata,
        "external_id": user.external_id,
        "last_sign_in_at": user.last_sign_in_at,
        "banned": user.banned,
        "locked": user.is_locked(now),
        "lockout_expires_in_seconds": user.lockout_seconds(now),
        "verification_attempts_remaining": settings.max_failed_attempts.saturating_sub(failed),
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "delete_self_enabled": user.delete_self_enabled,
        "create_organization_enabled": user.create_organization_enabled,
        "create_organizations_limit": user.create_organizations_limit,
        "bypass_client_trust": user.bypass_client_trust,
        "last_active_at": user.last_sign_in_at,
        "mfa_enabled_at": null,
        "mfa_disabled_at": null,
        "legal_accepted_at": user.legal_accepted_at,
    })
}

/// An address of a user.
pub(crate) fn email_address(user: &User, address: &EmailAddress) -> Value {
    let accounts = user.external_accounts.iter().filter(|account| account.email_address == address.email_address);
    json!({
        "object": "email_address",
        "id": address.id,
        "email_address": address.email_address,
        "reserved": false,
        "verification": verified_by(address.verified_by.as_deref()),
        "linked_to": accounts.map(|account| json!({"type": account.provider, "id": account.id})).collect::<Vec<_>>(),
        "matches_sso_connection": false,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

/// A telephone number of a user.
pub(crate) fn phone_number(user: &User, number: &PhoneNumber) -> Value {
    json!({
        "object": "phone_number",
        "id": number.id,
        "phone_number": number.phone_number,
        "reserved_for_second_factor": number.reserved_for_second_factor,
        "default_second_factor": number.reserved_for_second_factor,
        "reserved": false,
        "verification": verified_by(number.verified_by.as_deref()),
        "linked_to": [],
        "backup_codes": null,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

/// An external account of a user.
pub(crate) fn external_account(user: &User, account: &ExternalAccount) -> Value {
    json!({
        "object": "external_account",
        "id": account.id,
        "provider": account.provider,
        "identification_id": account.id,
        "provider_user_id": account.provider_user_id,
        "approved_scopes": "email openid profile",
        "email_address": account.email_address,
        "first_name": account.first_name.as_deref().unwrap_or_default(),
        "last_name": account.last_name.as_deref().unwrap_or_default(),
        "username": account.username,
        "image_url": "",
        "avatar_url": "",
        "phone_number": null,
        "label": null,
        "public_metadata": {},
        "verification": {
            "object": "verification_oauth",
            "status": "verified",
            "strategy": account.provider,
            "attempts": null,
            // The description requires a date, although the sign-in at the provider is over.
            "expire_at": user.updated_at,
        },
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

/// How an address or a number was verified; null when it was not.
pub(crate) fn verified_by(strategy: Option<&str>) -> Value {
    let Some(strategy) = strategy else { return Value::Null };
    let provider = strategy.starts_with("oauth_").then(|| format!("from_{strategy}"));
    let (object, strategy) = match strategy {
        _ if provider.is_some() => ("verification_from_oauth", provider.as_deref().unwrap_or_default()),
        "admin" => ("verification_admin", strategy),
        "email_link" => ("verification_email_link", strategy),
        "enterprise_sso" | "saml" => ("verification_saml", "saml"),
        "ticket" => ("verification_ticket", strategy),
        _ => ("verification_otp", strategy),
    };
    let attempts = (object == "verification_otp").then_some(1);
    json!({"object": object, "status": "verified", "strategy": strategy, "attempts": attempts, "expire_at": null})
}

/// What other members of an organization see of a user.
pub(crate) fn public_user_data(user: &User) -> Value {
    json!({
        "user_id": user.id,
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "profile_image_url": "",
        "image_url": "",
        "has_image": false,
        "identifier": user.identifier(),
    })
}

/// What an invited user sees of the inviter.
pub(crate) fn public_inviter_data(user: &User) -> Value {
    json!({
        "user_id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "image_url": "",
        "has_image": false,
        "identifier": user.identifier(),
    })
}
