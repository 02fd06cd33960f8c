//! The address and the number of whoever signs up are proved.

use axum::{extract::Path, response::Response};

use super::{proceed, under_way};
use crate::{
    frontend_api::{
        Call, FrontendError,
        delivery::{self, Letter},
        sign_ins,
    },
    store::{Client, OutboxPurpose, Proof, Refused, SignUp},
};

pub(super) async fn prepare(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let client = call.client().ok_or_else(super::unknown)?;
    let mut sign_up = under_way(&call, &id)?;
    begin(&call, &client, &mut sign_up, call.form.required("strategy")?)?;
    proceed(&call, sign_up)
}

/// Sends what the strategy needs.
pub(super) fn begin(call: &Call, client: &Client, sign_up: &mut SignUp, strategy: &str) -> Result<(), FrontendError> {
    let (address, number) = (sign_up.email_address.clone(), sign_up.phone_number.clone());
    let is_proved = |field: &str| !sign_up.unverified_fields().contains(&field);
    match (strategy, address, number) {
        ("email_code" | "email_link", Some(_), _) if is_proved("email_address") => {
            Err(sign_ins::refused(Refused::AlreadyVerified))
        }
        ("phone_code", _, Some(_)) if is_proved("phone_number") => Err(sign_ins::refused(Refused::AlreadyVerified)),
        ("email_code", Some(address), _) => {
            let sent = delivery::send_code(&call.shared, strategy, &address, &address, OutboxPurpose::SignUp);
            sign_up.email = Some(sent);
            Ok(())
        }
        ("email_link", Some(address), _) => {
            let redirect_url =
                call.redirect_url("redirect_url")?.ok_or_else(|| FrontendError::missing("redirect_url"))?;
            let letter = Letter {
                client_id: &client.id,
                to: &address,
                id: &address,
                purpose: OutboxPurpose::SignUp,
                proof: Proof::SignUp(sign_up.id.clone()),
                redirect_url: redirect_url.into(),
            };
            sign_up.email = Some(delivery::send_link(&call.shared, letter));
            Ok(())
        }
        ("phone_code", _, Some(number)) => {
            let sent = delivery::send_code(&call.shared, strategy, &number, &number, OutboxPurpose::SignUp);
            sign_up.phone = Some(sent);
            Ok(())
        }
        _ => Err(FrontendError::strategy()),
    }
}

pub(super) async fn attempt(Path(id): Path<String>, call: Call) -> Result<Response, FrontendError> {
    let client = call.client().ok_or_else(super::unknown)?;
    under_way(&call, &id)?;
    let strategy = call.form.required("strategy")?;
    let code = call.form.required("code")?;
    let mut store = call.shared.store();
    let open = store.attempts.sign_up_mut(&client.id, &id).ok_or_else(super::unknown)?;
    let proof = match strategy {
        "email_code" => open.email.as_mut(),
        "phone_code" => open.phone.as_mut(),
        _ => return Err(FrontendError::strategy()),
    };
    let proof = proof.ok_or_else(|| sign_ins::refused(Refused::NotPrepared))?;
    proof.try_code(strategy, code, call.now).map_err(sign_ins::refused)?;
    let sign_up = open.clone();
    drop(store);
    proceed(&call, sign_up)
}
