//! [`Verification`]: the proof that an address or an account belongs to the user.

use super::{
    fields::Json,
    payload::{open_enum, payload},
};
use clerk_core::time::Timestamp;

payload! {
    /// A complete or pending verification that an address or an account belongs to the user. Which members it has depends
    /// on the [strategy](Self::strategy).
    pub struct Verification {
        /// The kind of verification, such as `verification_otp`.
        pub object: Option<String>,
        /// The status.
        pub status: Option<VerificationStatus>,
        /// The strategy, such as `email_code`, `saml`, `oauth_google` or `admin`.
        pub strategy: Option<String>,
        /// The number of attempts so far.
        pub attempts: Option<i64>,
        /// When it expires.
        pub expire_at: Option<Timestamp>,
        /// The channel of a code for a phone, such as `sms`.
        pub channel: Option<String>,
        /// The error at the external provider.
        pub error: Option<VerificationError>,
        /// The URL that the browser must visit.
        pub external_verification_redirect_url: Option<String>,
        /// The text that a wallet or a passkey must sign.
        pub nonce: Option<String>,
        /// The message with that text that the user sees.
        pub message: Option<String>,
        /// The id of the client that completed it, `client_...`.
        pub verified_at_client: Option<String>,
    }

    /// The error of a verification, in the form of Clerk's API errors.
    pub struct VerificationError {
        /// The error code, such as `external_account_not_found`.
        pub code: Option<String>,
        /// The message for developers.
        pub message: Option<String>,
        /// The message for users.
        pub long_message: Option<String>,
        /// Details, which depend on the error.
        pub meta: Option<Json>,
    }
}

open_enum! {
    /// The status of a verification.
    pub enum VerificationStatus {
        /// It was not completed in time.
        Expired = "expired",
        /// Too many attempts.
        Failed = "failed",
        /// The account belongs to another user. A sign-in with it would sign in as that user.
        Transferable = "transferable",
        /// Not verified.
        Unverified = "unverified",
        /// Verified.
        Verified = "verified",
    }
}
