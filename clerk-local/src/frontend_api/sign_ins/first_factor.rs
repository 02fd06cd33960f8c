//! The first factor: sent, attempted, and replaced if it was forgotten.

use axum::{extract::Path, response::Response};

use super::{code_error, find_in_progress, find_or_404, is_new_device, proceed};
use crate::{
    frontend_api::{
        FrontendError, FrontendRequest,
        delivery::{self, LinkRequest},
        passwords, providers, restrictions,
    },
    store::{
        Client, CodeError, EmailAddress, LinkTarget, OutboxPurpose, PhoneNumber, ProviderIntent, SignIn, SignInStatus,
        User, Verification,
    },
};

pub(super) async fn prepare(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let client = request.client().ok_or_else(super::not_found)?;
    let strategy = request.form.required("strategy")?;
    if strategy == "enterprise_sso" || strategy.starts_with("oauth_") {
        let mut sign_in = find_or_404(&request, &id)?;
        let user = sign_in.user_id.as_deref().and_then(|id| request.shared.store().user(id).cloned());
        if sign_in.status(user.as_ref()) != SignInStatus::NeedsFirstFactor {
            return Err(FrontendError::strategy());
        }
        start_at_provider(&request, &client, &mut sign_in, strategy)?;
        return proceed(&request, sign_in);
    }
    let (mut sign_in, user) = find_in_progress(&request, &id, SignInStatus::NeedsFirstFactor)?;
    begin(&request, &client, &user, &mut sign_in, strategy)?;
    proceed(&request, sign_in)
}

/// Sends what the strategy needs.
pub(super) fn begin(
    request: &FrontendRequest,
    client: &Client,
    user: &User,
    sign_in: &mut SignIn,
    strategy: &str,
) -> Result<(), FrontendError> {
    let shared = &request.shared;
    restrictions::check_strategy(shared, strategy)?;
    if strategy != "enterprise_sso" && user.enterprise_connection(&shared.settings()).is_some() {
        return Err(FrontendError::strategy());
    }
    sign_in.first = Some(match strategy {
        "email_code" => {
            let address = find_address(request, user, sign_in)?;
            delivery::send_code(shared, strategy, &address.email_address, &address.id, OutboxPurpose::SignIn)
        }
        "reset_password_email_code" if user.secrets.password.is_some() => {
            let address = find_address(request, user, sign_in)?;
            delivery::send_code(shared, strategy, &address.email_address, &address.id, OutboxPurpose::PasswordReset)
        }
        "email_link" => {
            let address = find_address(request, user, sign_in)?;
            let redirect_url =
                request.redirect_url("redirect_url")?.ok_or_else(|| FrontendError::missing("redirect_url"))?;
            let link = LinkRequest {
                client_id: &client.id,
                to: &address.email_address,
                id: &address.id,
                purpose: OutboxPurpose::SignIn,
                target: LinkTarget::SignIn(sign_in.id.clone()),
                redirect_url: redirect_url.into(),
            };
            delivery::send_link(shared, link)
        }
        "phone_code" => {
            let number = find_number(request, user, sign_in)?;
            delivery::send_code(shared, strategy, &number.phone_number, &number.id, OutboxPurpose::SignIn)
        }
        "enterprise_sso" => return start_at_provider(request, client, sign_in, strategy),
        _ => return Err(FrontendError::strategy()),
    });
    Ok(())
}

/// Starts the sign-in at a provider.
pub(super) fn start_at_provider(
    request: &FrontendRequest,
    client: &Client,
    sign_in: &mut SignIn,
    strategy: &str,
) -> Result<(), FrontendError> {
    let intent = ProviderIntent::SignIn(sign_in.id.clone());
    sign_in.first = Some(if strategy == "enterprise_sso" {
        let identifier = sign_in.identifier.as_deref().unwrap_or_default();
        let settings = request.shared.settings();
        let connection = settings.connection_for(identifier).ok_or_else(FrontendError::strategy)?;
        providers::start_enterprise(request, client, intent, connection, identifier)?
    } else {
        providers::start_social(request, client, intent, strategy)?
    });
    Ok(())
}

/// The verified address that the form names, or the typed one, or else the primary one.
fn find_address<'u>(
    request: &FrontendRequest,
    user: &'u User,
    sign_in: &SignIn,
) -> Result<&'u EmailAddress, FrontendError> {
    let mut verified = user.email_addresses.iter().filter(|address| address.verified_by.is_some());
    if let Some(id) = request.form.get("email_address_id") {
        return verified.find(|address| address.id == id).ok_or_else(|| FrontendError::not_found("Email address"));
    }
    let typed = sign_in.identifier.as_deref().unwrap_or_default();
    let typed = verified.find(|address| address.email_address.eq_ignore_ascii_case(typed));
    let primary = || user.primary_email_address().filter(|address| address.verified_by.is_some());
    typed.or_else(primary).ok_or_else(FrontendError::strategy)
}

fn find_number<'u>(
    request: &FrontendRequest,
    user: &'u User,
    sign_in: &SignIn,
) -> Result<&'u PhoneNumber, FrontendError> {
    // A number that is a second factor cannot be the first.
    let is_good = |number: &&PhoneNumber| number.verified_by.is_some() && !number.reserved_for_second_factor;
    let mut good = user.phone_numbers.iter().filter(is_good);
    if let Some(id) = request.form.get("phone_number_id") {
        return good.find(|number| number.id == id).ok_or_else(FrontendError::strategy);
    }
    let typed = sign_in.identifier.as_deref().unwrap_or_default();
    let typed = good.find(|number| number.phone_number == typed);
    typed.or_else(|| user.primary_phone_number().filter(is_good)).ok_or_else(FrontendError::strategy)
}

pub(super) async fn attempt(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = find_in_progress(&request, &id, SignInStatus::NeedsFirstFactor)?;
    let client = request.client().ok_or_else(super::not_found)?;
    match request.form.required("strategy")? {
        strategy @ "password" => {
            restrictions::check_strategy(&request.shared, strategy)?;
            if user.secrets.password.is_none() || user.enterprise_connection(&request.shared.settings()).is_some() {
                return Err(FrontendError::strategy());
            }
            passwords::try_sign_in_password(&request, &user, request.form.required("password")?)?;
            sign_in.first = Some(Verification::verified("password", request.now));
            sign_in.is_new_device = is_new_device(&request, &client, &user);
        }
        strategy => {
            let code = request.form.required("code")?;
            let mut store = request.shared.store();
            let open = store.attempts.sign_in_mut(&client.id, &id).ok_or_else(super::not_found)?;
            let first = open.first.as_mut().ok_or_else(|| code_error(CodeError::NotPrepared))?;
            first.try_code(strategy, code, request.now).map_err(code_error)?;
            sign_in = open.clone();
        }
    }
    proceed(&request, sign_in)
}

pub(super) async fn reset_password(
    Path(id): Path<String>,
    request: FrontendRequest,
) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = find_in_progress(&request, &id, SignInStatus::NeedsNewPassword)?;
    let password = request.form.required("password")?;
    passwords::check_new(&request, "password", password)?;
    let mut is_set = false;
    request.shared.edit_user(&user.id, |user| is_set = user.secrets.set_password(password))?;
    if !is_set {
        return Err(FrontendError::invalid("password", "cannot be used"));
    }
    sign_in.finish_password_reset();
    if request.form.flag("sign_out_of_other_sessions") == Some(true) {
        request.shared.end_other_sessions(&user.id, "");
    }
    proceed(&request, sign_in)
}
