//! Changes of users.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    account::{self, new_password},
    edit,
};
use crate::{
    backend_api::{answer::ApiResult, fields::Fields, metadata::Changes},
    http::ApiError,
    resource,
    shared::Shared,
    store::{End, User},
};

/// `PATCH /v1/users/{id}`
pub(super) async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> ApiResult {
    let signs_out = fields.opt("sign_out_of_other_sessions")?.unwrap_or(false);
    let unknown = || ApiError::not_found("user", &id);
    let user = shared.try_edit_user(&id, unknown, |store, user| {
        change(user, fields)?;
        account::free(store, user)
    })?;
    if signs_out {
        shared.end_sessions_of(&user.id, End::Revoked);
    }
    Ok(Json(resource::user(&user)))
}

fn change(user: &mut User, mut fields: Fields) -> Result<(), ApiError> {
    for (name, own) in [
        ("external_id", &mut user.external_id),
        ("first_name", &mut user.first_name),
        ("last_name", &mut user.last_name),
        ("username", &mut user.username),
    ] {
        if let Some(new) = fields.change(name)? {
            *own = new;
        }
    }
    primary_identifiers(user, &mut fields)?;
    if let Some(password) = new_password(&mut fields)? {
        user.secrets.replace_password(Some(password));
    }
    account::second_factors(&mut fields, user)?;
    // The description has them no more, but Clerk still takes them.
    let metadata = Changes::take(&mut fields)?;
    account::settings(&mut fields, user)?;
    fields.ignore(&["notify_primary_email_address_changed", "profile_image_id", "primary_web3_wallet_id"]);
    fields.end()?;
    metadata.replace(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    Ok(())
}

/// Takes which address and which number are written to; either must be the user's, and verified.
fn primary_identifiers(user: &mut User, fields: &mut Fields) -> Result<(), ApiError> {
    let addresses: Vec<_> = user.email_addresses.iter().map(|own| (&own.id, own.verified_by.is_some())).collect();
    let numbers: Vec<_> = user.phone_numbers.iter().map(|own| (&own.id, own.verified_by.is_some())).collect();
    let mut take = |name: &str, own: &[(&String, bool)]| {
        let Some(primary) = fields.opt::<String>(name)? else { return Ok(None) };
        match own.iter().find(|(id, _)| **id == primary) {
            None => Err(ApiError::names_nothing(name, &primary)),
            Some((_, false)) => Err(ApiError::value(name, format!("{name} is not verified"))),
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
    mut fields: Fields,
) -> ApiResult {
    let changes = Changes::take(&mut fields)?;
    fields.end()?;
    edit(&shared, &id, |user| {
        changes.merge(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    })
}

/// `PUT /v1/users/{id}/metadata`
pub(super) async fn replace_metadata(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: Fields,
) -> ApiResult {
    let changes = Changes::take(&mut fields)?;
    fields.end()?;
    edit(&shared, &id, |user| {
        changes.replace(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    })
}
