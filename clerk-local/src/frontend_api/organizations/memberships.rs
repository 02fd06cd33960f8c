//! Memberships of an organization.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{check_role, paginate, require_permission, resource};
use crate::{
    frontend_api::{FrontendError, FrontendRequest},
    store::Membership,
};

pub(super) async fn list(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_memberships:read")?;
    let query = request.query.get("query").unwrap_or_default().to_lowercase();
    let roles: Vec<_> = request.query.all("role").collect();
    let store = request.shared.store();
    let is_selected = |one: &&Membership| {
        let named = store.users.get(&one.user_id).is_some_and(|user| {
            user.name().to_lowercase().contains(&query) || user.identifier().to_lowercase().contains(&query)
        });
        named && (roles.is_empty() || roles.contains(&&*one.role))
    };
    let all: Vec<Value> =
        store.members_of(&id).filter(is_selected).map(|one| resource::membership(&store, one)).collect();
    drop(store);
    Ok(request.respond(&paginate(&request, all)))
}

pub(super) async fn create(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_memberships:manage")?;
    let user_id = request.form.required("user_id")?;
    let role = check_role(&request, request.form.required("role")?)?;
    let membership = request.shared.join(user_id, &id, role, |_| {})?;
    Ok(respond(&request, &membership))
}

pub(super) async fn update(
    Path((id, user_id)): Path<(String, String)>,
    request: FrontendRequest,
) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_memberships:manage")?;
    let role = check_role(&request, request.form.required("role")?)?;
    let membership = request.shared.edit_membership(&user_id, &id, true, |one| role.clone_into(&mut one.role))?;
    Ok(respond(&request, &membership))
}

pub(super) async fn delete(
    Path((id, user_id)): Path<(String, String)>,
    request: FrontendRequest,
) -> Result<Response, FrontendError> {
    require_permission(&request, &id, "org:sys_memberships:manage")?;
    let described = {
        let store = request.shared.store();
        let membership = store.membership(&user_id, &id).ok_or_else(|| FrontendError::not_found("Membership"))?;
        resource::membership(&store, membership)
    };
    request.shared.leave(&user_id, &id)?;
    Ok(request.respond(&described))
}

fn respond(request: &FrontendRequest, membership: &Membership) -> Response {
    let described = resource::membership(&request.shared.store(), membership);
    request.respond(&described)
}
