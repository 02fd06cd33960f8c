//! What changes users and sessions, whoever asks for it: a page, a backend or a test. Each change is told to the
//! application's webhook endpoints.

use std::{sync::PoisonError, time::Duration};

use serde_json::json;

use crate::{
    error::UnknownName,
    keys::random_id,
    resource,
    shared::Shared,
    store::{Active, Client, End, Membership, Organization, OrganizationInvitation, Seed, Session, Store, User},
    webhooks::{Event, Member, SessionOf},
};

/// What a user's account can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Ban,
    Lock,
    Unban,
    Unlock,
}

/// What a new session can say of how its user signed in.
#[derive(Debug, Default)]
pub(crate) struct Proved {
    pub(crate) second_factor: bool,
    /// Who acts as the user.
    pub(crate) actor: Option<String>,
    /// The organization that is active then; the user's first one, unless it is said.
    pub(crate) organization_id: Option<String>,
    /// How long the session may last, if that is said, in seconds.
    pub(crate) session_seconds: Option<u32>,
}

impl Shared {
    /// Signs a user in on a browser, in the place of whoever was.
    pub(crate) fn sign_in(&self, client: &Client, user_id: &str) -> Client {
        let now = self.clock.now();
        let mut store = self.store();
        let before: Vec<_> = store.live_sessions_on(&client.id, now).map(|session| session.id.clone()).collect();
        let ended: Vec<_> = before.iter().filter_map(|id| store.end(id, End::Ended, now)).collect();
        let session = store.sign_in(&client.id, user_id, now);
        let client = store.clients.get(&client.id).unwrap_or(client).clone();
        drop(store);
        ended.iter().for_each(|session| self.tell_end(session, End::Ended));
        if let Some(session) = &session {
            self.webhooks.send(&Event::SessionCreated(session.into()));
        }
        client
    }

    /// Signs a user in on a browser beside whoever is; `None` when the user is gone, or may not sign in.
    pub(crate) fn open_session(&self, client_id: &str, user_id: &str, proof: &Proved) -> Option<Session> {
        let now = self.clock.now();
        let mut store = self.store();
        store.user(user_id).filter(|user| user.may_sign_in())?;
        let id = store.sign_in(client_id, user_id, now)?.id;
        let session = store.sessions.get_mut(&id)?;
        session.second_factor_at = proof.second_factor.then_some(now);
        session.actor.clone_from(&proof.actor);
        if let Some(id) = &proof.organization_id {
            session.organization = Active::Id(id.clone());
        }
        if let Some(seconds) = proof.session_seconds {
            session.expire_at = now + Duration::from_secs(seconds.into());
        }
        let session = session.clone();
        drop(store);
        self.webhooks.send(&Event::SessionCreated((&session).into()));
        Some(session)
    }

    /// Ends the sessions of one browser, and makes the browser forget them.
    pub(crate) fn remove_sessions(&self, client_id: &str) {
        self.end_all(End::Removed, |session| session.client_id == client_id);
    }

    /// Ends a user's sessions but for one, as after a change of the password.
    pub(crate) fn end_other_sessions(&self, user_id: &str, but: &str) {
        self.end_all(End::Revoked, |session| session.user_id == user_id && session.id != but);
    }

    /// Ends the sessions of one browser.
    pub(crate) fn sign_out(&self, client_id: &str) {
        self.end_all(End::Ended, |session| session.client_id == client_id);
    }

    pub(crate) fn sign_out_all(&self) {
        self.end_all(End::Ended, |_| true);
    }

    /// Ends a session, whether a browser has it or only a token that was made by hand; nothing happens when it has ended.
    pub(crate) fn end_session(&self, id: &str, end: End) {
        let mut store = self.store();
        if store.end_of(id).is_some() {
            return;
        }
        let session = store.end(id, end, self.clock.now());
        drop(store);
        self.webhooks.send(&Event::SessionEnded(SessionOf { id: id.to_owned(), session }, end));
    }

    /// Adds a user, in place of one with the same username.
    pub(crate) fn create_user(&self, username: &str, name: &str) -> User {
        let mut user = User::new(random_id("user"), self.clock.now());
        let (first, last) = name.split_once(' ').map_or((name, None), |(first, last)| (first, Some(last)));
        (user.first_name, user.last_name) = (Some(first.to_owned()), last.map(str::to_owned));
        user.username = Some(username.to_owned());
        let mut store = self.store();
        let known = store.users.find(|known| known.username == user.username).map(|known| known.id.clone());
        known.iter().for_each(|id| drop(store.remove_user(id)));
        drop(store);
        self.add_user(user)
    }

    /// Adds a user as they are.
    pub(crate) fn add_user(&self, user: User) -> User {
        self.store().users.put(user.clone());
        self.webhooks.send(&Event::UserCreated(user.clone()));
        user
    }

