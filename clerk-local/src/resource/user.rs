//! Users, and what belongs to them.

use serde_json::{Map, Value, json};

use crate::store::{EmailAddress, ExternalAccount, PhoneNumber, User};

/// A user as backends see them, private metadata included.
pub(crate) fn user(user: &User) -> Value {
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
        "locked": user.locked,
        "lockout_expires_in_seconds": null,
        "verification_attempts_remaining": 100,
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
        "verification": verification(address.verified_by.as_deref()),
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
        "verification": verification(number.verified_by.as_deref()),
        "linked_to": [],
        "backup_codes": null,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

/// An account elsewhere of a user.
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
        "verification": verification(Some(&account.provider)),
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

/// How something was proved, as far as that goes; null when nobody has tried.
pub(crate) fn verification(verified_by: Option<&str>) -> Value {
    let Some(strategy) = verified_by else { return Value::Null };
    let mut verification = Map::new();
    let object = match strategy {
        "admin" => "verification_admin",
        "email_link" => "verification_email_link",
        "ticket" => "verification_ticket",
        _ if strategy.starts_with("oauth_") => "verification_oauth",
        _ => "verification_otp",
    };
    verification.insert("object".to_owned(), object.into());
    verification.insert("status".to_owned(), "verified".into());
    verification.insert("strategy".to_owned(), strategy.into());
    verification.insert("attempts".to_owned(), if object == "verification_otp" { 1.into() } else { Value::Null });
    verification.insert("expire_at".to_owned(), Value::Null);
    Value::Object(verification)
}

/// What others in an organization see of a user.
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

/// What the invited see of whoever invited them.
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
