//! E-mail addresses and telephone numbers of users.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post},
};
use serde_json::Value;

use super::{
    answer::{ApiResult, deleted_object},
    fields::BodyFields,
    identifiers, verifications,
};
use crate::{
    http::ApiError,
    resource,
    shared::Shared,
    store::{EmailAddress, OutboxChannel, PhoneNumber, Store, User},
};

/// An e-mail address or a phone number of a user.
pub(super) trait Identification: Clone + Send + Sync + 'static {
    /// The value of `object` in the API.
    const OBJECT: &'static str;
    /// The path of the collection.
    const PATH: &'static str;
    const CHANNEL: OutboxChannel;

    fn id(&self) -> &str;
    fn text(&self) -> &str;
    fn verified_by(&mut self) -> &mut Option<String>;
    fn to_json(&self, user: &User) -> Value;

    fn all(user: &User) -> &[Self];
    fn all_mut(user: &mut User) -> &mut Vec<Self>;
    fn primary(user: &mut User) -> &mut Option<String>;
    fn add<'u>(user: &'u mut User, text: &str, verified_by: Option<&str>) -> &'u Self;

    /// Checks the form, and that no other user has it.
    fn check(store: &Store, text: &str, user_id: &str) -> Result<(), ApiError>;

    /// Takes the parameter that only phone numbers have: whether it is a second factor.
    fn take_second_factor(fields: &mut BodyFields) -> Result<Option<bool>, ApiError>;
    fn reserve_for_second_factor(&mut self, reserved: bool);
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    routes_of::<EmailAddress>().merge(routes_of::<PhoneNumber>())
}

fn routes_of<T: Identification>() -> Router<Arc<Shared>> {
    let path = format!("/{}", T::PATH);
    Router::new()
        .route(&path, post(create::<T>))
        .route(&format!("{path}/{{id}}"), get(show::<T>).patch(update::<T>).delete(delete::<T>))
        .route(&format!("{path}/{{id}}/prepare_verification"), post(prepare_verification::<T>))
        .route(&format!("{path}/{{id}}/attempt_verification"), post(attempt_verification::<T>))
}

/// The identification with this id, and its user.
fn find_or_404<T: Identification>(store: &Store, id: &str) -> Result<(User, T), ApiError> {
    let found = store.users.iter().find_map(|user| Some((user, T::all(user).iter().find(|own| own.id() == id)?)));
    found.map(|(user, own)| (user.clone(), own.clone())).ok_or_else(|| not_found::<T>(id))
}

fn not_found<T: Identification>(id: &str) -> ApiError {
    ApiError::not_found(T::OBJECT, id)
}

/// Edits the identification's user, unless `edit` returns an error.
fn edit<T: Identification>(
    shared: &Shared,
    id: &str,
    edit: impl FnOnce(&mut User) -> Result<(), ApiError>,
) -> Result<User, ApiError> {
    let (user, _) = find_or_404::<T>(&shared.store(), id)?;
    shared.try_edit_user(&user.id, || not_found::<T>(id), |_, user| edit(user))
}

fn find_mut<'u, T: Identification>(user: &'u mut User, id: &str) -> Option<&'u mut T> {
    T::all_mut(user).iter_mut().find(|own| own.id() == id)
}

/// `GET /v1/email_addresses/{id}` and the like.
async fn show<T: Identification>(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    let (user, own) = find_or_404::<T>(&shared.store(), &id)?;
    Ok(Json(own.to_json(&user)))
}

fn respond_with<T: Identification>(user: &User, id: &str) -> ApiResult {
    let own = T::all(user).iter().find(|own| own.id() == id).ok_or_else(|| not_found::<T>(id))?;
    Ok(Json(own.to_json(user)))
}

/// `POST /v1/email_addresses` and the like.
async fn create<T: Identification>(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let user_id = fields.required_text("user_id")?;
    let text = fields.required_text(T::OBJECT)?;
    let verified = fields.optional("verified")?.unwrap_or(false);
    let primary = fields.optional("primary")?.unwrap_or(false);
    let second_factor = T::take_second_factor(&mut fields)?.unwrap_or(false);
    fields.finish()?;
    let mut id = String::new();
    let unknown = || ApiError::unknown_reference("user_id", &user_id);
    let user = shared.try_edit_user(&user_id, unknown, |store, user| {
        // No user id is excluded: the user must not have it already, either.
        T::check(store, &text, "")?;
        id = T::add(user, &text, verified.then_some("admin")).id().to_owned();
        if primary {
            *T::primary(user) = Some(id.clone());
        }
        find_mut::<T>(user, &id).into_iter().for_each(|own| own.reserve_for_second_factor(second_factor));
        Ok(())
    })?;
    respond_with::<T>(&user, &id)
}

