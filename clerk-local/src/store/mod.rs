//! The data of the instance: users, organizations, clients with their sessions, machine tokens, and all the rest.

mod attempts;
mod client;
mod domain;
#[cfg(feature = "sqlite")]
mod file;
mod guard;
mod instance_settings;
mod invitation;
mod jwt_template;
mod machine;
mod machine_tokens;
mod oauth;
mod oauth_application;
mod organization;
mod outbox;
mod permission;
mod profile;
mod recent;
mod redirect_url;
mod restriction;
mod role_set;
mod secrets;
mod seed;
mod session;
mod session_task;
mod sign_in;
mod sign_up;
mod table;
mod ticket;
mod user;
mod verification;

use std::sync::Arc;

pub(crate) use attempts::{Attempts, EmailLink, LinkTarget, ProviderIntent, ProviderRedirect, Reverification};
use clerk_core::time::Timestamp;
pub(crate) use client::Client;
use client::Clients;
pub(crate) use domain::{Domain, OrganizationDomain};
#[cfg(feature = "sqlite")]
pub(crate) use file::DataFile;
pub(crate) use guard::StoreGuard;
pub(crate) use instance_settings::InstanceSettings;
pub(crate) use invitation::{Invitation, WaitlistEntry};
pub(crate) use jwt_template::JwtTemplate;
pub(crate) use machine::Machine;
use machine_tokens::MachineTokens;
pub(crate) use machine_tokens::{MachineToken, MachineTokenKind};
use oauth::OAuth;
pub(crate) use oauth::{OAuthClient, OAuthGrant};
pub(crate) use oauth_application::OAuthApplication;
pub use organization::{Membership, Organization, OrganizationInvitation, Role};
use outbox::Outbox;
pub use outbox::{OutboxChannel, OutboxMessage, OutboxPurpose};
pub(crate) use permission::Permission;
pub(crate) use profile::{PendingProviderSignIn, Profile, Provider};
pub(crate) use recent::Recent;
pub(crate) use redirect_url::RedirectUrl;
pub(crate) use restriction::{IdentifierList, ListedIdentifier};
pub(crate) use role_set::RoleSet;
pub use seed::Seed;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Map;
pub(crate) use session::{ActiveOrganization, Session, SessionEnd, actor_claim};
pub(crate) use session_task::SessionTask;
pub(crate) use sign_in::{SignIn, SignInStatus};
pub(crate) use sign_up::SignUp;
#[cfg(feature = "sqlite")]
pub(crate) use table::Change;
pub(crate) use table::{Record, Table, record};
pub(crate) use ticket::{ActorToken, SignInToken};
pub use user::{EmailAddress, ExternalAccount, PhoneNumber, User};
pub(crate) use verification::{CodeError, LIFETIME as LINK_LIFETIME, Verification};

use crate::{error::StartError, keys::random_id, settings::Settings};

/// All data, behind one lock of the instance.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) users: Table<User>,
    pub(crate) organizations: Table<Organization>,
    pub(crate) memberships: Table<Membership>,
    pub(crate) roles: Table<Role>,
    pub(crate) organization_invitations: Table<OrganizationInvitation>,
    pub(crate) sessions: Table<Session>,
    pub(crate) clients: Clients,
    pub(crate) attempts: Attempts,
    pub(crate) machine_tokens: MachineTokens,
    pub(crate) oauth: OAuth,
    pub(crate) outbox: Outbox,
    pub(crate) actor_tokens: Table<ActorToken>,
    pub(crate) domains: Table<Domain>,
    pub(crate) instance_settings: Table<InstanceSettings>,
    pub(crate) invitations: Table<Invitation>,
    pub(crate) jwt_templates: Table<JwtTemplate>,
    /// All permissions that roles can have.
    pub(crate) known_permissions: Table<Permission>,
    pub(crate) listed_identifiers: Table<ListedIdentifier>,
    pub(crate) machines: Table<Machine>,
    pub(crate) oauth_applications: Table<OAuthApplication>,
    pub(crate) organization_domains: Table<OrganizationDomain>,
    pub(crate) redirect_urls: Table<RedirectUrl>,
    pub(crate) role_sets: Table<RoleSet>,
    pub(crate) sign_in_tokens: Table<SignInToken>,
    /// Verifications that a backend has started, by id, with the id of the address or number.
    pub(crate) verifications: Recent<(String, Verification)>,
    pub(crate) waitlist_entries: Table<WaitlistEntry>,
    /// What users may do, for the tasks of sessions.
    pub(crate) user_settings: Arc<Settings>,
    /// The data file, if there is one.
    #[cfg(feature = "sqlite")]
    pub(crate) file: Option<Box<DataFile>>,
}

/// Visits each table.
pub(crate) trait TableVisitor {
    fn table<T: Record + Serialize + DeserializeOwned>(&mut self, table: &mut Table<T>);
}

impl Store {
    /// The setting with this name, beside the tables; if it is missing, makes it.
    pub(crate) fn setting(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<String, StartError>,
    ) -> Result<String, StartError> {
        #[cfg(feature = "sqlite")]
        if let Some(file) = &self.file {
            return file.setting(name, make);
        }
        let _ = name;
        make()
    }

    /// Stores a setting beside the tables, if there is a data file.
    #[cfg_attr(not(feature = "sqlite"), expect(clippy::unused_self, reason = "there is no file"))]
    pub(crate) fn set_setting(&self, name: &str, value: &str) -> Result<(), StartError> {
        #[cfg(feature = "sqlite")]
        if let Some(file) = &self.file {
            return file.set_setting(name, value);
        }
        let _ = (name, value);
        Ok(())
    }

