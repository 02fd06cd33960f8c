//! Sign-ups.

pub use clerk_types::sign_up::{
    SignUp, SignUpStatus, SignUpVerification, SignUpVerificationNextAction, SignUpVerifications,
};

use crate::define::resource;

resource! {
/// Sign-ups.
SignUps, sign_ups {
    /// Gets a sign-up by id.
    GET "/sign_ups/{id}" GetSignUp
    get(id) -> SignUp;

    /// Changes a sign-up; parameters that are not set stay unchanged.
    PATCH "/sign_ups/{id}" UpdateSignUp
    update(id) { external_id: Option<String>, custom_action: Option<bool> } -> SignUp;
}}
