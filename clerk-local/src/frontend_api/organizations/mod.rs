//! `/v1/organizations`: organizations, as their members see and change them.

mod invitations;
mod memberships;
mod profile;
mod roles;

use std::sync::Arc;

use axum::{
    Router,
    http::StatusCode,
    routing::{get, patch, post, put},
};

use super::{FrontendError, FrontendRequest, me::paginate, resource};
use crate::{
    changes::ChangeError,
    shared::Shared,
    store::{Membership, User},
};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/organizations", post(profile::create))
        .route("/v1/organizations/{organization}", get(profile::show).patch(profile::update).delete(profile::delete))
        .route("/v1/organizations/{organization}/logo", put(profile::set_logo).delete(profile::remove_logo))
        .route("/v1/organizations/{organization}/memberships", get(memberships::list).post(memberships::create))
        .route(
            "/v1/organizations/{organization}/memberships/{user}",
            patch(memberships::update).delete(memberships::delete),
        )
        .route("/v1/organizations/{organization}/invitations", get(invitations::list).post(invitations::create))
        .route("/v1/organizations/{organization}/invitations/bulk", post(invitations::create_bulk))
        .route("/v1/organizations/{organization}/invitations/pending", get(invitations::pending))
        .route("/v1/organizations/{organization}/invitations/{id}/revoke", post(invitations::revoke))
        .route("/v1/organizations/{organization}/roles", get(roles::list))
        .route("/v1/organizations/{organization}/domains", get(roles::empty_list))
        .route("/v1/organizations/{organization}/membership_requests", get(roles::empty_list))
}

/// The user, who must be a member.
fn require_member(request: &FrontendRequest, organization_id: &str) -> Result<(User, Membership), FrontendError> {
    let user = request.user()?;
    if !request.shared.store().settings().has_organization_setting("enabled") {
        return Err(ChangeError::OrganizationsDisabled.into());
    }
    let membership = request.shared.store().membership(&user.id, organization_id).cloned();
    let message = "You do not belong to this organization, if there is one.";
    let membership =
        membership.ok_or_else(|| FrontendError::new(StatusCode::FORBIDDEN, "not_a_member_in_organization", message))?;
    Ok((user, membership))
}

/// The user, who must be a member with this permission.
fn require_permission(
    request: &FrontendRequest,
    organization_id: &str,
    permission: &str,
) -> Result<User, FrontendError> {
    let (user, membership) = require_member(request, organization_id)?;
    if request.shared.store().permissions(&membership).iter().any(|one| one == permission) {
        return Ok(user);
    }
    let message = format!("you need the permission {permission} in this organization");
    Err(FrontendError::new(StatusCode::FORBIDDEN, "missing_permission", message))
}

fn check_role<'c>(request: &FrontendRequest, role: &'c str) -> Result<&'c str, FrontendError> {
    let is_known = request.shared.store().role(role).is_some();
    if is_known {
        Ok(role)
    } else {
        Err(FrontendError::form("form_param_value_invalid", "role", "There is no such role"))
    }
}
