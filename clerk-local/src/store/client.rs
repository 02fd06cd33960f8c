//! [`Client`]: a browser, and its sessions.

use std::{collections::HashMap, fmt};

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Session, SessionEnd, Store, Table, TableVisitor, table::record};
use crate::keys::random_id;

/// More browsers than any development machine has; then the oldest is dropped.
const MAX_CLIENTS: usize = 10_000;

/// How many sessions are stored after their end.
const MAX_ENDED: usize = 10_000;

/// A browser, identified by its `__client` cookie here and by its `__clerk_db_jwt` on the apps' own hosts.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Client {
    /// `client_...`, which is no secret.
    pub(crate) id: String,
    /// The `__client` cookie.
    pub(crate) cookie: String,
    pub(crate) dev_browser: String,
    pub(crate) last_active_session_id: Option<String>,
    pub(crate) created_at: Timestamp,
    /// When a user last signed in or out.
    pub(crate) updated_at: Timestamp,
}

/// All browsers.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    table: Table<Client>,
    by_cookie: HashMap<String, String>,
    by_dev_browser: HashMap<String, String>,
    ended_by_hand: Table<EndedByHand>,
}

/// The ended session of a hand-made token, which no browser ever had.
#[derive(Debug, Serialize, Deserialize)]
struct EndedByHand {
    id: String,
    end: SessionEnd,
}

impl Clients {
    /// All, the oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Client> {
        self.table.iter()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Client> {
        self.table.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Client> {
        self.table.get_mut(id)
    }

    /// The browser with this `__client` cookie, or else with this `__clerk_db_jwt`.
    pub(crate) fn find(&self, cookie: Option<&str>, dev_browser: Option<&str>) -> Option<&Client> {
        let id =
            cookie.and_then(|cookie| self.by_cookie.get(cookie)).or_else(|| self.by_dev_browser.get(dev_browser?))?;
        self.table.get(id)
    }

    /// Adds a new browser.
    pub(crate) fn add(&mut self, now: Timestamp) -> Client {
        if self.table.len() >= MAX_CLIENTS {
            self.drop_first();
        }
        let client = Client {
            id: random_id("client"),
            cookie: random_id("rotating"),
            dev_browser: random_id("dvb"),
            last_active_session_id: None,
            created_at: now,
            updated_at: now,
        };
        self.put(client.clone());
        client
    }

    fn drop_first(&mut self) {
        let first = self.table.iter().next().map(|client| client.id.clone());
        if let Some(first) = first.and_then(|first| self.table.remove(&first)) {
            self.by_cookie.remove(&first.cookie);
            self.by_dev_browser.remove(&first.dev_browser);
        }
    }

    pub(crate) fn put(&mut self, client: Client) {
        self.by_cookie.insert(client.cookie.clone(), client.id.clone());
        self.by_dev_browser.insert(client.dev_browser.clone(), client.id.clone());
        self.table.put(client);
    }

    pub(super) fn visit(&mut self, visitor: &mut impl TableVisitor) {
        let known = self.table.len();
        visitor.table(&mut self.table);
        visitor.table(&mut self.ended_by_hand);
        if self.table.len() != known {
            self.by_cookie = self.table.iter().map(|one| (one.cookie.clone(), one.id.clone())).collect();
            self.by_dev_browser = self.table.iter().map(|one| (one.dev_browser.clone(), one.id.clone())).collect();
        }
    }

    /// Gives the browser a new `__client`, so that the old cookie, which another person may know, is worthless.
    pub(crate) fn rotate(&mut self, id: &str) {
        let Some(client) = self.table.get_mut(id) else { return };
        let old = std::mem::replace(&mut client.cookie, random_id("rotating"));
        self.by_cookie.remove(&old);
        self.by_cookie.insert(client.cookie.clone(), id.to_owned());
    }
}

impl Store {
    /// Signs a user in, beside the browser's other sessions. The browser gets a new `__client`.
    pub(crate) fn sign_in(&mut self, client_id: &str, user_id: &str, now: Timestamp) -> Option<Session> {
        self.clients.rotate(client_id);
        let client = self.clients.get_mut(client_id)?;
        let mut session = Session::new(&client.id, user_id, now);
        session.resets_password = self.users.get(user_id).is_some_and(|user| user.secrets.password_compromised);
        client.updated_at = now;
        client.last_active_session_id = Some(session.id.clone());
        self.sessions.put(session.clone());
        if let Some(user) = self.users.get_mut(user_id) {
            user.last_sign_in_at = Some(now);
        }
        Some(session)
    }

