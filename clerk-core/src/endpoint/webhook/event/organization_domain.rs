//! [`OrganizationDomain`]: whose addresses belong to an organization.

use super::{
    organization::PublicOrganizationData,
    payload::{open_enum, payload},
    verification::VerificationStatus,
};
use crate::base::time::Timestamp;

payload! {
    /// A domain whose email addresses belong to an organization.
    pub struct OrganizationDomain {
        /// Its id, `orgdmn_...`.
        pub id: String,
        /// Always `organization_domain`.
        pub object: Option<String>,
        /// The organization's id.
        pub organization_id: String,
        /// The domain.
        pub name: String,
        /// How users with such an address become members.
        pub enrollment_mode: Option<EnrollmentMode>,
        /// The address that showed that the domain is the organization's.
        pub affiliation_email_address: Option<String>,
        /// How it is known that the organization has to do with the domain.
        pub affiliation_verification: Option<OrganizationDomainVerification>,
        /// How it is known that the organization owns the domain.
        pub ownership_verification: Option<OrganizationDomainVerification>,
        /// The same as [`affiliation_verification`](Self::affiliation_verification), which Clerk wants you to use.
        pub verification: Option<OrganizationDomainVerification>,
        /// How many users are invited because of it, and have not answered.
        pub total_pending_invitations: Option<i64>,
        /// How many users are told of the organization because of it, and have not answered.
        pub total_pending_suggestions: Option<i64>,
        /// The organization.
        pub public_organization_data: Option<PublicOrganizationData>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it changed last.
        pub updated_at: Option<Timestamp>,
    }

    /// How it is known that a domain is an organization's.
    pub struct OrganizationDomainVerification {
        /// How far it is.
        pub status: Option<VerificationStatus>,
        /// What is done, such as `affiliation_email_code`.
        pub strategy: Option<String>,
        /// How often it was tried.
        pub attempts: Option<i64>,
        /// Until when it can be done.
        pub expire_at: Option<Timestamp>,
        /// When it was done.
        pub verified_at: Option<Timestamp>,
    }
}

open_enum! {
    /// How users with an address of a domain become members of its organization.
    pub enum EnrollmentMode {
        /// They are invited.
        AutomaticInvitation = "automatic_invitation",
        /// They are told that they may ask.
        AutomaticSuggestion = "automatic_suggestion",
        /// They sign in with the company's own identity provider.
        EnterpriseSso = "enterprise_sso",
        /// Somebody invites them.
        ManualInvitation = "manual_invitation",
    }
}
