//! Organizations, memberships, roles and invitations.

use std::time::Duration;

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Record, Store};

/// An organization of the instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// `org_...`
    pub id: String,
    /// The name in URLs.
    pub slug: String,
    /// The name that pages show.
    pub name: String,
    /// The user who created it.
    pub created_by: Option<String>,
    /// How many members it may have; 0: unlimited.
    pub max_allowed_memberships: u32,
    /// The organization's plan, `gold` for example.
    pub plan: Option<String>,
    /// The features of the plan.
    pub features: Vec<String>,
    /// Metadata that frontends may read.
    pub public_metadata: Map<String, Value>,
    /// Metadata that only backends may read.
    pub private_metadata: Map<String, Value>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A user's membership in an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Membership {
    /// `orgmem_...`
    pub id: String,
    /// The organization's id.
    pub organization_id: String,
    /// The user's id.
    pub user_id: String,
    /// The role, `org:admin` for example.
    pub role: String,
    /// Permissions besides those that the role gives, `org:invoices:read` for example.
    pub permissions: Vec<String>,
    /// Metadata that frontends may read.
    pub public_metadata: Map<String, Value>,
    /// Metadata that only backends may read.
    pub private_metadata: Map<String, Value>,
    /// When the user joined.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A role that members of organizations can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Role {
    /// `role_...`
    pub id: String,
    /// `org:admin`, for example.
    pub key: String,
    /// The name that pages show.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it permits, `org:invoices:read` or Clerk's own `org:sys_memberships:manage` for example.
    pub permissions: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// An invitation to an organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct OrganizationInvitation {
    /// `orginv_...`
    pub id: String,
    /// The organization's id.
    pub organization_id: String,
    /// The invited address.
    pub email_address: String,
    /// The role that the invited user will have.
    pub role: String,
    /// The id of the user who invites.
    pub inviter_id: Option<String>,
    /// `pending`, `accepted` or `revoked`.
    pub status: String,
    /// The page that the link opens.
    pub redirect_url: Option<String>,
    /// The initial public metadata of the membership.
    pub public_metadata: Map<String, Value>,
    /// The initial private metadata of the membership.
    pub private_metadata: Map<String, Value>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Organization {
    pub(crate) fn new(id: String, slug: &str, name: &str, now: Timestamp) -> Self {
        Self {
            id,
            slug: slug.to_owned(),
            name: name.to_owned(),
            created_by: None,
            max_allowed_memberships: 5,
            plan: None,
            features: Vec::new(),
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            created_at: now,
            updated_at: now,
        }
    }
}

impl Store {
    /// Checks that the organization has room for so many more members, counting pending invitations; the error is its
    /// limit.
    pub(crate) fn check_room(&self, organization_id: &str, more: usize, now: Timestamp) -> Result<(), u32> {
        let most = self.organizations.get(organization_id).map_or(0, |one| one.max_allowed_memberships);
        let invited = self.pending_invitations_to(organization_id).filter(|one| now < one.expires_at);
        let count = self.members_of(organization_id).count() + invited.count() + more;
        if most == 0 || u32::try_from(count).is_ok_and(|count| count <= most) { Ok(()) } else { Err(most) }
    }

    /// Changes the roles of members.
    pub(crate) fn reassign_roles(&mut self, new: impl Fn(&str) -> Option<String>) {
        let members = self.memberships.iter().filter_map(|one| Some((one.id.clone(), new(&one.role)?)));
        for (id, role) in members.collect::<Vec<_>>() {
            self.memberships.get_mut(&id).into_iter().for_each(|membership| membership.role.clone_from(&role));
        }
    }

    /// A free slug from a name, with a number if the slug is taken.
    pub(crate) fn free_slug(&self, name: &str) -> String {
        let words = name.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let slug = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
        let slug = if slug.is_empty() { "organization".to_owned() } else { slug };
        if self.organization(&slug).is_none() {
            return slug;
        }
        // As many tries as there are organizations, and one more.
        (2..self.organizations.len() + 3)
            .map(|number| format!("{slug}-{number}"))
            .find(|slug| self.organization(slug).is_none())
            .unwrap_or(slug)
    }
}

impl OrganizationInvitation {
    /// Default lifetime, as with Clerk.
    pub(crate) const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

    /// The status, as Clerk names it.
    pub(crate) fn status(&self, now: Timestamp) -> &str {
        if self.status == "pending" && now >= self.expires_at { "expired" } else { &self.status }
    }
}

impl Role {
    /// The two roles that each instance of Clerk has, with Clerk's own permissions.
    pub(crate) fn defaults(now: Timestamp) -> [Self; 2] {
        let role = |key: &str, name: &str, description: &str, permissions: &[&str]| Self {
            id: format!("role_{:0<27}", key.trim_start_matches("org:")),
            key: key.to_owned(),
            name: name.to_owned(),
            description: description.to_owned(),
            permissions: permissions.iter().map(|&permission| permission.to_owned()).collect(),
            created_at: now,
        };
        let admin = [
            "org:sys_profile:manage",
            "org:sys_profile:delete",
            "org:sys_memberships:read",
            "org:sys_memberships:manage",
            "org:sys_domains:read",
            "org:sys_domains:manage",
            "org:sys_billing:read",
            "org:sys_billing:manage",
            "org:sys_api_keys:read",
            "org:sys_api_keys:manage",
        ];
        let member = ["org:sys_memberships:read", "org:sys_billing:read", "org:sys_api_keys:read"];
        [
            role("org:admin", "Admin", "May do everything in the organization", &admin),
            role("org:member", "Member", "Belongs to the organization", &member),
        ]
    }
}

impl Record for Organization {
    const KIND: &'static str = "organization";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Record for Membership {
    const KIND: &'static str = "organization_membership";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Record for Role {
    const KIND: &'static str = "role";

    fn id(&self) -> &str {
        &self.id
    }
}

impl Record for OrganizationInvitation {
    const KIND: &'static str = "organization_invitation";

    fn id(&self) -> &str {
        &self.id
    }
}
