//! Names, and the account itself.

use axum::response::Response;
use serde_json::json;

use super::{deleted, described, edited, recent_user};
use crate::frontend_api::{Call, FrontendError, sign_ups};

pub(super) async fn show(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    Ok(call.answer(&described(&call, &user)))
}

pub(super) async fn update(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let form = &call.form;
    let (first_name, last_name) = (form.text("first_name")?, form.text("last_name")?);
    let own = form.get("username").is_some_and(|name| user.username.as_deref() == Some(&name.to_lowercase()));
    let username = if own { user.username.clone() } else { sign_ups::username(&call, form.get("username"))? };
    let metadata = form.metadata("unsafe_metadata")?;
    let (email, phone) = (form.get("primary_email_address_id"), form.get("primary_phone_number_id"));
    let is_own_email = |id| user.email_addresses.iter().any(|one| one.id == id && one.verified_by.is_some());
    if email.is_some_and(|id| !is_own_email(id)) {
        return Err(FrontendError::not_found("Email address"));
    }
    let is_own_phone = |id| user.phone_numbers.iter().any(|one| one.id == id && one.verified_by.is_some());
    if phone.is_some_and(|id| !is_own_phone(id)) {
        return Err(FrontendError::not_found("Phone number"));
    }
    let edit = |user: &mut crate::store::User| {
        if form.has("first_name") {
            user.first_name = first_name.map(str::to_owned);
        }
        if form.has("last_name") {
            user.last_name = last_name.map(str::to_owned);
        }
        if form.has("username") {
            user.username = username;
        }
        if let Some(metadata) = metadata {
            user.unsafe_metadata = metadata;
        }
        if let Some(id) = email {
            user.primary_email_address_id = Some(id.to_owned());
        }
        if let Some(id) = phone {
            user.primary_phone_number_id = Some(id.to_owned());
        }
    };
    edited(&call, &user, edit, |user| described(&call, user))
}

/// Merges what the frontend may write: null takes a key away.
pub(super) async fn update_metadata(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    let changes = call.form.metadata("unsafe_metadata")?.ok_or_else(|| FrontendError::missing("unsafe_metadata"))?;
    let edit = |user: &mut crate::store::User| {
        for (key, value) in changes {
            if value.is_null() {
                user.unsafe_metadata.remove(&key);
            } else {
                user.unsafe_metadata.insert(key, value);
            }
        }
    };
    edited(&call, &user, edit, |user| described(&call, user))
}

pub(super) async fn delete(call: Call) -> Result<Response, FrontendError> {
    let user = recent_user(&call)?;
    if !user.delete_self_enabled {
        return Err(FrontendError::not_authorized());
    }
    call.shared.delete_user(&user.id)?;
    Ok(deleted(&call, "user", &user.id))
}

/// Images are not kept: the components show initials.
pub(super) async fn set_image(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    Ok(call.answer(&json!({"object": "image", "id": format!("img_{}", user.id), "name": "", "public_url": ""})))
}

pub(super) async fn remove_image(call: Call) -> Result<Response, FrontendError> {
    let user = call.user()?;
    Ok(deleted(&call, "image", &format!("img_{}", user.id)))
}
