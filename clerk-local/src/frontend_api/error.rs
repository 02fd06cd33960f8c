//! [`FrontendError`]: an error with the codes that Clerk's components expect.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::{
    changes::ChangeError,
    error::UnknownName,
    http::{json_response, short_message},
};

/// An error of the Frontend API.
#[derive(Debug)]
pub(super) struct FrontendError {
    status: StatusCode,
    code: &'static str,
    message: String,
    meta: Map<String, Value>,
}

/// The body of a response that is an error, to which the transport adds the browser.
#[derive(Debug, Clone)]
pub(super) struct ErrorBody(pub(super) Value);

impl FrontendError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), meta: Map::new() }
    }

    /// An error about one field of the form.
    pub(super) fn form(code: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message).with_meta("param_name", field.into())
    }

    /// The code and the message, to store with a failed verification.
    pub(super) fn code_and_message(&self) -> (&'static str, &str) {
        (self.code, &self.message)
    }

    pub(super) fn with_meta(mut self, name: &str, value: Value) -> Self {
        self.meta.insert(name.to_owned(), value);
        self
    }

    pub(super) fn missing(field: &str) -> Self {
        Self::form("form_param_nil", field, format!("{field} must be included."))
    }

    pub(super) fn unknown(field: &str) -> Self {
        Self::form("form_param_unknown", field, format!("{field} is not a valid parameter for this request."))
    }

    pub(super) fn too_long(field: &str) -> Self {
        Self::form("form_param_max_length_exceeded", field, format!("{field} is too long."))
    }

    pub(super) fn invalid(field: &str, why: &str) -> Self {
        Self::form("form_param_value_invalid", field, format!("{field} {why}."))
    }

    pub(super) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "resource_not_found", format!("{what} not found"))
    }

    /// 401: the caller is not signed in.
    pub(super) fn signed_out() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "authentication_invalid",
            "Unable to authenticate the request: sign in first",
        )
    }

    /// 403: the user may not do this.
    pub(super) fn not_authorized() -> Self {
        let message = "You are not authorized to perform this request";
        Self::new(StatusCode::FORBIDDEN, "authorization_invalid", message)
    }

    /// 400: the request does not fit the current state.
    pub(super) fn bad_request(code: &'static str, message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// A strategy that is switched off.
    pub(super) fn disabled_strategy(strategy: &str) -> Self {
        let message = format!("{strategy} does not match one of the allowed values for parameter strategy");
        Self::form("form_param_value_invalid", "strategy", message)
    }

    /// A strategy that the instance does not offer here.
    pub(super) fn strategy() -> Self {
        Self::form("strategy_for_user_invalid", "strategy", "The verification strategy is not valid for this account")
    }
}

impl IntoResponse for FrontendError {
    fn into_response(self) -> Response {
        let short = short_message(self.code).unwrap_or(&self.message);
        let error = json!({"code": self.code, "message": short, "long_message": self.message, "meta": self.meta});
        let body = json!({"errors": [error], "clerk_trace_id": "clerk-local"});
        let mut response = json_response(self.status, &body);
        response.extensions_mut().insert(ErrorBody(body));
        response
    }
}

impl From<UnknownName> for FrontendError {
    fn from(unknown: UnknownName) -> Self {
        Self::new(StatusCode::NOT_FOUND, "resource_not_found", unknown.to_string())
    }
}

impl From<ChangeError> for FrontendError {
    fn from(error: ChangeError) -> Self {
        let about = |error: Self, address: String| error.with_meta("email_addresses", vec![address].into());
        match error {
            ChangeError::Unknown(unknown) => unknown.into(),
            ChangeError::OrganizationsDisabled => {
                let message = "The organizations feature is not enabled for this instance.";
                Self::new(StatusCode::FORBIDDEN, "organization_not_enabled_in_instance", message)
            }
            ChangeError::CreationForbidden => Self::not_authorized(),
            ChangeError::SlugTaken => {
                Self::form("form_identifier_exists", "slug", "This slug is already taken. Please try another.")
            }
            ChangeError::AlreadyMember(address) => {
                let error = Self::bad_request("already_a_member_in_organization", "This user is a member already");
                address.into_iter().fold(error, about)
            }
            ChangeError::AlreadyInvited(address) => {
                about(Self::bad_request("duplicate_record", "There is an invitation to this address already"), address)
            }
            ChangeError::MembershipLimit(most) => {
                let message = format!(
                    "You have reached your limit of {most} organization memberships, including outstanding invitations."
                );
                Self::new(StatusCode::FORBIDDEN, "organization_membership_quota_exceeded", message)
            }
            ChangeError::NoManagerLeft => Self::bad_request(
                "organization_minimum_permissions_needed",
                "There has to be at least one organization member with the minimum required permissions",
            ),
            ChangeError::InvitationNotPending => {
                Self::bad_request("invitation_already_accepted", "This invitation is over")
            }
        }
    }
}