    /// Adds a user, unless somebody else has one of the addresses, numbers or the username by now.
    pub(crate) fn add_new_user(&self, user: User) -> Option<User> {
        let mut store = self.store();
        let addresses = user.email_addresses.iter().map(|one| &one.email_address);
        let numbers = user.phone_numbers.iter().map(|one| &one.phone_number);
        if addresses.chain(numbers).chain(&user.username).any(|one| store.identified(one).is_some()) {
            return None;
        }
        store.users.put(user.clone());
        drop(store);
        self.webhooks.send(&Event::UserCreated(user.clone()));
        Some(user)
    }

    /// Takes a user away, and with them their sessions and memberships.
    pub(crate) fn delete_user(&self, name: &str) -> Result<User, UnknownName> {
        let mut store = self.store();
        let id = known_user(&store, name)?.id;
        let user = store.remove_user(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        drop(store);
        self.end_all(End::Revoked, |session| session.user_id == user.id);
        self.webhooks.send(&Event::UserDeleted(user.id.clone()));
        Ok(user)
    }

    /// Bans or locks a user, who cannot sign in then, or undoes that. A ban ends their sessions.
    pub(crate) fn change_user(&self, name: &str, change: Change) -> Result<User, UnknownName> {
        let user = self.edit_user(name, |user| match change {
            Change::Ban => user.banned = true,
            Change::Lock => user.locked = true,
            Change::Unban => user.banned = false,
            Change::Unlock => user.locked = false,
        })?;
        if change == Change::Ban {
            self.end_all(End::Revoked, |session| session.user_id == user.id);
        }
        Ok(user)
    }

    /// Puts a user as they are in the place of themselves.
    pub(crate) fn put_user(&self, user: User) -> User {
        self.store().users.put(user.clone());
        self.webhooks.send(&Event::UserUpdated(user.clone()));
        user
    }

    /// Changes anything about a user.
    pub(crate) fn edit_user(&self, name: &str, edit: impl FnOnce(&mut User)) -> Result<User, UnknownName> {
        let mut store = self.store();
        let id = known_user(&store, name)?.id;
        let user = store.users.get_mut(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        edit(user);
        user.updated_at = self.clock.now();
        let user = user.clone();
        drop(store);
        self.webhooks.send(&Event::UserUpdated(user.clone()));
        Ok(user)
    }

    /// Changes a user unless the change is refused; `unknown` is for a user who is not there.
    pub(crate) fn try_edit_user<E>(
        &self,
        id: &str,
        unknown: impl FnOnce() -> E,
        edit: impl FnOnce(&Store, &mut User) -> Result<(), E>,
    ) -> Result<User, E> {
        let mut store = self.store();
        let mut user = store.users.get(id).cloned().ok_or_else(unknown)?;
        edit(&store, &mut user)?;
        user.updated_at = self.clock.now();
        store.users.put(user.clone());
        drop(store);
        self.webhooks.send(&Event::UserUpdated(user.clone()));
        Ok(user)
    }

    /// Adds an organization, in place of one with the same slug.
    pub(crate) fn create_organization(&self, slug: &str, name: &str) -> Organization {
        let organization = Organization::new(random_id("org"), slug, name, self.clock.now());
        let mut store = self.store();
        let known = store.organizations.find(|known| known.slug == slug).map(|known| known.id.clone());
        known.iter().for_each(|id| drop(store.remove_organization(id)));
        store.organizations.put(organization.clone());
        organization
    }

    /// Adds an organization as it is, with a first member if there is one.
    pub(crate) fn add_organization(&self, organization: Organization, creator: Option<(&str, &str)>) -> Organization {
        self.store().organizations.put(organization.clone());
        self.webhooks.send_raw("organization.created", resource::organization(&organization));
        if let Some((user_id, role)) = creator {
            // Somebody deleted the user a moment ago, if this fails.
            let _ = self.add_member(user_id, &organization.id, role, &[]);
        }
        organization
    }

    /// Adds an organization with its first member; `None` when the slug is taken, or the user is gone.
    pub(crate) fn found_organization(&self, name: &str, slug: &str, creator_id: &str) -> Option<Organization> {
        let mut organization = Organization::new(random_id("org"), slug, name, self.clock.now());
        organization.created_by = Some(creator_id.to_owned());
        let mut store = self.store();
        if store.organization(slug).is_some() || store.users.get(creator_id).is_none() {
            return None;
        }
        store.organizations.put(organization.clone());
        drop(store);
        self.webhooks.send_raw("organization.created", resource::organization(&organization));
        self.add_member(creator_id, &organization.id, "org:admin", &[]).ok()?;
        Some(organization)
    }

    /// Changes anything about an organization.
    pub(crate) fn edit_organization(
        &self,
        name: &str,
        edit: impl FnOnce(&mut Organization),
    ) -> Result<Organization, UnknownName> {
        let mut store = self.store();
        let id = known_organization(&store, name)?.id;
        let organization = store.organizations.get_mut(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        edit(organization);
        organization.updated_at = self.clock.now();
        let organization = organization.clone();
        drop(store);
        self.webhooks.send_raw("organization.updated", resource::organization(&organization));
        Ok(organization)
    }

    /// Takes an organization away, with its memberships and invitations.
    pub(crate) fn delete_organization(&self, name: &str) -> Result<Organization, UnknownName> {
        let mut store = self.store();
        let id = known_organization(&store, name)?.id;
        let organization = store.remove_organization(&id).ok_or_else(|| UnknownName(name.to_owned()))?;
        drop(store);
        let deleted =
            json!({"deleted": true, "id": organization.id, "slug": organization.slug, "object": "organization"});
        self.webhooks.send_raw("organization.deleted", deleted);
        Ok(organization)
    }

    /// Changes anything about a user's place in an organization.
    pub(crate) fn edit_membership(
        &self,
        user_id: &str,
        organization_id: &str,
        edit: impl FnOnce(&mut Membership),
    ) -> Result<Membership, UnknownName> {
        let unknown = || UnknownName(format!("{user_id} in {organization_id}"));
        let mut store = self.store();
        let id = store.membership(user_id, organization_id).ok_or_else(unknown)?.id.clone();
        let membership = store.memberships.get_mut(&id).ok_or_else(unknown)?;
        edit(membership);
        membership.updated_at = self.clock.now();
        let membership = membership.clone();
        let told = resource::membership_in(&store, &membership);
        drop(store);
        told.into_iter().for_each(|told| drop(self.webhooks.send_raw("organizationMembership.updated", told)));
        Ok(membership)
    }

    /// Adds an invitation to an organization, or changes it; `happened` is the event's last word, `created` for example.
    pub(crate) fn put_organization_invitation(&self, invitation: OrganizationInvitation, happened: &str) {
        let mut store = self.store();
        let told = resource::organization_invitation(&store, &invitation, self.clock.now());
        store.organization_invitations.put(invitation);
        drop(store);
        self.webhooks.send_raw(&format!("organizationInvitation.{happened}"), told);
    }

    /// Makes a user a member of an organization, in the place of what they were there.
    pub(crate) fn add_member(
        &self,
        user: &str,
        organization: &str,
        role: &str,
        permissions: &[&str],
    ) -> Result<Membership, UnknownName> {
        let mut store = self.store();
        let user = known_user(&store, user)?;
        let organization = known_organization(&store, organization)?;
        let permissions = permissions.iter().map(|&permission| permission.to_owned()).collect();
        let membership = store.add_membership(&user.id, &organization.id, role, permissions, self.clock.now());
        let member = Member { user, organization, permissions: store.permissions(&membership), membership };
        drop(store);
        let membership = member.membership.clone();
        self.webhooks.send(&Event::MembershipCreated(Box::new(member)));
        Ok(membership)
    }

    /// Takes a user out of an organization; their next tokens do not name it any more.
    pub(crate) fn remove_member(&self, user: &str, organization: &str) -> Result<Membership, UnknownName> {
        let mut store = self.store();
        let user = known_user(&store, user)?;
        let organization = known_organization(&store, organization)?;
        let membership = store.remove_membership(&user.id, &organization.id);
        let membership =
            membership.ok_or_else(|| UnknownName(format!("{} in {}", user.identifier(), organization.slug)))?;
        let member = Member { user, organization, permissions: store.permissions(&membership), membership };
        drop(store);
        let membership = member.membership.clone();
        self.webhooks.send(&Event::MembershipDeleted(Box::new(member)));
        Ok(membership)
    }

    /// Puts a seed in the place of the last one.
    pub(crate) fn reseed(&self, seed: Seed) {
        let before = std::mem::replace(&mut *self.seed.lock().unwrap_or_else(PoisonError::into_inner), seed.clone());
        let mut store = self.store();
        let gone = seed.weed(&before, &mut store);
        seed.plant(&mut store, self.clock.now());
        drop(store);
        for user in gone {
            self.end_sessions_of(&user.id, End::Revoked);
            self.webhooks.send(&Event::UserDeleted(user.id));
        }
    }

    /// Ends all sessions of a user.
    pub(crate) fn end_sessions_of(&self, user_id: &str, end: End) {
        self.end_all(end, |session| session.user_id == user_id);
    }

    /// Ends the live sessions that are meant.
    fn end_all(&self, end: End, is_meant: impl Fn(&Session) -> bool) {
        let now = self.clock.now();
        let mut store = self.store();
        let meant = store.sessions.iter().filter(|session| session.is_live(now) && is_meant(session));
        let ids: Vec<_> = meant.map(|session| session.id.clone()).collect();
        let ended: Vec<_> = ids.iter().filter_map(|id| store.end(id, end, now)).collect();
        drop(store);
        ended.iter().for_each(|session| self.tell_end(session, end));
    }

    fn tell_end(&self, session: &Session, end: End) {
        self.webhooks.send(&Event::SessionEnded(session.into(), end));
    }
}

fn known_user(store: &Store, name: &str) -> Result<User, UnknownName> {
    store.user(name).cloned().ok_or_else(|| UnknownName(name.to_owned()))
}

fn known_organization(store: &Store, name: &str) -> Result<Organization, UnknownName> {
    store.organization(name).cloned().ok_or_else(|| UnknownName(name.to_owned()))
}

impl From<&Session> for SessionOf {
    fn from(session: &Session) -> Self {
        Self { id: session.id.clone(), session: Some(session.clone()) }
    }
}
