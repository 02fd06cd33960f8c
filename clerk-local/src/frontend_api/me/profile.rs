//! Names, and the account itself.

use axum::response::Response;
use serde_json::json;

use super::{edit_and_respond, recently_verified_user, respond_deleted, to_json};
use crate::frontend_api::{FrontendError, FrontendRequest, restrictions, sign_ups};

pub(super) async fn show(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    Ok(request.respond(&to_json(&request, &user)))
}

pub(super) async fn update(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let form = &request.form;
    let mut names = ["first_name", "last_name", "username"].into_iter().filter(|name| form.has(name));
    names.try_for_each(|name| restrictions::check_attribute(&request.shared, name))?;
    let (first_name, last_name) = (form.text("first_name")?, form.text("last_name")?);
    let own = form.get("username").is_some_and(|name| user.username.as_deref() == Some(&name.to_lowercase()));
    let username =
        if own { user.username.clone() } else { sign_ups::normalize_username(&request, form.get("username"))? };
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
    edit_and_respond(&request, &user, edit, |user| to_json(&request, user))
}

/// Merges the unsafe metadata; null removes a key.
pub(super) async fn update_metadata(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    let changes = request.form.metadata("unsafe_metadata")?.ok_or_else(|| FrontendError::missing("unsafe_metadata"))?;
    let edit = |user: &mut crate::store::User| {
        for (key, value) in changes {
            if value.is_null() {
                user.unsafe_metadata.remove(&key);
            } else {
                user.unsafe_metadata.insert(key, value);
            }
        }
    };
    edit_and_respond(&request, &user, edit, |user| to_json(&request, user))
}

pub(super) async fn delete(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = recently_verified_user(&request)?;
    if !user.delete_self_enabled {
        return Err(FrontendError::not_authorized());
    }
    request.shared.delete_user(&user.id)?;
    Ok(respond_deleted(&request, "user", &user.id))
}

/// Images are not kept: the components show initials.
pub(super) async fn set_image(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    Ok(request.respond(&json!({"object": "image", "id": format!("img_{}", user.id), "name": "", "public_url": ""})))
}

pub(super) async fn remove_image(request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = request.user()?;
    Ok(respond_deleted(&request, "image", &format!("img_{}", user.id)))
}
