//! Sign-ups.

mod operations;

pub use clerk_types::sign_up::{
    SignUp, SignUpStatus, SignUpVerification, SignUpVerificationNextAction, SignUpVerifications,
};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Sign-ups.
    SignUps, sign_ups
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
