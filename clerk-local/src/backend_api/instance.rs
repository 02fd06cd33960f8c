//! The instance itself: its settings, its keys and testing tokens.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::Response,
    routing::{get, patch, post},
};
use serde_json::{Map, Value, json};

use super::{answer::ApiResult, fields::BodyFields};
use crate::{
    http::{ApiError, json_response},
    keys::random_id,
    shared::Shared,
    store::InstanceSettings,
};

/// A group of settings that is read and changed as one.
type Group = fn(&mut InstanceSettings) -> &mut Map<String, Value>;

pub(super) fn routes() -> Router<Arc<Shared>> {
    const RESTRICTIONS: Group = |settings| &mut settings.restrictions;
    const PROTECT: Group = |settings| &mut settings.protect;
    const COMMUNICATION: Group = |settings| &mut settings.communication;
    const OAUTH_APPLICATIONS: Group = |settings| &mut settings.oauth_applications;
    Router::new()
        .route("/jwks", get(jwks))
        .route("/instance", get(instance).patch(update))
        .route("/instance/restrictions", patch(async |state, fields| change(state, fields, RESTRICTIONS).await))
        .route(
            "/instance/protect",
            get(async |state| read(state, PROTECT).await)
                .patch(async |state, fields| change(state, fields, PROTECT).await),
        )
        .route(
            "/instance/communication",
            get(async |state| read(state, COMMUNICATION).await)
                .patch(async |state, fields| change(state, fields, COMMUNICATION).await),
        )
        .route(
            "/instance/oauth_application_settings",
            get(async |state| read(state, OAUTH_APPLICATIONS).await)
                .patch(async |state, fields| change(state, fields, OAUTH_APPLICATIONS).await),
        )
        .route("/instance/organization_settings", get(organizations).patch(change_organizations))
        .route("/testing_tokens", post(testing_token))
        .route("/webhooks/svix", post(webhooks_page).delete(forget_webhooks))
        .route("/webhooks/svix_url", post(webhooks_page))
}

/// `GET /v1/jwks`
async fn jwks(State(shared): State<Arc<Shared>>) -> Response {
    shared.jwks_requests.fetch_add(1, Ordering::SeqCst);
    json_response(StatusCode::OK, &shared.jwks())
}

/// Calls `with` with the instance's settings.
fn settings<T>(shared: &Shared, with: impl FnOnce(&mut InstanceSettings) -> T) -> T {
    let mut store = shared.store();
    let mut own = store.settings();
    let result = with(&mut own);
    store.instance_settings.put(own);
    result
}

/// `GET /v1/instance`
async fn instance(State(shared): State<Arc<Shared>>) -> ApiResult {
    let allowed_origins = settings(&shared, |settings| settings.allowed_origins.clone());
    Ok(Json(json!({
        "object": "instance",
        "id": shared.webhooks.instance_id(),
        "environment_type": "development",
        "allowed_origins": allowed_origins,
        "workspace_id": null,
    })))
}

/// `PATCH /v1/instance`
async fn update(State(shared): State<Arc<Shared>>, mut fields: BodyFields) -> Result<StatusCode, ApiError> {
    const OTHERS: &[&str] = &[
        "test_mode",
        "hibp",
        "support_email",
        "clerk_js_version",
        "development_origin",
        "cookieless_dev",
        "url_based_session_syncing",
        "preferred_sign_in_strategy_when_password_required",
    ];
    let allowed_origins: Option<Vec<String>> = fields.optional("allowed_origins")?;
    let mut others = Map::new();
    for name in OTHERS {
        if let Some(value) = fields.nullable::<Value>(name)? {
            others.insert((*name).to_owned(), value.unwrap_or_default());
        }
    }
    fields.finish()?;
    settings(&shared, |settings| {
        settings.allowed_origins = allowed_origins.unwrap_or_else(|| std::mem::take(&mut settings.allowed_origins));
        settings.others.extend(others);
    });
    Ok(StatusCode::NO_CONTENT)
}

async fn read(State(shared): State<Arc<Shared>>, group: Group) -> ApiResult {
    Ok(Json(settings(&shared, |settings| group(settings).clone()).into()))
}

/// Changes settings of a group; each must keep its JSON type.
async fn change(State(shared): State<Arc<Shared>>, fields: BodyFields, group: Group) -> ApiResult {
    settings(&shared, |settings| {
        let mut changed = group(settings).clone();
        for (name, value) in fields.rest() {
            let old =
                changed.get(&name).filter(|_| name != "object").ok_or_else(|| ApiError::unknown_parameter(&name))?;
            if value.is_null() {
                continue;
            }
            if std::mem::discriminant(old) != std::mem::discriminant(&value) {
                return Err(ApiError::invalid_format(&name, format!("{name} is malformed")));
            }
            changed.insert(name, value);
        }
        group(settings).clone_from(&changed);
        Ok(Json(changed.into()))
    })
}

/// `GET /v1/instance/organization_settings`
async fn organizations(state: State<Arc<Shared>>) -> ApiResult {
    read(state, |settings| &mut settings.organizations).await
}

/// `PATCH /v1/instance/organization_settings`: roles are named by their ids here.
async fn change_organizations(state: State<Arc<Shared>>, mut fields: BodyFields) -> ApiResult {
    let mut roles = Map::new();
    for (parameter, name) in [("creator_role_id", "creator_role"), ("domains_default_role_id", "domains_default_role")]
    {
        let Some(id) = fields.optional::<String>(parameter)? else { continue };
        let store = state.0.store();
        let role = store
            .roles
            .get(&id)
            .or_else(|| store.role(&id))
            .ok_or_else(|| ApiError::unknown_reference(parameter, &id))?;
        roles.insert(name.to_owned(), role.key.clone().into());
    }
    let shared = Arc::clone(&state.0);
    let _ = change(state, fields, |settings| &mut settings.organizations).await?;
    Ok(Json(settings(&shared, |settings| {
        settings.organizations.extend(roles);
        settings.organizations.clone().into()
    })))
}

/// `POST /v1/testing_tokens`: never required here, because there is no bot protection.
async fn testing_token(State(shared): State<Arc<Shared>>) -> ApiResult {
    // An hour, as with Clerk.
    const LIFETIME: Duration = Duration::from_secs(60 * 60);
    let now = shared.clock.now();
    let token = format!("{}-{}", now.unix_seconds(), random_id("c"));
    Ok(Json(json!({"object": "testing_token", "token": token, "expires_at": (now + LIFETIME).unix_seconds()})))
}

/// `DELETE /v1/webhooks/svix`: stops sending webhooks.
async fn forget_webhooks(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.webhooks.forget_endpoints();
    StatusCode::NO_CONTENT
}

/// `POST /v1/webhooks/svix_url`: the page with the sent webhooks.
async fn webhooks_page(State(shared): State<Arc<Shared>>) -> ApiResult {
    Ok(Json(json!({ "svix_url": format!("{}/webhooks", shared.frontend_api_url()) })))
}
