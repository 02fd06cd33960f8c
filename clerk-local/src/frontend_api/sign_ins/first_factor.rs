//! The first factor: prepared where something must be sent, attempted, and replaced where it was forgotten.

use axum::{extract::Path, response::Response};

use super::{of_browser, proceed, refused, under_way};
use crate::{
    frontend_api::{
        Call, FrontendError,
        delivery::{self, Letter},
        passwords, providers,
    },
    store::{
        Client, EmailAddress, OutboxPurpose, PhoneNumber, Proof, Purpose, Refused, SignIn, SignInStatus, User,
        Verification,
    },
};

pub(super) async fn prepare(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let client = call.client().ok_or_else(super::unknown)?;
    let strategy = call.form.required("strategy")?;
    if strategy == "enterprise_sso" || strategy.starts_with("oauth_") {
        let mut sign_in = of_browser(&call, &id)?;
        let user = sign_in.user_id.as_deref().and_then(|id| call.shared.store().user(id).cloned());
        if sign_in.status(user.as_ref()) != SignInStatus::NeedsFirstFactor {
            return Err(FrontendError::strategy());
        }
        visit(&call, &client, &mut sign_in, strategy)?;
        return proceed(&call, sign_in);
    }
    let (mut sign_in, user) = under_way(&call, &id, SignInStatus::NeedsFirstFactor)?;
    begin(&call, &client, &user, &mut sign_in, strategy)?;
    proceed(&call, sign_in)
}

/// Sends what the strategy needs.
pub(super) fn begin(
    call: &Call,
    client: &Client,
    user: &User,
    sign_in: &mut SignIn,
    strategy: &str,
) -> Result<(), FrontendError> {
    let shared = &call.shared;
    if strategy != "enterprise_sso" && user.enterprise_connection(&shared.settings).is_some() {
        return Err(FrontendError::strategy());
    }
    sign_in.first = Some(match strategy {
        "email_code" => {
            let address = address(call, user, sign_in)?;
            delivery::send_code(shared, strategy, &address.email_address, &address.id, OutboxPurpose::SignIn)
        }
        "reset_password_email_code" if user.secrets.password.is_some() => {
            let address = address(call, user, sign_in)?;
            delivery::send_code(shared, strategy, &address.email_address, &address.id, OutboxPurpose::PasswordReset)
        }
        "email_link" => {
            let address = address(call, user, sign_in)?;
            let redirect_url =
                call.redirect_url("redirect_url")?.ok_or_else(|| FrontendError::missing("redirect_url"))?;
            let letter = Letter {
                client_id: &client.id,
                to: &address.email_address,
                id: &address.id,
                purpose: OutboxPurpose::SignIn,
                proof: Proof::SignIn(sign_in.id.clone()),
                redirect_url: redirect_url.into(),
            };
            delivery::send_link(shared, letter)
        }
        "phone_code" => {
            let number = number(call, user, sign_in)?;
            delivery::send_code(shared, strategy, &number.phone_number, &number.id, OutboxPurpose::SignIn)
        }
        "enterprise_sso" => return visit(call, client, sign_in, strategy),
        _ => return Err(FrontendError::strategy()),
    });
    Ok(())
}

/// Goes to a provider.
pub(super) fn visit(call: &Call, client: &Client, sign_in: &mut SignIn, strategy: &str) -> Result<(), FrontendError> {
    let purpose = Purpose::SignIn(sign_in.id.clone());
    sign_in.first = Some(if strategy == "enterprise_sso" {
        let identifier = sign_in.identifier.as_deref().unwrap_or_default();
        let connection = call.shared.settings.connection_for(identifier).ok_or_else(FrontendError::strategy)?;
        providers::begin_enterprise(call, client, purpose, connection, identifier)?
    } else {
        providers::begin(call, client, purpose, strategy)?
    });
    Ok(())
}

/// The address that was named, or typed in, or else the primary one; a proved one in any case.
fn address<'u>(call: &Call, user: &'u User, sign_in: &SignIn) -> Result<&'u EmailAddress, FrontendError> {
    let mut verified = user.email_addresses.iter().filter(|address| address.verified_by.is_some());
    if let Some(id) = call.form.get("email_address_id") {
        return verified.find(|address| address.id == id).ok_or_else(|| FrontendError::not_found("Email address"));
    }
    let typed = sign_in.identifier.as_deref().unwrap_or_default();
    let typed = verified.find(|address| address.email_address.eq_ignore_ascii_case(typed));
    let primary = || user.primary_email_address().filter(|address| address.verified_by.is_some());
    typed.or_else(primary).ok_or_else(FrontendError::strategy)
}

fn number<'u>(call: &Call, user: &'u User, sign_in: &SignIn) -> Result<&'u PhoneNumber, FrontendError> {
    // Who gets a code as the second factor gets none as the first.
    let is_good = |number: &&PhoneNumber| number.verified_by.is_some() && !number.reserved_for_second_factor;
    let mut good = user.phone_numbers.iter().filter(is_good);
    if let Some(id) = call.form.get("phone_number_id") {
        return good.find(|number| number.id == id).ok_or_else(FrontendError::strategy);
    }
    let typed = sign_in.identifier.as_deref().unwrap_or_default();
    let typed = good.find(|number| number.phone_number == typed);
    typed.or_else(|| user.primary_phone_number().filter(is_good)).ok_or_else(FrontendError::strategy)
}

pub(super) async fn attempt(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = under_way(&call, &id, SignInStatus::NeedsFirstFactor)?;
    let client = call.client().ok_or_else(super::unknown)?;
    match call.form.required("strategy")? {
        "password" => {
            if user.secrets.password.is_none() || user.enterprise_connection(&call.shared.settings).is_some() {
                return Err(FrontendError::strategy());
            }
            passwords::sign_in(&call, &user, call.form.required("password")?)?;
            sign_in.first = Some(Verification::done("password", call.now));
        }
        strategy => {
            let code = call.form.required("code")?;
            let mut store = call.shared.store();
            let open = store.attempts.sign_in_mut(&client.id, &id).ok_or_else(super::unknown)?;
            let first = open.first.as_mut().ok_or_else(|| refused(Refused::NotPrepared))?;
            first.try_code(strategy, code, call.now).map_err(refused)?;
            sign_in = open.clone();
        }
    }
    proceed(&call, sign_in)
}

pub(super) async fn reset_password(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let (mut sign_in, user) = under_way(&call, &id, SignInStatus::NeedsNewPassword)?;
    let password = call.form.required("password")?;
    passwords::check_new(&call, "password", password)?;
    let mut is_set = false;
    call.shared.edit_user(&user.id, |user| is_set = user.secrets.set_password(password))?;
    if !is_set {
        return Err(FrontendError::invalid("password", "cannot be used"));
    }
    sign_in.password_was_reset();
    if call.form.flag("sign_out_of_other_sessions") == Some(true) {
        call.shared.end_other_sessions(&user.id, "");
    }
    proceed(&call, sign_in)
}
