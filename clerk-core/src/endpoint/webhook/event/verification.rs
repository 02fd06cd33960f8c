//! [`Verification`]: how it is known that an address or account is somebody's.

use super::{
    fields::Json,
    payload::{open_enum, payload},
};
use crate::base::time::Timestamp;

payload! {
    /// How it is known, or is to become known, that an address or an account is the user's. Which members there are
    /// depends on the [strategy](Self::strategy).
    pub struct Verification {
        /// Which kind of verification it is, such as `verification_otp`.
        pub object: Option<String>,
        /// How far it is.
        pub status: Option<VerificationStatus>,
        /// What is done, such as `email_code`, `saml`, `oauth_google` or `admin`.
        pub strategy: Option<String>,
        /// How often it was tried.
        pub attempts: Option<i64>,
        /// Until when it can be done.
        pub expire_at: Option<Timestamp>,
        /// How a code for a phone goes, such as `sms`.
        pub channel: Option<String>,
        /// What went wrong at the other provider.
        pub error: Option<VerificationError>,
        /// Where the browser goes for it.
        pub external_verification_redirect_url: Option<String>,
        /// What a wallet or a passkey has to sign.
        pub nonce: Option<String>,
        /// The text around it that the user sees.
        pub message: Option<String>,
        /// The id of the client that it was done with, `client_...`.
        pub verified_at_client: Option<String>,
    }

    /// What went wrong, in the form of Clerk's API errors.
    pub struct VerificationError {
        /// Which error it is, such as `external_account_not_found`.
        pub code: Option<String>,
        /// What it is, for developers.
        pub message: Option<String>,
        /// What it is, for users.
        pub long_message: Option<String>,
        /// More about it; depends on the error.
        pub meta: Option<Json>,
    }
}

open_enum! {
    /// How far a verification is.
    pub enum VerificationStatus {
        /// Nobody did it in time.
        Expired = "expired",
        /// It was tried too often.
        Failed = "failed",
        /// The account is another user's, and could sign in as that one.
        Transferable = "transferable",
        /// Not done.
        Unverified = "unverified",
        /// Done.
        Verified = "verified",
    }
}
