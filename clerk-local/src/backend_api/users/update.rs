//! Changes of users.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};

use super::{
    account::{self, new_password},
    edit, known,
};
use crate::{
    backend_api::{
        answer::{Answer, Refusal},
        fields::Fields,
        metadata::Changes,
    },
    resource,
    shared::Shared,
    store::End,
};

/// `PATCH /v1/users/{id}`
pub(super) async fn update(State(shared): State<Arc<Shared>>, Path(id): Path<String>, mut fields: Fields) -> Answer {
    let mut user = known(&shared.store(), &id)?;
    if let Some(external_id) = fields.change("external_id")? {
        user.external_id = external_id;
    }
    if let Some(first_name) = fields.change("first_name")? {
        user.first_name = first_name;
    }
    if let Some(last_name) = fields.change("last_name")? {
        user.last_name = last_name;
    }
    if let Some(username) = fields.change("username")? {
        user.username = username;
    }
    if let Some(primary) = fields.opt::<String>("primary_email_address_id")? {
        let own = user.email_addresses.iter().find(|own| own.id == primary);
        let own = own.ok_or_else(|| Refusal::names_nothing("primary_email_address_id", &primary))?;
        if own.verified_by.is_none() {
            return Err(Refusal::value("primary_email_address_id", "the address is not verified"));
        }
        user.primary_email_address_id = Some(primary);
    }
    if let Some(primary) = fields.opt::<String>("primary_phone_number_id")? {
        let own = user.phone_numbers.iter().find(|own| own.id == primary);
        let own = own.ok_or_else(|| Refusal::names_nothing("primary_phone_number_id", &primary))?;
        if own.verified_by.is_none() {
            return Err(Refusal::value("primary_phone_number_id", "the number is not verified"));
        }
        user.primary_phone_number_id = Some(primary);
    }
    let password = new_password(&mut fields)?;
    let signs_out = fields.opt("sign_out_of_other_sessions")?.unwrap_or(false);
    if let Some(password) = password {
        user.secrets.password = Some(password);
    }
    account::second_factors(&mut fields, &mut user)?;
    // The description has them no more, but Clerk still takes them.
    let metadata = Changes::take(&mut fields)?;
    account::settings(&mut fields, &mut user)?;
    fields.ignore(&["notify_primary_email_address_changed", "profile_image_id", "primary_web3_wallet_id"]);
    fields.end()?;
    metadata.replace(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    account::free(&shared.store(), &user)?;
    let user = shared.edit_user(&id, |own| *own = user)?;
    if signs_out {
        shared.end_sessions_of(&user.id, End::Revoked);
    }
    Ok(Json(resource::user(&user)))
}

/// `PATCH /v1/users/{id}/metadata`
pub(super) async fn merge_metadata(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: Fields,
) -> Answer {
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
) -> Answer {
    let changes = Changes::take(&mut fields)?;
    fields.end()?;
    edit(&shared, &id, |user| {
        changes.replace(&mut user.public_metadata, &mut user.private_metadata, Some(&mut user.unsafe_metadata));
    })
}
