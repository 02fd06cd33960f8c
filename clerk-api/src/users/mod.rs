//! The users of the instance.

mod account;
mod list;
mod sign_in;

pub use account::*;
pub use clerk_types::{
    common::TotalCount,
    external_account::{
        EnterpriseAccount, EnterpriseAccountConnection, ExternalAccount, SamlAccount, SamlAccountConnection,
    },
    identification::{Passkey, Web3Wallet},
    user::{
        NewIdentificationStatus, PasswordCheck, ScimUserMetadata, TotpCheck, TotpCheckCodeType, TrustedDevice,
        TrustedDevicePlatform, TrustedDeviceStatus, User, UserOAuthAccessToken, UserReference,
    },
};
pub use list::*;
pub use sign_in::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The users of the instance.
    Users, users
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[list::OPERATIONS, account::OPERATIONS, sign_in::OPERATIONS];
