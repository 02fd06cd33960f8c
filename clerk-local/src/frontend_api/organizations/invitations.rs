//! Invitations to an organization.

use axum::{extract::Path, response::Response};
use serde_json::{Map, Value};

use super::{check_role, paginate, require_permission, resource};
use crate::{
    frontend_api::{FrontendError, FrontendRequest, delivery, tickets},
    keys::random_id,
    store::{OrganizationInvitation, User},
};

/// How many addresses can be invited at once.
const MAX: usize = 10;

pub(super) async fn list(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_memberships:manage")?;
    let status: Vec<_> = request.query.all("status").collect();
    Ok(respond_with_list(&request, &id, |one| status.is_empty() || status.contains(&one.status(request.now))))
}

pub(super) async fn pending(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_memberships:manage")?;
    Ok(respond_with_list(&request, &id, |one| one.status(request.now) == "pending"))
}

fn respond_with_list(
    request: &FrontendRequest,
    organization_id: &str,
    is_selected: impl Fn(&OrganizationInvitation) -> bool,
) -> Response {
    let store = request.shared.store();
    let all = store.organization_invitations.iter().rev();
    let all = all.filter(|one| one.organization_id == organization_id && is_selected(one));
    let all: Vec<Value> = all.map(|one| resource::invitation(&store, one)).collect();
    drop(store);
    request.respond(&paginate(request, all))
}

pub(super) async fn create(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = require_permission(&request, &id, "org:sys_memberships:manage")?;
    let address = delivery::normalize_email_address("email_address", request.form.required("email_address")?)?;
    let invitations = invite(&request, &id, &user, &[address])?;
    let described = resource::invitation(&request.shared.store(), &invitations[0]);
    Ok(request.respond(&described))
}

pub(super) async fn create_bulk(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let user = require_permission(&request, &id, "org:sys_memberships:manage")?;
    let addresses =
        request.form.all("email_address").map(|one| delivery::normalize_email_address("email_address", one));
    let mut addresses = addresses.collect::<Result<Vec<_>, _>>()?;
    addresses.dedup();
    if addresses.is_empty() || addresses.len() > MAX {
        return Err(FrontendError::invalid("email_address", "must be given once to ten times"));
    }
    let invitations = invite(&request, &id, &user, &addresses)?;
    let store = request.shared.store();
    let described: Vec<_> = invitations.iter().map(|one| resource::invitation(&store, one)).collect();
    drop(store);
    Ok(request.respond(&described.into()))
}

/// Invites all addresses, or none.
fn invite(
    request: &FrontendRequest,
    organization_id: &str,
    inviter: &User,
    addresses: &[String],
) -> Result<Vec<OrganizationInvitation>, FrontendError> {
    let role = check_role(request, request.form.required("role")?)?;
    let invitation = |address: &String| OrganizationInvitation {
        id: random_id("orginv"),
        organization_id: organization_id.to_owned(),
        email_address: address.clone(),
        role: role.to_owned(),
        inviter_id: Some(inviter.id.clone()),
        status: "pending".to_owned(),
        redirect_url: Some(format!("{}/", request.origin)),
        public_metadata: Map::new(),
        private_metadata: Map::new(),
        expires_at: request.now + OrganizationInvitation::LIFETIME,
        created_at: request.now,
        updated_at: request.now,
    };
    let invitations: Vec<_> = addresses.iter().map(invitation).collect();
    request.shared.invite(&invitations)?;
    invitations.iter().for_each(|one| tickets::send_invitation(&request.shared, one));
    Ok(invitations)
}

pub(super) async fn revoke(
    Path((organization_id, id)): Path<(String, String)>,
    request: FrontendRequest,
) -> Result<Response, FrontendError> {
    require_permission(&request, &organization_id, "org:sys_memberships:manage")?;
    let known = request.shared.store().organization_invitations.get(&id).cloned();
    known.filter(|one| one.organization_id == organization_id).ok_or_else(|| FrontendError::not_found("Invitation"))?;
    let invitation = request.shared.revoke_invitation(&id)?;
    let described = resource::invitation(&request.shared.store(), &invitation);
    Ok(request.respond(&described))
}
