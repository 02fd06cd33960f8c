//! [`OrganizationDomain`]: an email domain of an organization.

use super::{
    organization::PublicOrganizationData,
    payload::{open_enum, payload},
    verification::VerificationStatus,
};
use clerk_core::time::Timestamp;

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
        /// How users with an address of this domain become members.
        pub enrollment_mode: Option<EnrollmentMode>,
        /// The address that was used to verify the domain.
        pub affiliation_email_address: Option<String>,
        /// The verification that the organization is affiliated with the domain.
        pub affiliation_verification: Option<OrganizationDomainVerification>,
        /// The verification that the organization owns the domain.
        pub ownership_verification: Option<OrganizationDomainVerification>,
        /// The same as [`affiliation_verification`](Self::affiliation_verification), which Clerk wants you to use.
        pub verification: Option<OrganizationDomainVerification>,
        /// The number of pending invitations through this domain.
        pub total_pending_invitations: Option<i64>,
        /// The number of pending suggestions through this domain.
        pub total_pending_suggestions: Option<i64>,
        /// The organization.
        pub public_organization_data: Option<PublicOrganizationData>,
        /// When it was added.
        pub created_at: Option<Timestamp>,
        /// When it was last changed.
        pub updated_at: Option<Timestamp>,
    }

    /// The verification of a domain.
    pub struct OrganizationDomainVerification {
        /// The status.
        pub status: Option<VerificationStatus>,
        /// The strategy, such as `affiliation_email_code`.
        pub strategy: Option<String>,
        /// The number of attempts so far.
        pub attempts: Option<i64>,
        /// When it expires.
        pub expire_at: Option<Timestamp>,
        /// When it was completed.
        pub verified_at: Option<Timestamp>,
    }
}

open_enum! {
    /// How users with an address of a domain become members of its organization.
    pub enum EnrollmentMode {
        /// They are invited.
        AutomaticInvitation = "automatic_invitation",
        /// They get a suggestion to request membership.
        AutomaticSuggestion = "automatic_suggestion",
        /// They sign in through the company's identity provider.
        EnterpriseSso = "enterprise_sso",
        /// A member invites them manually.
        ManualInvitation = "manual_invitation",
    }
}