    /// Visits each table that a data file stores.
    pub(crate) fn each_table(&mut self, visitor: &mut impl TableVisitor) {
        visitor.table(&mut self.users);
        visitor.table(&mut self.organizations);
        visitor.table(&mut self.memberships);
        visitor.table(&mut self.roles);
        visitor.table(&mut self.organization_invitations);
        visitor.table(&mut self.sessions);
        visitor.table(&mut self.actor_tokens);
        visitor.table(&mut self.domains);
        visitor.table(&mut self.instance_settings);
        visitor.table(&mut self.invitations);
        visitor.table(&mut self.jwt_templates);
        visitor.table(&mut self.known_permissions);
        visitor.table(&mut self.listed_identifiers);
        visitor.table(&mut self.machines);
        visitor.table(&mut self.oauth_applications);
        visitor.table(&mut self.organization_domains);
        visitor.table(&mut self.redirect_urls);
        visitor.table(&mut self.role_sets);
        visitor.table(&mut self.sign_in_tokens);
        visitor.table(&mut self.waitlist_entries);
        self.clients.visit(visitor);
        self.machine_tokens.visit(visitor);
        self.oauth.visit(visitor);
        self.outbox.visit(visitor);
    }

    /// The settings of the instance in the Backend API.
    pub(crate) fn settings(&self) -> InstanceSettings {
        self.instance_settings.iter().next().cloned().unwrap_or_default()
    }

    /// A user by id, username, address or number.
    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.get(name).or_else(|| self.users.find(|user| user.matches_name(name)))
    }

    /// The user with this username, or with this verified address or number.
    pub(crate) fn user_by_identifier(&self, identifier: &str) -> Option<&User> {
        self.users.find(|user| user.is_identified_by(identifier))
    }

    /// The user with this external account.
    pub(crate) fn user_by_external_account(&self, provider: &str, subject: &str) -> Option<&User> {
        self.users.find(|user| {
            let mut accounts = user.external_accounts.iter();
            accounts.any(|account| account.provider == provider && account.provider_user_id == subject)
        })
    }

    /// Pending invitations to an organization, the oldest first.
    pub(crate) fn pending_invitations_to(
        &self,
        organization_id: &str,
    ) -> impl Iterator<Item = &OrganizationInvitation> {
        let invitations = self.organization_invitations.iter();
        invitations.filter(move |one| one.organization_id == organization_id && one.status == "pending")
    }

    /// An organization by id or by slug.
    pub(crate) fn organization(&self, name: &str) -> Option<&Organization> {
        self.organizations.get(name).or_else(|| self.organizations.find(|organization| organization.slug == name))
    }

    /// The role with this key.
    pub(crate) fn role(&self, key: &str) -> Option<&Role> {
        self.roles.find(|role| role.key == key)
    }

    /// Memberships of a user, the oldest first.
    pub(crate) fn memberships_of(&self, user_id: &str) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(move |membership| membership.user_id == user_id)
    }

    /// Memberships of an organization, the oldest first.
    pub(crate) fn members_of(&self, organization_id: &str) -> impl Iterator<Item = &Membership> {
        self.memberships.iter().filter(move |membership| membership.organization_id == organization_id)
    }

    pub(crate) fn membership(&self, user_id: &str, organization_id: &str) -> Option<&Membership> {
        self.memberships_of(user_id).find(|membership| membership.organization_id == organization_id)
    }

    /// The permissions of a membership: those of its role, and its own.
    pub(crate) fn permissions(&self, membership: &Membership) -> Vec<String> {
        let mut permissions = self.role(&membership.role).map_or_else(Vec::new, |role| role.permissions.clone());
        permissions.extend(
            membership.permissions.iter().filter(|one| !permissions.contains(one)).cloned().collect::<Vec<_>>(),
        );
        permissions
    }

    /// Adds a membership, or changes the existing one.
    pub(crate) fn add_membership(
        &mut self,
        user_id: &str,
        organization_id: &str,
        role: &str,
        permissions: Vec<String>,
        now: Timestamp,
    ) -> Membership {
        let known = self.membership(user_id, organization_id).cloned();
        let mut membership = known.unwrap_or_else(|| Membership {
            id: random_id("orgmem"),
            organization_id: organization_id.to_owned(),
            user_id: user_id.to_owned(),
            role: String::new(),
            permissions: Vec::new(),
            public_metadata: Map::new(),
            private_metadata: Map::new(),
            created_at: now,
            updated_at: now,
        });
        (membership.role, membership.permissions, membership.updated_at) = (role.to_owned(), permissions, now);
        self.memberships.put(membership.clone());
        membership
    }

    /// Removes a membership and returns it.
    pub(crate) fn remove_membership(&mut self, user_id: &str, organization_id: &str) -> Option<Membership> {
        let id = self.membership(user_id, organization_id)?.id.clone();
        self.memberships.remove(&id)
    }

    /// Removes an organization, with its memberships and invitations.
    pub(crate) fn remove_organization(&mut self, id: &str) -> Option<Organization> {
        self.memberships.remove_if(|membership| membership.organization_id == id);
        self.organization_invitations.remove_if(|invitation| invitation.organization_id == id);
        self.organization_domains.remove_if(|domain| domain.organization_id == id);
        self.organizations.remove(id)
    }

    /// Removes a user and their memberships, but not their sessions.
    pub(crate) fn remove_user(&mut self, id: &str) -> Option<User> {
        self.memberships.remove_if(|membership| membership.user_id == id);
        self.users.remove(id)
    }

    /// Adds a permission of a role or a member to the list of permissions.
    pub(crate) fn add_known_permission(&mut self, key: &str, now: Timestamp) {
        if self.known_permissions.find(|known| known.key == key).is_none() {
            self.known_permissions.put(Permission::from_key(key, now));
        }
    }
}