    /// Ends a live session, of a browser or of a hand-made token; returns it if it is a browser's.
    pub(crate) fn end_session(&mut self, session_id: &str, end: SessionEnd, now: Timestamp) -> Option<Session> {
        let Some(session) = self.sessions.get_mut(session_id) else {
            if self.session_end(session_id).is_none() {
                let ended = EndedByHand { id: session_id.to_owned(), end };
                self.clients.ended_by_hand.put_and_make_room(ended, MAX_ENDED);
            }
            return None;
        };
        if session.end.is_some() {
            return None;
        }
        (session.end, session.updated_at) = (Some(end), now);
        let session = session.clone();
        let next = self.live_sessions_on(&session.client_id, now).last().map(|session| session.id.clone());
        if let Some(client) = self.clients.get_mut(&session.client_id) {
            client.updated_at = now;
            if client.last_active_session_id.as_deref() == Some(session_id) {
                client.last_active_session_id = next;
            }
        }
        self.forget_old_ends();
        Some(session)
    }

    fn forget_old_ends(&mut self) {
        if self.sessions.len() > 2 * MAX_ENDED {
            let ended = self.sessions.iter().filter(|one| one.end.is_some()).take(MAX_ENDED);
            let ids: Vec<_> = ended.map(|one| one.id.clone()).collect();
            ids.iter().for_each(|id| drop(self.sessions.remove(id)));
        }
    }

    /// How a session ended, if it has.
    pub(crate) fn session_end(&self, session_id: &str) -> Option<SessionEnd> {
        let by_hand = || self.clients.ended_by_hand.get(session_id).map(|one| one.end);
        self.sessions.get(session_id).map_or_else(by_hand, |session| session.end)
    }

    /// The browser's session, as apps see it.
    pub(crate) fn current_session(&self, client: &Client, now: Timestamp) -> Option<&Session> {
        self.sessions.get(client.last_active_session_id.as_deref()?).filter(|session| session.is_live(now))
    }
}

record!(Client, "client");
record!(EndedByHand, "ended_session");

impl fmt::Debug for Client {
    /// Leaves out the cookies, because they are credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(0);

    #[test]
    fn new_browsers_cannot_fill_the_memory() {
        let mut clients = Clients::default();
        let first = clients.add(NOW);
        for _ in 0..MAX_CLIENTS {
            clients.add(NOW);
        }
        assert_eq!(clients.table.len(), MAX_CLIENTS);
        assert_eq!((clients.by_cookie.len(), clients.by_dev_browser.len()), (MAX_CLIENTS, MAX_CLIENTS));
        assert!(clients.find(Some(&first.cookie), None).is_none());
    }

    #[test]
    fn a_client_is_found_by_either_cookie() {
        let mut store = Store::default();
        let client = store.clients.add(NOW);
        let session = store.sign_in(&client.id, "user_1", NOW).unwrap();
        assert!(store.clients.find(Some(&client.cookie), None).is_none(), "the old cookie is worthless");
        assert_eq!(store.clients.find(None, Some(&client.dev_browser)).unwrap().id, client.id);
        assert_eq!(store.current_session(store.clients.get(&client.id).unwrap(), NOW), Some(&session));
    }

    #[test]
    fn the_previous_session_follows_one_that_ends() {
        let mut store = Store::default();
        let client = store.clients.add(NOW).id;
        let current = |store: &Store| {
            store.current_session(store.clients.get(&client).unwrap(), NOW).map(|session| session.user_id.clone())
        };
        let first = store.sign_in(&client, "user_1", NOW).unwrap();
        let second = store.sign_in(&client, "user_2", NOW).unwrap();
        assert_eq!(current(&store).unwrap(), "user_2");
        assert!(store.end_session(&second.id, SessionEnd::Ended, NOW).is_some());
        assert!(store.end_session(&second.id, SessionEnd::Revoked, NOW).is_none(), "it ends once");
        assert_eq!(
            (current(&store).unwrap().as_str(), store.session_end(&second.id)),
            ("user_1", Some(SessionEnd::Ended))
        );
        store.end_session(&first.id, SessionEnd::Revoked, NOW);
        assert_eq!(current(&store), None);
    }
}
