//! Who belongs to the organization, and as what.

use axum::{extract::Path, response::Response};
use serde_json::Value;

use super::{known_role, paginated, permitted, resource};
use crate::{
    frontend_api::{Call, FrontendError},
    store::Membership,
};

pub(super) async fn list(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_memberships:read")?;
    let query = call.query.get("query").unwrap_or_default().to_lowercase();
    let roles: Vec<_> = call.query.all("role").collect();
    let store = call.shared.store();
    let is_meant = |one: &&Membership| {
        let named = store.users.get(&one.user_id).is_some_and(|user| {
            user.name().to_lowercase().contains(&query) || user.identifier().to_lowercase().contains(&query)
        });
        named && (roles.is_empty() || roles.contains(&&*one.role))
    };
    let all: Vec<Value> = store.members_of(&id).filter(is_meant).map(|one| resource::membership(&store, one)).collect();
    drop(store);
    Ok(call.answer(&paginated(&call, all)))
}

pub(super) async fn create(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_memberships:manage")?;
    let user_id = call.form.required("user_id")?;
    let role = known_role(&call, call.form.required("role")?)?;
    let membership = call.shared.join(user_id, &id, role, |_| {})?;
    Ok(answer(&call, &membership))
}

pub(super) async fn update(Path((id, user_id)): Path<(String, String)>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_memberships:manage")?;
    let role = known_role(&call, call.form.required("role")?)?;
    let membership = call.shared.edit_membership(&user_id, &id, true, |one| role.clone_into(&mut one.role))?;
    Ok(answer(&call, &membership))
}

pub(super) async fn delete(Path((id, user_id)): Path<(String, String)>, call: Call) -> Result<Response, FrontendError> {
    permitted(&call, &id, "org:sys_memberships:manage")?;
    let described = {
        let store = call.shared.store();
        let membership = store.membership(&user_id, &id).ok_or_else(|| FrontendError::not_found("Membership"))?;
        resource::membership(&store, membership)
    };
    call.shared.leave(&user_id, &id)?;
    Ok(call.answer(&described))
}

fn answer(call: &Call, membership: &Membership) -> Response {
    let described = resource::membership(&call.shared.store(), membership);
    call.answer(&described)
}
