//! Users as they see themselves.

use clerk_core::time::Timestamp;
use serde_json::{Value, json};

use super::{avatar::avatar, organization::membership};
use crate::{
    resource,
    store::{EmailAddress, ExternalAccount, PhoneNumber, Store, User},
};

/// A user without the members that only backends may read.
pub(in crate::frontend_api) fn user(store: &Store, user: &User, now: Timestamp) -> Value {
    let mut described = resource::user(user, &store.user_settings, now);
    if let Some(described) = described.as_object_mut() {
        described.remove("private_metadata");
        // The description allows a number or no member at all, but not null.
        if described.get("create_organizations_limit").is_some_and(Value::is_null) {
            described.remove("create_organizations_limit");
        }
        described.remove("locale");
    }
    let memberships: Vec<_> = store.memberships_of(&user.id).map(|one| membership(store, one)).collect();
    described["organization_memberships"] = memberships.into();
    described["image_url"] = avatar(&user.name()).into();
    described["external_accounts"] = user
        .external_accounts
        .iter()
        // The account at an enterprise connection is not listed.
        .filter(|one| one.provider != "enterprise_sso")
        .map(|one| external_account(user, one))
        .collect();
    described["email_addresses"] =
        user.email_addresses.iter().map(|one| email_address(store, user, one, now)).collect();
    described["phone_numbers"] = user.phone_numbers.iter().map(|one| phone_number(store, user, one, now)).collect();
    described
}

/// An address, with its open verification.
pub(in crate::frontend_api) fn email_address(
    store: &Store,
    user: &User,
    address: &EmailAddress,
    now: Timestamp,
) -> Value {
    let mut described = resource::email_address(user, address);
    add_open_verification(store, &address.id, address.verified_by.as_deref(), &mut described, now);
    described
}

/// A number, with its open verification.
pub(in crate::frontend_api) fn phone_number(store: &Store, user: &User, number: &PhoneNumber, now: Timestamp) -> Value {
    let mut described = resource::phone_number(user, number);
    add_open_verification(store, &number.id, number.verified_by.as_deref(), &mut described, now);
    described
}

/// Adds the open verification; to a finished one by code or link, the expiry that clerk-js expects.
fn add_open_verification(store: &Store, id: &str, verified_by: Option<&str>, described: &mut Value, now: Timestamp) {
    if verified_by.is_none() {
        if let Some(verification) = store.attempts.identification(id) {
            described["verification"] = super::verification(verification, now);
        }
    }
    let object = described["verification"]["object"].as_str();
    let wants_time = matches!(object, Some("verification_otp" | "verification_email_link"));
    if wants_time && described["verification"]["expire_at"].is_null() {
        described["verification"]["expire_at"] = described["updated_at"].clone();
    }
}

/// An external account of a user.
pub(in crate::frontend_api) fn external_account(user: &User, account: &ExternalAccount) -> Value {
    let mut described = resource::external_account(user, account);
    described["object"] = "external_account".into();
    described["verification"] = json!({
        "object": "verification_oauth", "status": "verified", "strategy": account.provider,
        "error": null, "expire_at": user.updated_at, "attempts": null,
    });
    // Clerk's front end wants the name without the prefix.
    let provider = account.provider.strip_prefix("oauth_").unwrap_or(&account.provider);
    described["provider"] = provider.into();
    described
}

/// What other members of an organization see of a user.
pub(super) fn public_user_data(user: &User) -> Value {
    let mut described = resource::public_user_data(user);
    described["image_url"] = avatar(&user.name()).into();
    described
}
