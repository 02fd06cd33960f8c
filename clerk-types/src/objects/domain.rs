//! Domains of organizations and of the instance.

use crate::{
    model::{choice, model},
    objects::organization::PublicOrganizationData,
    timestamp::Timestamp,
};

model! {
    /// `Domain` in Clerk's description of the API.
    Domain {
        object: String,
        id: String,
        name: String,
        is_satellite: bool,
        frontend_api_url: String,
        accounts_portal_url?: String,
        proxy_url?: String,
        development_origin: String,
        cname_targets?: Vec<CnameTarget>,
    }

    /// `CNameTarget` in Clerk's description of the API.
    CnameTarget {
        host: String,
        value: String,
        required: bool,
    }

    /// A domain whose email addresses belong to an organization.
    OrganizationDomain {
        /// Always `organization_domain`.
        object: String,
        /// Its id, `orgdmn_...`.
        id: String,
        /// The organization's id.
        organization_id: String,
        /// The domain.
        name: String,
        /// How users with an address of this domain become members.
        enrollment_mode: EnrollmentMode,
        /// The address that was used to verify the domain.
        affiliation_email_address: Option<String>,
        /// The verification that the organization is affiliated with the domain.
        affiliation_verification: Option<OrganizationDomainVerification>,
        /// The verification that the organization owns the domain.
        ownership_verification: Option<OrganizationDomainVerification>,
        /// Deprecated by Clerk.
        verification: Option<OrganizationDomainVerification>,
        /// The number of pending invitations through this domain.
        total_pending_invitations: i64,
        /// The number of pending suggestions through this domain.
        total_pending_suggestions: i64,
        /// The organization.
        public_organization_data?: PublicOrganizationData,
        /// When it was added.
        created_at: Timestamp,
        /// When it was last changed.
        updated_at: Timestamp,
    }

    /// The verification of a domain.
    OrganizationDomainVerification {
        /// The status.
        status: String,
        /// The strategy, such as `affiliation_email_code`.
        strategy: String,
        /// The number of attempts so far.
        attempts: Option<i64>,
        /// When it expires.
        expire_at: Option<Timestamp>,
        /// When it was completed.
        verified_at: Option<Timestamp>,
    }
}

choice! {
    /// How users with an address of a domain become members of its organization.
    EnrollmentMode {
        /// A member invites them manually.
        ManualInvitation = "manual_invitation",
        /// They are invited.
        AutomaticInvitation = "automatic_invitation",
        /// They get a suggestion to request membership.
        AutomaticSuggestion = "automatic_suggestion",
        /// They sign in through the company's identity provider.
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
