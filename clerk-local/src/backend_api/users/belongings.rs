//! External accounts, memberships and invitations of a user.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{edit, find_or_404};
use crate::{
    backend_api::{
        answer::{ApiResult, deleted_object},
        query::Query,
    },
    http::ApiError,
    resource,
    shared::Shared,
};

/// `GET /v1/users/{id}/oauth_access_tokens/{provider}`
///
/// External accounts are made up, and so are their tokens: `local_` and the account's id.
pub(super) async fn oauth_access_tokens(
    State(shared): State<Arc<Shared>>,
    Path((id, provider)): Path<(String, String)>,
    query: Query,
) -> ApiResult {
    let user = find_or_404(&shared.store(), &id)?;
    // With and without the prefix that Clerk's names once had.
    let is_selected = |own: &str| own.trim_start_matches("oauth_") == provider.trim_start_matches("oauth_");
    let tokens = user.external_accounts.iter().filter(|account| is_selected(&account.provider)).map(|account| {
        json!({
            "object": "oauth_access_token",
            "external_account_id": account.id,
            "provider_user_id": account.provider_user_id,
            "token": format!("local_{}", account.id),
            "expires_at": null,
            "provider": account.provider,
            "public_metadata": {},
            "label": null,
            "scopes": ["email", "openid", "profile"],
        })
    });
    query.array(tokens.collect())
}

/// `GET /v1/users/{id}/organization_memberships`
pub(super) async fn memberships(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> ApiResult {
    let store = shared.store();
    find_or_404(&store, &id)?;
    let memberships = store.memberships_of(&id).filter_map(|membership| resource::membership_in(&store, membership));
    query.list(memberships.collect())
}

/// `GET /v1/users/{id}/organization_invitations`
pub(super) async fn invitations(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> ApiResult {
    let now = shared.clock.now();
    let store = shared.store();
    let user = find_or_404(&store, &id)?;
    let status = query.choice("status", &["pending", "accepted", "revoked", "expired"])?;
    let invitations = store
        .organization_invitations
        .iter()
        .filter(|one| user.email_addresses.iter().any(|own| own.email_address.eq_ignore_ascii_case(&one.email_address)))
        .filter(|one| status.is_none_or(|status| one.status(now) == status))
        .filter_map(|one| resource::organization_invitation_with_organization(&store, one, now));
    query.list(invitations.collect())
}

/// `DELETE /v1/users/{id}/external_accounts/{account_id}`
pub(super) async fn delete_external_account(
    State(shared): State<Arc<Shared>>,
    Path((id, account_id)): Path<(String, String)>,
) -> ApiResult {
    let user = find_or_404(&shared.store(), &id)?;
    if !user.external_accounts.iter().any(|account| account.id == account_id) {
        return Err(ApiError::not_found("external account", &account_id));
    }
    let _ = edit(&shared, &id, |user| user.external_accounts.retain(|account| account.id != account_id))?;
    Ok(deleted_object("external_account", &account_id))
}

/// `GET /v1/users/{id}/trusted_devices`: always empty.
pub(super) async fn trusted_devices(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> ApiResult {
    find_or_404(&shared.store(), &id)?;
    Ok(Json(json!({"data": Vec::<Value>::new(), "total_count": 0})))
}