/// `PUT /v1/users/{id}/email_address` and the like: replaces all others.
pub(super) async fn replace<T: Identification>(
    State(shared): State<Arc<Shared>>,
    Path(user_id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let text = fields.required_text(T::OBJECT)?;
    let status: Option<String> = fields.optional("identification_status")?;
    let second_factor = T::take_second_factor(&mut fields)?.unwrap_or(false);
    fields.finish()?;
    let verified = status.is_none_or(|status| status == "verified");
    let mut id = String::new();
    let user = shared.try_edit_user(
        &user_id,
        || ApiError::not_found("user", &user_id),
        |store, user| {
            T::check(store, &text, &user_id)?;
            T::all_mut(user).clear();
            id = T::add(user, &text, verified.then_some("admin")).id().to_owned();
            *T::primary(user) = Some(id.clone());
            find_mut::<T>(user, &id).into_iter().for_each(|own| own.reserve_for_second_factor(second_factor));
            Ok(())
        },
    )?;
    respond_with::<T>(&user, &id)
}

/// `PATCH /v1/email_addresses/{id}` and the like.
async fn update<T: Identification>(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let verified: Option<bool> = fields.optional("verified")?;
    let primary = fields.optional("primary")?.unwrap_or(false);
    let second_factor = T::take_second_factor(&mut fields)?;
    fields.finish()?;
    let user = edit::<T>(&shared, &id, |user| {
        let own = find_mut::<T>(user, &id).ok_or_else(|| not_found::<T>(&id))?;
        if primary && !verified.unwrap_or(own.verified_by().is_some()) {
            return Err(ApiError::invalid_value("primary", format!("the {} is not verified", T::OBJECT)));
        }
        match verified {
            Some(true) => drop(own.verified_by().get_or_insert_with(|| "admin".to_owned())),
            Some(false) => *own.verified_by() = None,
            None => {}
        }
        second_factor.into_iter().for_each(|reserved| own.reserve_for_second_factor(reserved));
        if primary {
            *T::primary(user) = Some(id.clone());
        }
        Ok(())
    })?;
    respond_with::<T>(&user, &id)
}

/// `DELETE /v1/email_addresses/{id}` and the like.
async fn delete<T: Identification>(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    edit::<T>(&shared, &id, |user| {
        if !user.has_another_identifier(&id) {
            let problem = "the user has nothing else to sign in with";
            return Err(ApiError::new(StatusCode::CONFLICT, "last_identification_deletion_failed", problem));
        }
        T::all_mut(user).retain(|own| own.id() != id);
        if T::primary(user).as_ref() == Some(&id) {
            *T::primary(user) = T::all(user).first().map(|own| own.id().to_owned());
        }
        Ok(())
    })?;
    Ok(deleted_object(T::OBJECT, &id))
}

/// `POST /v1/email_addresses/{id}/prepare_verification` and the like.
async fn prepare_verification<T: Identification>(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> ApiResult {
    let (_, own) = find_or_404::<T>(&shared.store(), &id)?;
    verifications::prepare(&shared, &id, own.text(), T::CHANNEL)
}

/// `POST /v1/email_addresses/{id}/attempt_verification` and the like.
async fn attempt_verification<T: Identification>(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let (verification_id, code) = (fields.required_text("verification_id")?, fields.required_text("code")?);
    fields.finish()?;
    find_or_404::<T>(&shared.store(), &id)?;
    verifications::attempt(&shared, (&id, &verification_id), &code, T::CHANNEL, |strategy| {
        edit::<T>(&shared, &id, |user| {
            let own = find_mut::<T>(user, &id).ok_or_else(|| not_found::<T>(&id))?;
            *own.verified_by() = Some(strategy.to_owned());
            Ok(())
        })?;
        Ok(())
    })
}

impl Identification for EmailAddress {
    const OBJECT: &'static str = "email_address";
    const PATH: &'static str = "email_addresses";
    const CHANNEL: OutboxChannel = OutboxChannel::Email;

    fn id(&self) -> &str {
        &self.id
    }

    fn text(&self) -> &str {
        &self.email_address
    }

    fn verified_by(&mut self) -> &mut Option<String> {
        &mut self.verified_by
    }

    fn to_json(&self, user: &User) -> Value {
        resource::email_address(user, self)
    }

    fn all(user: &User) -> &[Self] {
        &user.email_addresses
    }

    fn all_mut(user: &mut User) -> &mut Vec<Self> {
        &mut user.email_addresses
    }

    fn primary(user: &mut User) -> &mut Option<String> {
        &mut user.primary_email_address_id
    }

    fn add<'u>(user: &'u mut User, text: &str, verified_by: Option<&str>) -> &'u Self {
        user.add_email_address(text, verified_by)
    }

    fn check(store: &Store, text: &str, user_id: &str) -> Result<(), ApiError> {
        identifiers::check_email_address(store, text, user_id)
    }

    fn take_second_factor(fields: &mut BodyFields) -> Result<Option<bool>, ApiError> {
        fields.ignore(&["notify_primary_email_address_changed"]);
        Ok(None)
    }

    fn reserve_for_second_factor(&mut self, _: bool) {}
}

impl Identification for PhoneNumber {
    const OBJECT: &'static str = "phone_number";
    const PATH: &'static str = "phone_numbers";
    const CHANNEL: OutboxChannel = OutboxChannel::Sms;

    fn id(&self) -> &str {
        &self.id
    }

    fn text(&self) -> &str {
        &self.phone_number
    }

    fn verified_by(&mut self) -> &mut Option<String> {
        &mut self.verified_by
    }

    fn to_json(&self, user: &User) -> Value {
        resource::phone_number(user, self)
    }

    fn all(user: &User) -> &[Self] {
        &user.phone_numbers
    }

    fn all_mut(user: &mut User) -> &mut Vec<Self> {
        &mut user.phone_numbers
    }

    fn primary(user: &mut User) -> &mut Option<String> {
        &mut user.primary_phone_number_id
    }

    fn add<'u>(user: &'u mut User, text: &str, verified_by: Option<&str>) -> &'u Self {
        user.add_phone_number(text, verified_by)
    }

    fn check(store: &Store, text: &str, user_id: &str) -> Result<(), ApiError> {
        identifiers::check_phone_number(store, text, user_id)
    }

    fn take_second_factor(fields: &mut BodyFields) -> Result<Option<bool>, ApiError> {
        fields.optional("reserved_for_second_factor")
    }

    fn reserve_for_second_factor(&mut self, reserved: bool) {
        self.reserved_for_second_factor = reserved;
    }
}
