//! Updates of users.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    account::{self, take_new_password},
    edit,
};
use crate::{
    backend_api::{answer::ApiResult, fields::BodyFields, metadata::MetadataChanges},
    http::ApiError,
    shared::Shared,
    store::{SessionEnd, User},
};

/// `PATCH /v1/users/{id}`
pub(super) async fn update(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let signs_out = fields.optional("sign_out_of_other_sessions")?.unwrap_or(false);
    let unknown = || ApiError::not_found("user", &id);
    let user = shared.try_edit_user(&id, unknown, |store, user| {
        change(user, fields)?;
        account::check_identifiers(store, user)
    })?;
    if signs_out {
        shared.end_sessions_of(&user.id, SessionEnd::Revoked);
    }
    Ok(Json(shared.describe_user(&user)))
}

fn change(user: &mut User, mut fields: BodyFields) -> Result<(), ApiError> {
    for (name, own) in [
        ("external_id", &mut user.external_id),
        ("first_name", &mut user.first_name),
        ("last_name", &mut user.last_name),
        ("username", &mut user.username),
    ] {
        if let Some(new) = fields.nullable(name)? {
            *own = new;
        }
    }
    primary_identifiers(user, &mut fields)?;
    if let Some(password) = take_new_password(&mut fields)? {
        user.secrets.replace_password(Some(password));
    }
    account::take_second_factors(&mut fields, user)?;
    // No longer in Clerk's API description, but Clerk still accepts them.
    let metadata = MetadataChanges::take(&mut fields)?;
    account::take_settings(&mut fields, user)?;
    fields.ignore(&["notify_primary_email_address_changed", "profile_image_id", "primary_web3_wallet_id"]);
    fields.finish()?;
    metadata.replace(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    Ok(())
}

/// Takes the primary address and number; each must be the user's and verified.
fn primary_identifiers(user: &mut User, fields: &mut BodyFields) -> Result<(), ApiError> {
    let addresses: Vec<_> = user.email_addresses.iter().map(|own| (&own.id, own.verified_by.is_some())).collect();
    let numbers: Vec<_> = user.phone_numbers.iter().map(|own| (&own.id, own.verified_by.is_some())).collect();
    let mut take = |name: &str, own: &[(&String, bool)]| {
        let Some(primary) = fields.optional::<String>(name)? else { return Ok(None) };
        match own.iter().find(|(id, _)| **id == primary) {
            None => Err(ApiError::unknown_reference(name, &primary)),
            Some((_, false)) => Err(ApiError::invalid_value(name, format!("{name} is not verified"))),
            Some(_) => Ok(Some(primary)),
        }
    };
    let (address, number) = (take("primary_email_address_id", &addresses)?, take("primary_phone_number_id", &numbers)?);
    user.primary_email_address_id = address.or_else(|| user.primary_email_address_id.take());
    user.primary_phone_number_id = number.or_else(|| user.primary_phone_number_id.take());
    Ok(())
}

/// `PATCH /v1/users/{id}/metadata`
pub(super) async fn merge_metadata(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let changes = MetadataChanges::take(&mut fields)?;
    fields.finish()?;
    edit(&shared, &id, |user| {
        changes.merge(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    })
}

/// `PUT /v1/users/{id}/metadata`
pub(super) async fn replace_metadata(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let changes = MetadataChanges::take(&mut fields)?;
    fields.finish()?;
    edit(&shared, &id, |user| {
        changes.replace(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    })
}
