//! Domains of organizations.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::find_or_404;
use crate::{
    backend_api::{
        answer::{ApiResult, deleted_object},
        fields::BodyFields,
        query::Query,
    },
    http::ApiError,
    keys::random_id,
    resource,
    shared::Shared,
    store::{OrganizationDomain, Store},
};

/// How users with an address of the domain can join.
const MODES: &[&str] = &["manual_invitation", "automatic_invitation", "automatic_suggestion"];

fn to_json(store: &Store, domain: &OrganizationDomain) -> Value {
    let verification = domain.verified.then(|| {
        json!({
            "status": "verified", "strategy": "admin", "attempts": null, "expire_at": null,
            "verified_at": domain.updated_at,
        })
    });
    let organization = store.organizations.get(&domain.organization_id);
    json!({
        "object": "organization_domain",
        "id": domain.id,
        "organization_id": domain.organization_id,
        "name": domain.name,
        "enrollment_mode": domain.enrollment_mode,
        "affiliation_email_address": null,
        "affiliation_verification": verification,
        "ownership_verification": verification,
        "verification": verification,
        "total_pending_invitations": 0,
        "total_pending_suggestions": 0,
        "public_organization_data": organization.map(resource::public_organization_data),
        "created_at": domain.created_at,
        "updated_at": domain.updated_at,
    })
}

fn mode(text: String) -> Result<String, ApiError> {
    if MODES.contains(&&*text) {
        Ok(text)
    } else {
        Err(ApiError::invalid_value("enrollment_mode", "there is no such mode"))
    }
}

/// `GET /v1/organizations/{id}/domains`
pub(super) async fn list(State(shared): State<Arc<Shared>>, Path(id): Path<String>, query: Query) -> ApiResult {
    let store = shared.store();
    let organization = find_or_404(&store, &id)?;
    list_matching(&store, &query, |domain| domain.organization_id == organization.id)
}

/// `GET /v1/organization_domains`
pub(super) async fn list_all(State(shared): State<Arc<Shared>>, query: Query) -> ApiResult {
    let store = shared.store();
    list_matching(&store, &query, |domain| {
        query.get("organization_id").is_none_or(|id| domain.organization_id == id)
            && query.includes("domains", |name| domain.name == name)
            && query.matches_text(&[&domain.name])
    })
}

fn list_matching(store: &Store, query: &Query, is_selected: impl Fn(&OrganizationDomain) -> bool) -> ApiResult {
    let verified = query.flag("verified")?;
    let (without, with): (Vec<&str>, Vec<&str>) = query.all("enrollment_mode").partition(|mode| mode.starts_with('-'));
    let domains = store.organization_domains.iter().filter(|domain| {
        is_selected(domain)
            && verified.is_none_or(|verified| domain.verified == verified)
            && (with.is_empty() || with.contains(&&*domain.enrollment_mode))
            && !without.iter().any(|mode| mode[1..] == domain.enrollment_mode)
    });
    let mut domains: Vec<_> = domains.map(|domain| to_json(store, domain)).collect();
    query.sort(&mut domains, "-created_at", &[("created_at", "/created_at"), ("name", "/name")])?;
    query.list(domains)
}

/// `POST /v1/organizations/{id}/domains`
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    mut fields: BodyFields,
) -> ApiResult {
    let name = fields.required_text("name")?.to_lowercase();
    let enrollment_mode = mode(fields.required_text("enrollment_mode")?)?;
    let verified = fields.optional("verified")?.unwrap_or(false);
    fields.finish()?;
    let now = shared.clock.now();
    let mut store = shared.store();
    let organization_id = find_or_404(&store, &id)?.id;
    if store.organization_domains.find(|other| other.name == name).is_some() {
        return Err(ApiError::duplicate("name"));
    }
    let domain = OrganizationDomain {
        id: random_id("orgdmn"),
        organization_id,
        name,
        enrollment_mode,
        verified,
        created_at: now,
        updated_at: now,
    };
    store.organization_domains.put(domain.clone());
    Ok(Json(to_json(&store, &domain)))
}

/// `PATCH /v1/organizations/{id}/domains/{domain_id}`
pub(super) async fn update(
    State(shared): State<Arc<Shared>>,
    Path((id, domain_id)): Path<(String, String)>,
    mut fields: BodyFields,
) -> ApiResult {
    let enrollment_mode = fields.optional::<String>("enrollment_mode")?.map(mode).transpose()?;
    let verified: Option<bool> = fields.optional("verified")?;
    fields.finish()?;
    edit(&shared, &id, &domain_id, |domain| {
        domain.verified = verified.unwrap_or(domain.verified);
        if let Some(mode) = enrollment_mode {
            domain.enrollment_mode = mode;
        }
    })
}

/// `POST /v1/organizations/{id}/domains/{domain_id}/verify_ownership`, without a look at the DNS.
pub(super) async fn verify_ownership(
    State(shared): State<Arc<Shared>>,
    Path((id, domain_id)): Path<(String, String)>,
) -> ApiResult {
    edit(&shared, &id, &domain_id, |domain| domain.verified = true)
}

fn edit(shared: &Shared, id: &str, domain_id: &str, edit: impl FnOnce(&mut OrganizationDomain)) -> ApiResult {
    let mut store = shared.store();
    check_exists(&store, id, domain_id)?;
    let domain = store.organization_domains.get_mut(domain_id);
    let domain = domain.ok_or_else(|| ApiError::not_found("domain", domain_id))?;
    edit(domain);
    domain.updated_at = shared.clock.now();
    let domain = domain.clone();
    Ok(Json(to_json(&store, &domain)))
}

/// `DELETE /v1/organizations/{id}/domains/{domain_id}`
pub(super) async fn delete(
    State(shared): State<Arc<Shared>>,
    Path((id, domain_id)): Path<(String, String)>,
) -> ApiResult {
    let mut store = shared.store();
    check_exists(&store, &id, &domain_id)?;
    store.organization_domains.remove(&domain_id);
    Ok(deleted_object("organization_domain", &domain_id))
}

fn check_exists(store: &Store, organization: &str, id: &str) -> Result<(), ApiError> {
    let organization = find_or_404(store, organization)?;
    let domain = store.organization_domains.get(id).filter(|domain| domain.organization_id == organization.id);
    domain.map(drop).ok_or_else(|| ApiError::not_found("domain", id))
}
