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
    store::{Client, Profile, ProviderIntent, ProviderRedirect, SignIn, SignUp, Verification},
};

#[derive(Deserialize)]
pub(super) struct CallbackQuery {
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
}

pub(super) async fn callback(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<CallbackQuery>,
) -> Result<Response, PageError> {
    let unknown = PageError(
        StatusCode::BAD_REQUEST,
        "there is no sign-in at a provider to continue, or it was continued already",
    );
    let (redirect, client) = {
        let mut store = shared.store();
        let redirect = query.state.as_deref().and_then(|state| store.attempts.provider_redirects.remove(state));
        let redirect = redirect.ok_or(unknown)?;
        let client = store.clients.get(&redirect.client_id).cloned();
        (redirect, client.ok_or(PageError(StatusCode::BAD_REQUEST, "this browser is no longer known"))?)
    };
    // Refuse a callback in another browser than the one that started the sign-in.
    let is_other_browser = cookie(&headers, "__client").is_some_and(|presented| {
        shared.store().clients.find(Some(presented), None).is_some_and(|known| known.id != client.id)
    });
    if is_other_browser {
        return Err(PageError(StatusCode::FORBIDDEN, "another browser started this sign-in"));
    }
    let profile = match (&query.code, &query.error) {
        (Some(code), None) => {
            let provider = shared.identity_provider.client(redirect.pending.provider().clone());
            let profile = provider.finish(redirect.pending.clone(), code, shared.clock.now()).await;
            profile.map_err(providers::code_and_message)
        }
        _ => Err(("oauth_access_denied", "You did not grant access to your account at the provider.")),
    };
    let profile = profile.and_then(|profile| {
        let trusted = providers::is_trusted_for(&shared, &redirect.strategy, redirect.hinted.as_deref(), &profile);
        let refused =
            ("enterprise_sso_email_address_domain_mismatch", "The address is not of the connection's domain.");
        if trusted { Ok(profile) } else { Err(refused) }
    });
    let is_complete = match &redirect.intent {
        ProviderIntent::SignIn(id) => finish_sign_in(&shared, &client, id, &redirect, profile),
        ProviderIntent::SignUp(id) => finish_sign_up(&shared, &client, id, &redirect, profile),
        ProviderIntent::Connect(user_id) => connect(&shared, user_id, &redirect, profile),
    };
    let target = if is_complete { &redirect.complete_url } else { &redirect.redirect_url };
    Ok(redirect_to_app(&shared, target, &client))
}

/// Redirects to the app with the dev browser: a page that a server renders would not know the browser otherwise.
fn redirect_to_app(shared: &Shared, target: &str, client: &Client) -> Response {
    let client = shared.store().clients.get(&client.id).unwrap_or(client).clone();
    let Ok(mut target) = Url::parse(target) else {
        return PageError(StatusCode::BAD_REQUEST, "the address to return to is invalid").into_response();
    };
    target.query_pairs_mut().append_pair("__clerk_db_jwt", &client.dev_browser);
    let headers = [
        (header::LOCATION, String::from(target)),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::SET_COOKIE, super::session_cookies::client_cookie(shared, &client)),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

type ProviderResult = Result<Profile, (&'static str, &'static str)>;

/// Applies the provider's result to the sign-in; returns whether it is complete.
fn finish_sign_in(
    shared: &Shared,
    client: &Client,
    id: &str,
    redirect: &ProviderRedirect,
    result: ProviderResult,
) -> bool {
    let now = shared.clock.now();
    let known = shared.store().attempts.sign_in(&client.id, now).filter(|one| one.id == *id).cloned();
    let Some(mut sign_in) = known else { return false };
    let mut first = sign_in.first.take().unwrap_or_else(|| Verification::verified(&redirect.strategy, now));
    match result {
        Err((code, message)) => first.fail(code, message),
        Ok(profile) => apply_to_sign_in(shared, &mut sign_in, &mut first, redirect, profile),
    }
    sign_in.first = Some(first);
    if let Err(error) = sign_ins::complete(shared, &client.id, &mut sign_in) {
        tracing::info!(target: "clerk_local", ?error, "the sign-in was refused");
        if let Some(first) = &mut sign_in.first {
            let (code, message) = error.code_and_message();
            first.fail(code, message);
        }
    }
    let is_complete = sign_in.created_session_id.is_some();
    shared.store().attempts.put_sign_in(&client.id, sign_in);
    is_complete
}

fn apply_to_sign_in(
    shared: &Shared,
    sign_in: &mut SignIn,
    first: &mut Verification,
    redirect: &ProviderRedirect,
    profile: Profile,
) {
    match providers::find_user(shared, &redirect.strategy, &profile) {
        // If the sign-in has a user already, the same user must come back.
        Some(user) if sign_in.user_id.as_ref().is_none_or(|named| *named == user.id) => {
            // Fails only if the user was deleted meanwhile.
            let _ = providers::link_external_account(shared, &user.id, &redirect.strategy, &profile);
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

/// Applies the provider's result to the sign-up; returns whether it is complete.
fn finish_sign_up(
    shared: &Shared,
    client: &Client,
    id: &str,
    redirect: &ProviderRedirect,
    result: ProviderResult,
) -> bool {
    let now = shared.clock.now();
    let known = shared.store().attempts.sign_up(&client.id, now).filter(|one| one.id == *id).cloned();
    let Some(mut sign_up) = known else { return false };
    let external = sign_up.external.take().unwrap_or_else(|| Verification::verified(&redirect.strategy, now));
    match result {
        Err((code, message)) => {
            let mut external = external;
            external.fail(code, message);
            sign_up.external = Some(external);
        }
        Ok(profile) => apply_to_sign_up(shared, &mut sign_up, external, redirect, profile),
    }
    if let Err(error) = sign_ups::complete(shared, &client.id, &mut sign_up) {
        tracing::info!(target: "clerk_local", ?error, "the sign-up was refused");
        if let Some(external) = &mut sign_up.external {
            let (code, message) = error.code_and_message();
            external.fail(code, message);
        }
    }
    let is_complete = sign_up.created_session_id.is_some();
    shared.store().attempts.put_sign_up(&client.id, sign_up);
    is_complete
}

fn apply_to_sign_up(
    shared: &Shared,
    sign_up: &mut SignUp,
    mut external: Verification,
    redirect: &ProviderRedirect,
    profile: Profile,
) {
    if providers::find_user(shared, &redirect.strategy, &profile).is_some() {
        external.transfer("external_account_exists", "This external account already exists.");
        sign_up.external = Some(external);
        sign_up.profile = Some(profile);
    } else {
        external.verify();
        sign_ups::apply_provider_profile(shared, sign_up, external, profile);
    }
}

/// Links the account at the provider to the signed-in user.
fn connect(shared: &Shared, user_id: &str, redirect: &ProviderRedirect, result: ProviderResult) -> bool {
    let Ok(profile) = result else { return false };
    let owner =
        shared.store().user_by_external_account(&redirect.strategy, &profile.subject).map(|user| user.id.clone());
    if owner.is_some_and(|owner| owner != user_id) {
        return false;
    }
    providers::link_external_account(shared, user_id, &redirect.strategy, &profile).is_ok()
}
