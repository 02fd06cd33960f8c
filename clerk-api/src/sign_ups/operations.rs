//! Operations on sign-ups.

use crate::{
    arguments::{Flag, Maybe, Text},
    define::operations,
    sign_ups::SignUp,
};

operations! { SignUps {
    /// One sign-up, by its id.
    fn get(id) -> GetSignUp: "GetSignUp" GET "/sign_ups/{id}" => SignUp {}

    /// Changes a sign-up; what is not set stays as it is.
    fn update(id) -> UpdateSignUp: "UpdateSignUp" PATCH "/sign_ups/{id}" => SignUp {
        with body {
            external_id: Maybe<Text>,
            custom_action: Maybe<Flag>,
        }
    }
}}
