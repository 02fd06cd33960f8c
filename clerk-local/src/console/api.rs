//! `/local/...`: what the console shows and does, in JSON, for test suites in any language and for the command line.
//!
//! It needs no key: a caller that reaches a loopback address can sign in as any user anyway. Pages of other sites
//! cannot use it: they may not read the answers, and a JSON body needs a CORS preflight, which fails. What a proxy
//! forwards is refused before.

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Query, State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    http::{check_same_site, error_response, json_response},
    loopback,
    shared::Shared,
};

/// `POST /local/tokens`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MintRequest {
    /// By id, username, address or number.
    pub(super) user: String,
    /// By slug or id, or `none`; default: the user's first one.
    pub(super) organization: Option<String>,
    #[serde(default)]
    pub(super) claims: Map<String, Value>,
    /// In seconds.
    pub(super) lifetime: Option<u64>,
    /// The origin of the app, the `azp` claim, or `none`; default: `http://localhost:3000`.
    pub(super) origin: Option<String>,
}

/// Mints a token, or says what is wrong with the request.
pub(super) fn mint(shared: &Shared, request: MintRequest) -> Result<String, String> {
    let unknown = |name: &str| format!("The instance has no {name:?}.");
    let mut token = shared.token(&request.user).ok_or_else(|| unknown(&request.user))?.lifetime(shared.token_lifetime);
    if let Some(organization) = &request.organization {
        if organization == "none" {
            token = token.no_organization();
        } else {
            let store = shared.store();
            let known = store.organization(organization).ok_or_else(|| unknown(organization))?;
            let user = store.user(&request.user).ok_or_else(|| unknown(&request.user))?;
            if store.membership(&user.id, &known.id).is_none() {
                return Err(format!("{} does not belong to {}.", user.name(), known.name));
            }
            token = token.organization(organization);
        }
    }
    if let Some(seconds) = request.lifetime {
        token = token.lifetime(Duration::from_secs(seconds));
    }
    token = match request.origin.as_deref() {
        None => token,
        Some("none") => token.no_authorized_party(),
        Some(origin) => {
            let origin = loopback::parse_origin(origin)
                .ok_or_else(|| format!("{origin:?} is not an origin such as http://localhost:3000."))?;
            token.authorized_party(&origin.origin().ascii_serialization())
        }
    };
    Ok(request.claims.into_iter().fold(token, |token, (name, value)| token.claim(&name, value)).mint())
}

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    request: Result<Json<MintRequest>, JsonRejection>,
) -> Response {
    if check_same_site(&headers, &shared.allowed_origins).is_err() {
        return error_response(StatusCode::FORBIDDEN, "origin_invalid", "pages of other sites may not ask for this");
    }
    let result = match request {
        Ok(Json(request)) => mint(&shared, request),
        Err(rejection) => Err(rejection.body_text()),
    };
    match result {
        Ok(token) => json_response(StatusCode::OK, &json!({ "token": token })),
        Err(problem) => error_response(StatusCode::UNPROCESSABLE_ENTITY, "form_param_value_invalid", &problem),
    }
}

/// `GET /local/outbox?to=`
#[derive(Debug, Deserialize)]
pub(super) struct OutboxQuery {
    to: Option<String>,
}

/// E-mails and text messages, the latest first, with their codes and links.
pub(super) async fn outbox(State(shared): State<Arc<Shared>>, Query(query): Query<OutboxQuery>) -> Response {
    let messages = shared.store().outbox.all();
    let selected =
        messages.iter().rev().filter(|one| query.to.as_ref().is_none_or(|to| one.to.eq_ignore_ascii_case(to)));
    let messages = selected.map(|message| {
        json!({
            "to": message.to,
            "subject": message.subject,
            "body": message.body,
            "code": message.code,
            "link": message.link,
            "sent_at": message.sent_at,
        })
    });
    json_response(StatusCode::OK, &messages.collect())
}

/// `GET /local/users`
pub(super) async fn users(State(shared): State<Arc<Shared>>) -> Response {
    let store = shared.store();
    let users = store.users.iter().map(|user| {
        let mut value = shared.describe_user(user);
        let places = store.memberships_of(&user.id).filter_map(|membership| {
            Some((store.organizations.get(&membership.organization_id)?.slug.clone(), json!(membership.role)))
        });
        value["organizations"] = Value::Object(places.collect());
        value
    });
    json_response(StatusCode::OK, &users.collect())
}
