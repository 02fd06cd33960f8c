//! [`SignUp`]: a sign-up that is not complete.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    timestamp::Timestamp,
};

model! {
    /// `SignUp` in Clerk's description of the API.
    SignUp {
        object: String,
        id: String,
        status: SignUpStatus,
        required_fields: Vec<String>,
        optional_fields: Vec<String>,
        missing_fields: Vec<String>,
        unverified_fields: Vec<String>,
        verifications: SignUpVerifications,
        username: Option<String>,
        email_address: Option<String>,
        phone_number: Option<String>,
        web3_wallet: Option<String>,
        password_enabled: bool,
        first_name: Option<String>,
        last_name: Option<String>,
        unsafe_metadata?: Map<String, Value>,
        public_metadata?: Map<String, Value>,
        custom_action: bool,
        external_id: Option<String>,
        created_session_id: Option<String>,
        created_user_id: Option<String>,
        abandon_at: Timestamp,
        legal_accepted_at: Option<Timestamp>,
        locale?: String,
        /// Deprecated by Clerk.
        external_account?: Map<String, Value>,
    }

    /// `SignUpVerifications` in Clerk's description of the API.
    SignUpVerifications {
        email_address: Option<SignUpVerification>,
        phone_number: Option<SignUpVerification>,
        web3_wallet: Option<SignUpVerification>,
        external_account: Option<Map<String, Value>>,
    }

    /// `SignUpVerification` in Clerk's description of the API.
    SignUpVerification {
        next_action?: SignUpVerificationNextAction,
        supported_strategies?: Vec<String>,
    }
}

choice! {
    /// Values of [`SignUp`](crate::sign_up::SignUp)'s `status`.
    SignUpStatus {
        MissingRequirements = "missing_requirements",
        Complete = "complete",
        Abandoned = "abandoned",
    }

    /// Values of [`SignUpVerification`](crate::sign_up::SignUpVerification)'s `next_action`.
    SignUpVerificationNextAction {
        NeedsPrepare = "needs_prepare",
        NeedsAttempt = "needs_attempt",
        Empty = "",
    }
}
