//! Creates users without a sign-up.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::Map;

use super::account::{self, NewIdentifiers, take_new_password};
use crate::{
    backend_api::{answer::ApiResult, fields::BodyFields},
    http::ApiError,
    keys::random_id,
    shared::Shared,
    store::User,
};

/// `POST /v1/users`
pub(super) async fn create(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let now = shared.clock.now();
    let mut disabled = shared.settings().attributes().into_iter().filter(|(_, how)| !how.is_enabled());
    if let Some((name, _)) = disabled.find(|(name, _)| fields.has(name)) {
        return Err(ApiError::unknown_parameter(name));
    }
    let mut user = User::new(random_id("user"), now);
    user.external_id = fields.optional("external_id")?;
    user.first_name = fields.optional("first_name")?;
    user.last_name = fields.optional("last_name")?;
    user.username = fields.optional("username")?;
    let claims = NewIdentifiers {
        email_addresses: fields.optional("email_address")?.unwrap_or_default(),
        phone_numbers: fields.optional("phone_number")?.unwrap_or_default(),
    };
    let (email_addresses, phone_numbers) = (claims.email_addresses.len(), claims.phone_numbers.len());
    let email_status = take_statuses(&mut fields, "email_address_identification_status", email_addresses)?;
    let phone_status = take_statuses(&mut fields, "phone_number_identification_status", phone_numbers)?;
    for (address, verified) in claims.email_addresses.iter().zip(email_status) {
        user.add_email_address(address, verified.then_some("admin"));
    }
    for (number, verified) in claims.phone_numbers.iter().zip(phone_status) {
        user.add_phone_number(number, verified.then_some("admin"));
    }
    user.secrets.password = take_new_password(&mut fields)?;
    account::take_second_factors(&mut fields, &mut user)?;
    user.public_metadata = fields.metadata("public_metadata")?.unwrap_or_else(Map::new);
    user.private_metadata = fields.metadata("private_metadata")?.unwrap_or_else(Map::new);
    user.unsafe_metadata = fields.metadata("unsafe_metadata")?.unwrap_or_else(Map::new);
    user.banned = fields.optional("banned")?.unwrap_or(false);
    if fields.optional("locked")?.unwrap_or(false) {
        user.lock(shared.lockout_end());
    }
    account::take_settings(&mut fields, &mut user)?;
    let needs_no_identifier = fields.optional("skip_user_requirement")?.unwrap_or(false);
    fields.ignore(&["skip_password_requirement"]);
    if fields.optional::<Vec<String>>("web3_wallet")?.is_some_and(|wallets| !wallets.is_empty()) {
        return Err(ApiError::invalid_value("web3_wallet", "clerk-local has no web3 wallets"));
    }
    fields.finish()?;
    let has_identifier = user.username.is_some() || !user.email_addresses.is_empty() || !user.phone_numbers.is_empty();
    if !has_identifier && !needs_no_identifier {
        return Err(ApiError::for_parameter(
            "email_address",
            "form_data_missing",
            "a user needs an email_address, a phone_number or a username",
        ));
    }
    account::check_identifiers(&shared.store(), &user)?;
    // Another request may have taken an identifier meanwhile.
    let user = shared.add_new_user(user).ok_or_else(|| ApiError::identifier_taken("identifier"))?;
    Ok(Json(shared.describe_user(&user)))
}

/// Takes whether each identifier is verified; default: all are.
fn take_statuses(fields: &mut BodyFields, name: &str, count: usize) -> Result<Vec<bool>, ApiError> {
    let Some(statuses) = fields.optional::<Vec<String>>(name)? else { return Ok(vec![true; count]) };
    if statuses.len() != count || !statuses.iter().all(|status| matches!(&**status, "verified" | "reserved")) {
        return Err(ApiError::invalid_value(name, "one of verified and reserved for each identifier"));
    }
    Ok(statuses.iter().map(|status| status == "verified").collect())
}
