//! Sign-in at an identity provider: the redirect there, and the profile that comes back.

use axum::http::StatusCode;

use super::{FrontendError, FrontendRequest};
use crate::{
    error::UnknownName,
    identity_provider::SignInError,
    keys::random_id,
    settings::EnterpriseConnection,
    shared::Shared,
    store::{Client, ExternalAccount, Profile, Provider, ProviderIntent, ProviderRedirect, User, Verification},
};

/// Starts a sign-in at a social provider.
pub(super) fn start_social(
    request: &FrontendRequest,
    client: &Client,
    intent: ProviderIntent,
    strategy: &str,
) -> Result<Verification, FrontendError> {
    let name = request.shared.settings().social_provider(strategy).and_then(Provider::social);
    let provider = name.ok_or_else(|| {
        FrontendError::form(
            "oauth_provider_not_enabled",
            "strategy",
            "this provider is not one of the instance's settings",
        )
    })?;
    start(request, client, intent, strategy, provider, None)
}

/// Starts a sign-in at the provider of an enterprise connection.
pub(super) fn start_enterprise(
    request: &FrontendRequest,
    client: &Client,
    intent: ProviderIntent,
    connection: &EnterpriseConnection,
    address: &str,
) -> Result<Verification, FrontendError> {
    let provider = Provider::enterprise(&connection.id).ok_or_else(FrontendError::strategy)?;
    start(request, client, intent, "enterprise_sso", provider, Some(address))
}

fn start(
    request: &FrontendRequest,
    client: &Client,
    intent: ProviderIntent,
    strategy: &str,
    provider: Provider,
    address: Option<&str>,
) -> Result<Verification, FrontendError> {
    let redirect_url = request.redirect_url("redirect_url")?.ok_or_else(|| FrontendError::missing("redirect_url"))?;
    let complete_url = request.redirect_url("action_complete_redirect_url")?;
    let callback = format!("{}/v1/oauth_callback", request.shared.frontend_api_url());
    let hint = address.or_else(|| request.form.get("oidc_login_hint"));
    let begun = request.shared.identity_provider.client(provider).begin(&callback, hint, request.now);
    let (url, pending) = begun.map_err(|_| unreachable_error())?;
    let redirect = ProviderRedirect {
        client_id: client.id.clone(),
        intent,
        strategy: strategy.to_owned(),
        complete_url: complete_url.map_or_else(|| redirect_url.to_string(), String::from),
        redirect_url: redirect_url.into(),
        hinted: hint.map(str::to_owned),
        pending: pending.clone(),
    };
    request.shared.store().attempts.provider_redirects.put(pending.state(), redirect);
    Ok(Verification::at_provider(strategy, url.into(), request.now))
}

fn unreachable_error() -> FrontendError {
    FrontendError::new(StatusCode::INTERNAL_SERVER_ERROR, "oauth_provider_unreachable", "the provider was not reached")
}

/// Clerk's error code and message for a failed sign-in at a provider.
pub(super) const fn code_and_message(error: SignInError) -> (&'static str, &'static str) {
    match error {
        SignInError::TooLate => ("oauth_callback_expired", "You took too long at the provider. Try again."),
        SignInError::Refused => ("oauth_token_exchange_error", "The provider did not take the code. Try again."),
        SignInError::Untrusted(_) => ("oauth_fetch_user_error", "What the provider says is not to be believed."),
        SignInError::NoRandomness | SignInError::Unreachable => {
            ("oauth_provider_unreachable", "The provider was not reached.")
        }
    }
}

/// The user with this account at the provider, or else with its address, if both sides have verified it.
pub(super) fn find_user(shared: &Shared, strategy: &str, profile: &Profile) -> Option<User> {
    let store = shared.store();
    let by_account = store.user_by_external_account(strategy, &profile.subject);
    let by_address = || store.users.find(|user| profile.email_verified && user.has_verified_address(&profile.email));
    by_account.or_else(by_address).cloned()
}

/// Links the account at the provider to the user.
pub(super) fn link_external_account(
    shared: &Shared,
    user_id: &str,
    strategy: &str,
    profile: &Profile,
) -> Result<User, UnknownName> {
    let user = shared.store().user(user_id).cloned().ok_or_else(|| UnknownName(user_id.to_owned()))?;
    let is_known = |one: &ExternalAccount| one.provider == strategy && one.provider_user_id == profile.subject;
    if user.external_accounts.iter().any(is_known) {
        return Ok(user);
    }
    shared.edit_user(user_id, |user| user.external_accounts.push(account(strategy, profile)))
}

/// The external account for a profile.
pub(super) fn account(strategy: &str, profile: &Profile) -> ExternalAccount {
    ExternalAccount {
        id: random_id("eac"),
        provider: strategy.to_owned(),
        provider_user_id: profile.subject.clone(),
        email_address: profile.email.clone(),
        first_name: profile.first_name.clone(),
        last_name: profile.last_name.clone(),
        username: profile.username.clone(),
    }
}

/// Whether to trust the provider for this address: an enterprise provider only for its own domain.
pub(super) fn is_trusted_for(shared: &Shared, strategy: &str, hinted: Option<&str>, profile: &Profile) -> bool {
    if strategy != "enterprise_sso" {
        return true;
    }
    let of = |address: &str| shared.settings().connection_for(address).map(|connection| connection.id.clone());
    of(&profile.email).is_some() && hinted.is_none_or(|hinted| of(hinted) == of(&profile.email))
}
