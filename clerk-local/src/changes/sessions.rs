//! Starting and ending sessions.

use std::time::Duration;

use crate::{
    shared::Shared,
    store::{ActiveOrganization, Client, Session, SessionEnd},
    webhooks::{Event, SessionPayload},
};

/// How the user of a new session signed in.
#[derive(Debug, Default)]
pub(crate) struct SessionOptions {
    pub(crate) second_factor: bool,
    /// The user who impersonates.
    pub(crate) actor: Option<String>,
    /// The active organization; default: the user's first one.
    pub(crate) organization_id: Option<String>,
    /// The longest duration of the session, in seconds.
    pub(crate) session_seconds: Option<u32>,
}

impl Shared {
    /// Signs a user in, and ends the browser's other sessions.
    pub(crate) fn sign_in(&self, client: &Client, user_id: &str) -> Client {
        let now = self.clock.now();
        let mut store = self.store();
        let before: Vec<_> = store.live_sessions_on(&client.id, now).map(|session| session.id.clone()).collect();
        let ended: Vec<_> = before.iter().filter_map(|id| store.end_session(id, SessionEnd::Ended, now)).collect();
        let session = store.sign_in(&client.id, user_id, now);
        let client = store.clients.get(&client.id).unwrap_or(client).clone();
        drop(store);
        ended.iter().for_each(|session| self.send_session_ended(session, SessionEnd::Ended));
        if let Some(session) = &session {
            self.webhooks.send(&Event::SessionCreated(session.into()));
        }
        client
    }

    /// Signs a user in, beside the browser's other sessions; `None` when the user was deleted, banned or locked.
    pub(crate) fn open_session(&self, client_id: &str, user_id: &str, options: &SessionOptions) -> Option<Session> {
        let now = self.clock.now();
        let mut store = self.store();
        store.user(user_id).filter(|user| user.can_sign_in(now))?;
        let id = store.sign_in(client_id, user_id, now)?.id;
        let session = store.sessions.get_mut(&id)?;
        session.second_factor_at = options.second_factor.then_some(now);
        session.actor.clone_from(&options.actor);
        if let Some(id) = &options.organization_id {
            session.organization = ActiveOrganization::Id(id.clone());
        }
        if let Some(seconds) = options.session_seconds {
            session.expire_at = now + Duration::from_secs(seconds.into());
        }
        let session = session.clone();
        drop(store);
        self.webhooks.send(&Event::SessionCreated((&session).into()));
        Some(session)
    }

    /// Ends the sessions of one browser, and makes the browser forget them.
    pub(crate) fn remove_sessions(&self, client_id: &str) {
        self.end_all(SessionEnd::Removed, |session| session.client_id == client_id);
    }

    /// Ends a user's other sessions, after a change of the password for example.
    pub(crate) fn end_other_sessions(&self, user_id: &str, but: &str) {
        self.end_all(SessionEnd::Revoked, |session| session.user_id == user_id && session.id != but);
    }

    /// Ends the sessions of one browser.
    pub(crate) fn sign_out(&self, client_id: &str) {
        self.end_all(SessionEnd::Ended, |session| session.client_id == client_id);
    }

    pub(crate) fn sign_out_all(&self) {
        self.end_all(SessionEnd::Ended, |_| true);
    }

    /// Ends a session, of a browser or of a hand-made token; does nothing when it has ended.
    pub(crate) fn end_session(&self, id: &str, end: SessionEnd) {
        let mut store = self.store();
        if store.session_end(id).is_some() {
            return;
        }
        let session = store.end_session(id, end, self.clock.now());
        drop(store);
        self.webhooks.send(&Event::SessionEnded(SessionPayload { id: id.to_owned(), session }, end));
    }

    /// Ends all sessions of a user.
    pub(crate) fn end_sessions_of(&self, user_id: &str, end: SessionEnd) {
        self.end_all(end, |session| session.user_id == user_id);
    }

    /// Ends the live sessions that are selected.
    pub(super) fn end_all(&self, end: SessionEnd, is_selected: impl Fn(&Session) -> bool) {
        let now = self.clock.now();
        let mut store = self.store();
        let selected = store.sessions.iter().filter(|session| session.is_live(now) && is_selected(session));
        let ids: Vec<_> = selected.map(|session| session.id.clone()).collect();
        let ended: Vec<_> = ids.iter().filter_map(|id| store.end_session(id, end, now)).collect();
        drop(store);
        ended.iter().for_each(|session| self.send_session_ended(session, end));
    }

    fn send_session_ended(&self, session: &Session, end: SessionEnd) {
        self.webhooks.send(&Event::SessionEnded(session.into(), end));
    }
}

impl From<&Session> for SessionPayload {
    fn from(session: &Session) -> Self {
        Self { id: session.id.clone(), session: Some(session.clone()) }
    }
}
