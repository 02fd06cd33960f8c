//! Verification of a sign-up's address and number.

use axum::{extract::Path, response::Response};

use super::{find_in_progress, proceed};
use crate::{
    frontend_api::{
        FrontendError, FrontendRequest,
        delivery::{self, LinkRequest},
        sign_ins,
    },
    store::{Client, CodeError, LinkTarget, OutboxPurpose, SignUp},
};

pub(super) async fn prepare(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let client = request.client().ok_or_else(super::not_found)?;
    let mut sign_up = find_in_progress(&request, &id)?;
    begin(&request, &client, &mut sign_up, request.form.required("strategy")?)?;
    proceed(&request, sign_up)
}

/// Sends what the strategy needs.
pub(super) fn begin(
    request: &FrontendRequest,
    client: &Client,
    sign_up: &mut SignUp,
    strategy: &str,
) -> Result<(), FrontendError> {
    let (address, number) = (sign_up.email_address.clone(), sign_up.phone_number.clone());
    let is_proved = |field: &str| !sign_up.unverified_fields().contains(&field);
    match (strategy, address, number) {
        ("email_code" | "email_link", Some(_), _) if is_proved("email_address") => {
            Err(sign_ins::code_error(CodeError::AlreadyVerified))
        }
        ("phone_code", _, Some(_)) if is_proved("phone_number") => {
            Err(sign_ins::code_error(CodeError::AlreadyVerified))
        }
        ("email_code", Some(address), _) => {
            let sent = delivery::send_code(&request.shared, strategy, &address, &address, OutboxPurpose::SignUp);
            sign_up.email = Some(sent);
            Ok(())
        }
        ("email_link", Some(address), _) => {
            let redirect_url =
                request.redirect_url("redirect_url")?.ok_or_else(|| FrontendError::missing("redirect_url"))?;
            let link = LinkRequest {
                client_id: &client.id,
                to: &address,
                id: &address,
                purpose: OutboxPurpose::SignUp,
                target: LinkTarget::SignUp(sign_up.id.clone()),
                redirect_url: redirect_url.into(),
            };
            sign_up.email = Some(delivery::send_link(&request.shared, link));
            Ok(())
        }
        ("phone_code", _, Some(number)) => {
            let sent = delivery::send_code(&request.shared, strategy, &number, &number, OutboxPurpose::SignUp);
            sign_up.phone = Some(sent);
            Ok(())
        }
        _ => Err(FrontendError::strategy()),
    }
}

pub(super) async fn attempt(Path(id): Path<String>, request: FrontendRequest) -> Result<Response, FrontendError> {
    let client = request.client().ok_or_else(super::not_found)?;
    find_in_progress(&request, &id)?;
    let strategy = request.form.required("strategy")?;
    let code = request.form.required("code")?;
    let mut store = request.shared.store();
    let open = store.attempts.sign_up_mut(&client.id, &id).ok_or_else(super::not_found)?;
    let proof = match strategy {
        "email_code" => open.email.as_mut(),
        "phone_code" => open.phone.as_mut(),
        _ => return Err(FrontendError::strategy()),
    };
    let proof = proof.ok_or_else(|| sign_ins::code_error(CodeError::NotPrepared))?;
    proof.try_code(strategy, code, request.now).map_err(sign_ins::code_error)?;
    let sign_up = open.clone();
    drop(store);
    proceed(&request, sign_up)
}
