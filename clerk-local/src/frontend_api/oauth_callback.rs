//! `GET /v1/oauth_callback`: a browser comes back from a provider.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use url::Url;

use super::{providers, sign_ins, sign_ups};
use crate::{
    http::{PageError, cookie},
    shared::Shared,
    store::{Client, Profile, Purpose, SignIn, SignUp, Verification, Visit},
};

#[derive(Deserialize)]
pub(super) struct Back {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

pub(super) async fn callback(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, PageError> {
    let unknown = PageError(StatusCode::BAD_REQUEST, "nobody went to a provider from here, or came back before");
    let (visit, client) = {
        let mut store = shared.store();
        let visit = back.state.as_deref().and_then(|state| store.attempts.visits.remove(state));
        let visit = visit.ok_or(unknown)?;
        let client = store.clients.get(&visit.client_id).cloned();
        (visit, client.ok_or(PageError(StatusCode::BAD_REQUEST, "this browser is not known any more"))?)
    };
    // Nobody is signed in on a browser that another one went to the provider for.
    let other = cookie(&headers, "__client").is_some_and(|presented| {
        shared.store().clients.find(Some(presented), None).is_some_and(|known| known.id != client.id)
    });
    if other {
        return Err(PageError(StatusCode::FORBIDDEN, "another browser went to the provider"));
    }
    let profile = match (&back.code, &back.error) {
        (Some(code), None) => {
            let provider = shared.identity_provider.client(visit.pending.provider().clone());
            let profile = provider.finish(visit.pending.clone(), code, shared.clock.now()).await;
            profile.map_err(providers::explained)
        }
        _ => Err(("oauth_access_denied", "You did not grant access to your account at the provider.")),
    };
    let profile = profile.and_then(|profile| {
        let trusted = providers::may_speak_for(&shared, &visit.strategy, visit.hinted.as_deref(), &profile);
        let refused =
            ("enterprise_sso_email_address_domain_mismatch", "The address is not of the connection's domain.");
        if trusted { Ok(profile) } else { Err(refused) }
    });
    let is_complete = match &visit.purpose {
        Purpose::SignIn(id) => sign_in(&shared, &client, id, &visit, profile),
        Purpose::SignUp(id) => sign_up(&shared, &client, id, &visit, profile),
        Purpose::Connect(user_id) => connect(&shared, user_id, &visit, profile),
    };
    let target = if is_complete { &visit.complete_url } else { &visit.redirect_url };
    Ok(to_app(&shared, target, &client))
}

/// Back to the app, with what the browser is known by: a page that the server makes would not know it otherwise.
fn to_app(shared: &Shared, target: &str, client: &Client) -> Response {
    let client = shared.store().clients.get(&client.id).unwrap_or(client).clone();
    let Ok(mut target) = Url::parse(target) else {
        return PageError(StatusCode::BAD_REQUEST, "there is no way back").into_response();
    };
    target.query_pairs_mut().append_pair("__clerk_db_jwt", &client.dev_browser);
    let headers = [
        (header::LOCATION, String::from(target)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::SET_COOKIE, super::session_cookies::client(shared, &client)),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

type Said = Result<Profile, (&'static str, &'static str)>;

/// What has become of the sign-in; whether nothing is left to do.
fn sign_in(shared: &Shared, client: &Client, id: &str, visit: &Visit, said: Said) -> bool {
    let now = shared.clock.now();
    let known = shared.store().attempts.sign_in(&client.id, now).filter(|one| one.id == *id).cloned();
    let Some(mut sign_in) = known else { return false };
    let mut first = sign_in.first.take().unwrap_or_else(|| Verification::done(&visit.strategy, now));
    match said {
        Err((code, message)) => first.fail(code, message),
        Ok(profile) => of_user(shared, &mut sign_in, &mut first, visit, profile),
    }
    sign_in.first = Some(first);
    if let Err(error) = sign_ins::complete(shared, &client.id, &mut sign_in) {
        tracing::info!(target: "clerk_local", ?error, "nobody was signed in");
        if let Some(first) = &mut sign_in.first {
            let (code, message) = error.said();
            first.fail(code, message);
        }
    }
    let is_complete = sign_in.created_session_id.is_some();
    shared.store().attempts.put_sign_in(&client.id, sign_in);
    is_complete
}

fn of_user(shared: &Shared, sign_in: &mut SignIn, first: &mut Verification, visit: &Visit, profile: Profile) {
    match providers::user_of(shared, &visit.strategy, &profile) {
        // Whoever was named already must be who comes back.
        Some(user) if sign_in.user_id.as_ref().is_none_or(|named| *named == user.id) => {
            // Nobody has deleted the user since.
            let _ = providers::remember(shared, &user.id, &visit.strategy, &profile);
            sign_in.identifier = Some(profile.email);
            sign_in.user_id = Some(user.id);
            first.verify();
        }
        Some(_) => first.fail("oauth_account_mismatch", "This is the account of another user."),
        None if sign_in.user_id.is_some() => {
            first.fail("oauth_account_mismatch", "This is the account of another user.");
        }
        None => {
            first.transfer("external_account_not_found", "The External Account was not found.");
            sign_in.profile = Some(profile);
        }
    }
}

/// What has become of the sign-up; whether nothing is left to do.
fn sign_up(shared: &Shared, client: &Client, id: &str, visit: &Visit, said: Said) -> bool {
    let now = shared.clock.now();
    let known = shared.store().attempts.sign_up(&client.id, now).filter(|one| one.id == *id).cloned();
    let Some(mut sign_up) = known else { return false };
    let external = sign_up.external.take().unwrap_or_else(|| Verification::done(&visit.strategy, now));
    match said {
        Err((code, message)) => {
            let mut external = external;
            external.fail(code, message);
            sign_up.external = Some(external);
        }
        Ok(profile) => of_nobody(shared, &mut sign_up, external, visit, profile),
    }
    if let Err(error) = sign_ups::complete(shared, &client.id, &mut sign_up) {
        tracing::info!(target: "clerk_local", ?error, "nobody was signed up");
        if let Some(external) = &mut sign_up.external {
            let (code, message) = error.said();
            external.fail(code, message);
        }
    }
    let is_complete = sign_up.created_session_id.is_some();
    shared.store().attempts.put_sign_up(&client.id, sign_up);
    is_complete
}

fn of_nobody(shared: &Shared, sign_up: &mut SignUp, mut external: Verification, visit: &Visit, profile: Profile) {
    if providers::user_of(shared, &visit.strategy, &profile).is_some() {
        external.transfer("external_account_exists", "This external account already exists.");
        sign_up.external = Some(external);
        sign_up.profile = Some(profile);
    } else {
        external.verify();
        sign_ups::vouched_for(shared, sign_up, external, profile);
    }
}

/// Connects the account at the provider with that of the user who is signed in.
fn connect(shared: &Shared, user_id: &str, visit: &Visit, said: Said) -> bool {
    let Ok(profile) = said else { return false };
    let owner = shared.store().connected(&visit.strategy, &profile.subject).map(|user| user.id.clone());
    if owner.is_some_and(|owner| owner != user_id) {
        return false;
    }
    providers::remember(shared, user_id, &visit.strategy, &profile).is_ok()
}
