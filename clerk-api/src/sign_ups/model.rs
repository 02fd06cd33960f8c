//! Response types of sign-ups.

use serde_json::{Map, Value};

use crate::model::{choice, model};

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
        unsafe_metadata: Option<Map<String, Value>>,
        public_metadata: Option<Map<String, Value>>,
        custom_action: bool,
        external_id: Option<String>,
        created_session_id: Option<String>,
        created_user_id: Option<String>,
        /// A time; Clerk's description does not name its unit.
        abandon_at: i64,
        /// A time; Clerk's description does not name its unit.
        legal_accepted_at: Option<i64>,
        locale: Option<String>,
        /// Deprecated by Clerk.
        external_account: Option<Map<String, Value>>,
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
        next_action: Option<SignUpVerificationNextAction>,
        supported_strategies: Option<Vec<String>>,
    }
}

choice! {
    /// Values of [`SignUp`](crate::sign_ups::SignUp)'s `status`.
    SignUpStatus {
        MissingRequirements = "missing_requirements",
        Complete = "complete",
        Abandoned = "abandoned",
    }

    /// Values of [`SignUpVerification`](crate::sign_ups::SignUpVerification)'s `next_action`.
    SignUpVerificationNextAction {
        NeedsPrepare = "needs_prepare",
        NeedsAttempt = "needs_attempt",
        Empty = "",
    }
}
