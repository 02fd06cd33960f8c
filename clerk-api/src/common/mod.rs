//! Types that many responses share.

pub use clerk_types::{
    common::DeletedObject,
    verification::{IdentificationLink, Verification, VerificationError, VerificationStatus, VerificationStrategy},
};
