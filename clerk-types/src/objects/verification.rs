//! [`Verification`]: the proof that an address or an account belongs to the user.

use serde_json::{Map, Value};

use crate::{
    model::{choice, model},
    timestamp::Timestamp,
};

model! {
    /// The state of a verification. Which fields are set depends on the strategy.
    Verification {
        /// The kind of verification, such as `verification_otp`.
        object?: String,
        /// The status.
        status?: VerificationStatus,
        /// The strategy, such as `email_code`, `saml`, `oauth_google` or `admin`.
        strategy?: VerificationStrategy,
        /// The number of attempts so far.
        attempts?: i64,
        /// When it expires.
        expire_at?: Timestamp,
        /// The channel of a code for a phone, such as `sms`.
        channel?: String,
        /// The id of the client that completed it, `client_...`.
        verified_at_client?: String,
        /// The error at the external provider.
        error?: VerificationError,
        /// The URL that the browser must visit.
        external_verification_redirect_url?: String,
        /// The text that a wallet or a passkey must sign.
        nonce?: String,
        /// The message with that text that the user sees.
        message?: String,
        id?: String,
    }

    /// The error of a verification, in the form of Clerk's API errors.
    VerificationError {
        /// The message for developers.
        message: String,
        /// The message for users.
        long_message: String,
        /// The error code, such as `external_account_not_found`.
        code: String,
        /// Details, which depend on the error.
        meta?: Map<String, Value>,
    }

    /// An account that has the same address or number, such as an external account.
    IdentificationLink {
        /// The type, such as `oauth_google`.
        kind = "type": String,
        /// Its id, `idn_...`.
        id: String,
    }
}

choice! {
    /// The status of a verification.
    VerificationStatus {
        /// Not verified.
        Unverified = "unverified",
        /// Verified.
        Verified = "verified",
        /// Too many attempts.
        Failed = "failed",
        /// It was not completed in time.
        Expired = "expired",
        /// The account belongs to another user. A sign-in with it would sign in as that user.
        Transferable = "transferable",
    }

    /// Values of [`Verification`](crate::verification::Verification)'s `strategy`.
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

impl Verification {
    /// Whether it is complete.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        self.status == Some(VerificationStatus::Verified)
    }
}
