//! Response types of domains.

use crate::{
    model::{choice, model},
    organization_invitations::PublicOrganizationData,
};

model! {
    /// `OrganizationDomain` in Clerk's description of the API.
    OrganizationDomain {
        object: String,
        id: String,
        organization_id: String,
        name: String,
        enrollment_mode: EnrollmentMode,
        affiliation_email_address: Option<String>,
        affiliation_verification: Option<OrganizationDomainVerification>,
        ownership_verification: Option<OrganizationDomainVerification>,
        /// Deprecated by Clerk.
        verification: Option<OrganizationDomainVerification>,
        total_pending_invitations: i64,
        total_pending_suggestions: i64,
        public_organization_data: Option<PublicOrganizationData>,
        /// In milliseconds since the Unix epoch.
        created_at: i64,
        /// In milliseconds since the Unix epoch.
        updated_at: i64,
    }

    /// `OrganizationDomainVerification` in Clerk's description of the API.
    OrganizationDomainVerification {
        status: String,
        strategy: String,
        attempts: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        expire_at: Option<i64>,
        /// A time; Clerk's description does not name its unit.
        verified_at: Option<i64>,
    }
}

choice! {
    /// Values of [`OrganizationDomain`](crate::organization_domains::OrganizationDomain)'s `enrollment_mode`.
    EnrollmentMode {
        ManualInvitation = "manual_invitation",
        AutomaticInvitation = "automatic_invitation",
        AutomaticSuggestion = "automatic_suggestion",
        EnterpriseSso = "enterprise_sso",
    }

    /// Values of a parameter.
    VerifiedFilter {
        True = "true",
        False = "false",
    }

    /// Values of a parameter.
    EnrollmentModeFilter {
        ManualInvitation = "manual_invitation",
        AutomaticInvitation = "automatic_invitation",
        AutomaticSuggestion = "automatic_suggestion",
        EnterpriseSso = "enterprise_sso",
        MinusManualInvitation = "-manual_invitation",
        MinusAutomaticInvitation = "-automatic_invitation",
        MinusAutomaticSuggestion = "-automatic_suggestion",
        MinusEnterpriseSso = "-enterprise_sso",
    }
}
