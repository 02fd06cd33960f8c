//! The short message of an error, as Clerk documents it beside the long one.

/// The short message for a code; `None` where Clerk's two messages are the same.
pub(crate) fn short_message(code: &str) -> Option<&'static str> {
    Some(match code {
        "account_transfer_invalid" => "Invalid account transfer",
        "authentication_invalid" => "Invalid authentication",
        "authorization_invalid" => "Unauthorized request",
        "form_code_incorrect" => "is incorrect",
        "form_param_duplicate" => "is duplicate",
        "form_param_format_invalid" | "form_param_type_invalid" | "form_param_value_invalid" => "is invalid",
        "form_param_max_length_exceeded" => "exceeds maximum length",
        "form_param_missing" | "form_param_nil" | "form_resource_not_found" | "verification_missing" => "is missing",
        "form_param_unknown" => "is unknown",
        "form_param_value_disabled" => "is disabled",
        "internal_clerk_error" => "Oops, an unexpected error occurred",
        "legal_not_accepted" => "legal not accepted",
        "no_password_set" => "no password set",
        "not_allowed_access" => "Access not allowed.",
        "request_body_invalid" => "Request body invalid",
        "resource_forbidden" => "forbidden",
        "resource_not_found" => "not found",
        "session_exists" => "Session already exists",
        "session_reverification_required" => "Reverification required",
        "sign_up_mode_restricted" => "Sign-ups restricted",
        "sign_up_restricted_waitlist" => "Sign-ups restricted with waitlist",
        "strategy_for_user_invalid" => "Invalid verification strategy",
        "totp_already_enabled" => "TOTP already enabled",
        "user_banned" => "User banned",
        "user_locked" => "Account locked",
        "verification_already_verified" => "already verified",
        "verification_expired" => "expired",
        "verification_failed" => "failed",
        "verification_not_sent" => "not sent",
        "verification_strategy_invalid" => "has invalid strategy",
        _ => return None,
    })
}
