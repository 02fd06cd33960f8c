//! Who is invited to the organization.

use axum::{extract::Path, response::Response};
use serde_json::{Map, Value};

use super::{known_role, paginated, permitted, resource};
use crate::{
    frontend_api::{Call, FrontendError, delivery, tickets},
    keys::random_id,
    store::{OrganizationInvitation, User},
};

/// How many can be invited at once.
const MAX: usize = 10;

pub(super) async fn list(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_memberships:manage")?;
    let status: Vec<_> = call.query.all("status").collect();
    Ok(listed(&call, &id, |one| status.is_empty() || status.contains(&one.status(call.now))))
}

pub(super) async fn pending(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_memberships:manage")?;
    Ok(listed(&call, &id, |one| one.status(call.now) == "pending"))
}

fn listed(call: &Call, organization_id: &str, is_meant: impl Fn(&OrganizationInvitation) -> bool) -> Response {
    let store = call.shared.store();
    let all = store.organization_invitations.iter().rev();
    let all = all.filter(|one| one.organization_id == organization_id && is_meant(one));
    let all: Vec<Value> = all.map(|one| resource::invitation(&store, one)).collect();
    drop(store);
    call.answer(&paginated(call, all))
}

pub(super) async fn create(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = permitted(&call, &id, "org:sys_memberships:manage")?;
    let address = delivery::email_address("email_address", call.form.required("email_address")?)?;
    let invitations = invite(&call, &id, &user, &[address])?;
    let described = resource::invitation(&call.shared.store(), &invitations[0]);
    Ok(call.answer(&described))
}

pub(super) async fn create_bulk(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let user = permitted(&call, &id, "org:sys_memberships:manage")?;
    let addresses = call.form.all("email_address").map(|one| delivery::email_address("email_address", one));
    let mut addresses = addresses.collect::<Result<Vec<_>, _>>()?;
    addresses.dedup();
    if addresses.is_empty() || addresses.len() > MAX {
        return Err(FrontendError::invalid("email_address", "must be given once to ten times"));
    }
    let invitations = invite(&call, &id, &user, &addresses)?;
    let store = call.shared.store();
    let described: Vec<_> = invitations.iter().map(|one| resource::invitation(&store, one)).collect();
    drop(store);
    Ok(call.answer(&described.into()))
}

/// Writes to all of them, or to none.
fn invite(
    call: &Call,
    organization_id: &str,
    inviter: &User,
    addresses: &[String],
) -> Result<Vec<OrganizationInvitation>, FrontendError> {
    let role = known_role(call, call.form.required("role")?)?;
    let invitation = |address: &String| OrganizationInvitation {
        id: random_id("orginv"),
        organization_id: organization_id.to_owned(),
        email_address: address.clone(),
        role: role.to_owned(),
        inviter_id: Some(inviter.id.clone()),
        status: "pending".to_owned(),
        redirect_url: Some(format!("{}/", call.origin)),
        public_metadata: Map::new(),
        private_metadata: Map::new(),
        expires_at: call.now + OrganizationInvitation::LIFETIME,
        created_at: call.now,
        updated_at: call.now,
    };
    let invitations: Vec<_> = addresses.iter().map(invitation).collect();
    call.shared.invite(&invitations)?;
    invitations.iter().for_each(|one| tickets::send(&call.shared, one));
    Ok(invitations)
}

pub(super) async fn revoke(
    Path((organization_id, id)): Path<(String, String)>,
    call: Call,
) -> Result<Response, FrontendError> {
    permitted(&call, &organization_id, "org:sys_memberships:manage")?;
    let known = call.shared.store().organization_invitations.get(&id).cloned();
    known.filter(|one| one.organization_id == organization_id).ok_or_else(|| FrontendError::not_found("Invitation"))?;
    let invitation = call.shared.revoke_invitation(&id)?;
    let described = resource::invitation(&call.shared.store(), &invitation);
    Ok(call.answer(&described))
}
