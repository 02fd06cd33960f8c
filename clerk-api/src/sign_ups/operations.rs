//! Operations on sign-ups.

use crate::{define::operations, sign_ups::SignUp};

operations! { SignUps {
    /// Gets a sign-up by id.
    fn get(id) -> GetSignUp: "GetSignUp" GET "/sign_ups/{id}" => SignUp {}

    /// Changes a sign-up; parameters that are not set stay unchanged.
    fn update(id) -> UpdateSignUp: "UpdateSignUp" PATCH "/sign_ups/{id}" => SignUp {
        with body {
            external_id: Option<String>,
            custom_action: Option<bool>,
        }
    }
}}
