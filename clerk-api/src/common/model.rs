//! Response types that several resources share.

use serde_json::{Map, Value};

use crate::model::{choice, model};

model! {
    /// The state of a verification. Which fields are set depends on the strategy.
    Verification {
        object: Option<String>,
        status: Option<VerificationStatus>,
        strategy: Option<VerificationStrategy>,
        attempts: Option<i64>,
        /// In milliseconds since the Unix epoch.
        expire_at: Option<i64>,
        channel: Option<String>,
        verified_at_client: Option<String>,
        error: Option<VerificationError>,
        external_verification_redirect_url: Option<String>,
        nonce: Option<String>,
        message: Option<String>,
        id: Option<String>,
    }

    /// `ClerkError` in Clerk's description of the API.
    VerificationError {
        message: String,
        long_message: String,
        code: String,
        meta: Option<Map<String, Value>>,
    }

    /// `IdentificationLink` in Clerk's description of the API.
    IdentificationLink {
        kind = "type": String,
        id: String,
    }

    /// The object that was deleted.
    DeletedObject {
        object: String,
        id: Option<String>,
        slug: Option<String>,
        deleted: bool,
        external_id: Option<String>,
    }
}

choice! {
    /// Values of [`Verification`](crate::common::Verification)'s `status`.
    VerificationStatus {
        Unverified = "unverified",
        Verified = "verified",
        Failed = "failed",
        Expired = "expired",
        Transferable = "transferable",
    }

    /// Values of [`Verification`](crate::common::Verification)'s `strategy`.
    VerificationStrategy {
        PhoneCode = "phone_code",
        EmailCode = "email_code",
        ResetPasswordEmailCode = "reset_password_email_code",
        Admin = "admin",
        Ticket = "ticket",
        Saml = "saml",
        EmailLink = "email_link",
        Scim = "scim",
        Web3MetamaskSignature = "web3_metamask_signature",
        Web3BaseSignature = "web3_base_signature",
        Web3CoinbaseWalletSignature = "web3_coinbase_wallet_signature",
        Web3OkxWalletSignature = "web3_okx_wallet_signature",
        Web3SolanaSignature = "web3_solana_signature",
        Passkey = "passkey",
        GoogleOneTap = "google_one_tap",
    }
}
