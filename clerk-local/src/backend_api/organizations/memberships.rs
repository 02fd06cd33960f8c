//! Memberships of organizations.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};

use super::find_or_404;
use crate::{
    backend_api::{
        answer::ApiResult, fields::BodyFields, metadata::MetadataChanges, query::Query, users::find_by_parameter,
    },
    http::ApiError,
    resource,
    shared::Shared,
    store::{Membership, Store, User},
};

/// JSON pointers of the fields that memberships can be sorted by.
const ORDERS: &[(&str, &str)] = &[
    ("created_at", "/created_at"),
    ("email_address", "/public_user_data/identifier"),
    ("first_name", "/public_user_data/first_name"),
    ("last_name", "/public_user_data/last_name"),
    ("phone_number", "/public_user_data/identifier"),
    ("username", "/public_user_data/username"),
];

/// `GET /v1/organizations/{id}/memberships`
pub(super) async fn list(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> ApiResult {
    let store = shared.store();
    let organization = find_or_404(&store, &id)?;
    let (created_after, created_before) = (query.time("created_at_after")?, query.time("created_at_before")?);
    let is_selected = |membership: &&Membership| {
        query.includes("role", |role| membership.role == role)
            && created_after.is_none_or(|after| membership.created_at >= after)
            && created_before.is_none_or(|before| membership.created_at <= before)
            && store.users.get(&membership.user_id).is_some_and(|user| matches_query(&query, user))
    };
    let memberships = store.members_of(&organization.id).filter(is_selected);
    let mut memberships: Vec<_> = memberships.filter_map(|one| resource::membership_in(&store, one)).collect();
    query.sort(&mut memberships, "-created_at", ORDERS)?;
    query.list(memberships)
}

fn matches_query(query: &Query, user: &User) -> bool {
    let addresses = || user.email_addresses.iter().map(|own| &*own.email_address);
    let texts =
        || addresses().chain(user.username.as_deref()).map(str::to_lowercase).chain([user.name().to_lowercase()]);
    query.includes("user_id", |id| user.id == id.trim_start_matches(['+', ' ']))
        && query.includes("email_address", |one| addresses().any(|own| own.eq_ignore_ascii_case(one)))
        && query.includes("phone_number", |one| user.phone_numbers.iter().any(|own| own.phone_number == one))
        && query.includes("username", |one| user.username.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(one)))
        && ["query", "email_address_query", "username_query", "name_query"]
            .iter()
            .all(|name| query.get(name).is_none_or(|search| texts().any(|text| text.contains(&search.to_lowercase()))))
}

/// `GET /v1/organization_memberships`
pub(super) async fn list_all(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let store = shared.store();
    let memberships = store.memberships.iter().filter_map(|one| resource::membership_in(&store, one));
    let mut memberships: Vec<_> = memberships.collect();
    query.sort(&mut memberships, "-created_at", ORDERS)?;
    query.list(memberships)
}

/// `POST /v1/organizations/{id}/memberships`
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let user_id = fields.required_text("user_id")?;
    let role = fields.required_text("role")?;
    let metadata = MetadataChanges::take(&mut fields)?;
    fields.finish()?;
    let store = shared.store();
    let organization = find_or_404(&store, &id)?;
    find_by_parameter(&store, "user_id", &user_id)?;
    check_role(&store, &role)?;
    drop(store);
    let membership = shared.join(&user_id, &organization.id, &role, |own| {
        metadata.replace(&mut own.public_metadata, &mut own.private_metadata, None);
    })?;
    to_json(&shared.store(), &membership)
}

/// `PATCH /v1/organizations/{id}/memberships/{user_id}`
pub(super) async fn update(
    State(shared): State<Arc<Shared>>,
    Path((id, user_id)): Path<(String, String)>,
    mut fields: BodyFields,
) -> ApiResult {
    let role = fields.required_text("role")?;
    fields.finish()?;
    check_role(&shared.store(), &role)?;
    edit(&shared, &id, &user_id, |membership| membership.role = role)
}

/// `PATCH /v1/organizations/{id}/memberships/{user_id}/metadata`
pub(super) async fn merge_metadata(
    State(shared): State<Arc<Shared>>,
    Path((id, user_id)): Path<(String, String)>,
    mut fields: BodyFields,
) -> ApiResult {
    let changes = MetadataChanges::take(&mut fields)?;
    fields.finish()?;
    edit(&shared, &id, &user_id, |own| changes.merge(&mut own.public_metadata, &mut own.private_metadata, None))
}

/// `PUT /v1/organizations/{id}/memberships/{user_id}/metadata`
pub(super) async fn replace_metadata(
    State(shared): State<Arc<Shared>>,
    Path((id, user_id)): Path<(String, String)>,
    mut fields: BodyFields,
) -> ApiResult {
    let changes = MetadataChanges::take(&mut fields)?;
    fields.finish()?;
    edit(&shared, &id, &user_id, |own| changes.replace(&mut own.public_metadata, &mut own.private_metadata, None))
}

fn edit(shared: &Shared, id: &str, user_id: &str, edit: impl FnOnce(&mut Membership)) -> ApiResult {
    let store = shared.store();
    let organization = find_or_404(&store, id)?;
    store.membership(user_id, &organization.id).ok_or_else(|| ApiError::not_found("membership of", user_id))?;
    drop(store);
    let membership = shared.edit_membership(user_id, &organization.id, false, edit)?;
    to_json(&shared.store(), &membership)
}

/// `DELETE /v1/organizations/{id}/memberships/{user_id}`; answers with the removed membership.
pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    Path((id, user_id)): Path<(String, String)>,
) -> ApiResult {
    let store = shared.store();
    let organization = find_or_404(&store, &id)?;
    let membership = store.membership(&user_id, &organization.id);
    let membership = membership.cloned().ok_or_else(|| ApiError::not_found("membership of", &user_id))?;
    let was = to_json(&store, &membership);
    drop(store);
    shared.remove_member(&user_id, &organization.id)?;
    was
}

/// Checks that a parameter names a role.
pub(super) fn check_role(store: &Store, key: &str) -> Result<(), ApiError> {
    store.role(key).map(drop).ok_or_else(|| ApiError::unknown_reference("role", key))
}

fn to_json(store: &Store, membership: &Membership) -> ApiResult {
    let json = resource::membership_in(store, membership);
    json.map(Json).ok_or_else(|| ApiError::not_found("membership of", &membership.user_id))
}
