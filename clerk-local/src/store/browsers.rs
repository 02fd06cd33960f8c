//! Browsers, and who is signed in on them.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
};

use clerk_core::time::Timestamp;

use crate::keys::random_id;

/// More browsers than any development machine has; the one that was seen least recently makes room.
const MAX_BROWSERS: usize = 10_000;

/// How many sessions are remembered after their end.
const MAX_ENDED: usize = 10_000;

/// A browser, known by its `__client` cookie here and by its `__clerk_db_jwt` on the apps' own hosts.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) client: String,
    pub(crate) dev_browser: String,
    /// When it last signed in or out.
    pub(crate) updated_at: Timestamp,
    pub(crate) session: Option<Session>,
    /// When it came by, as a count.
    seen: u64,
}

/// A signed-in user.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) user_id: String,
    /// What a backend refreshes the session with.
    pub(crate) refresh_token: String,
    /// The organization that the browser asked for; the user's first one before it did.
    pub(crate) organization: Active,
}

/// Which organization is active.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Active {
    First,
    None,
    Id(String),
}

/// How a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The user signed out.
    Ended,
    /// Somebody else saw to it.
    Revoked,
}

impl End {
    /// The session's status from then on.
    pub(crate) const fn status(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Revoked => "revoked",
        }
    }
}

/// All browsers.
#[derive(Debug, Default)]
pub(crate) struct Browsers {
    by_client: BTreeMap<String, Browser>,
    /// Sessions that have ended, the latest last.
    ended: VecDeque<(String, End)>,
    count: u64,
}

impl Browsers {
    /// The browser with this `__client` cookie, or else with this `__clerk_db_jwt`.
    pub(crate) fn find(&self, client: Option<&str>, dev_browser: Option<&str>) -> Option<&Browser> {
        client.and_then(|client| self.by_client.get(client)).or_else(|| {
            let dev_browser = dev_browser?;
            self.by_client.values().find(|browser| browser.dev_browser == dev_browser)
        })
    }

    /// A browser that was never seen.
    pub(crate) fn add(&mut self, now: Timestamp) -> Browser {
        self.insert(Browser {
            client: random_id("client"),
            dev_browser: random_id("dvb"),
            updated_at: now,
            session: None,
            seen: 0,
        })
    }

    /// Signs a user in. The browser gets a new `__client`, so that who knew the old one cannot follow.
    pub(crate) fn sign_in(&mut self, browser: &Browser, user_id: &str, now: Timestamp) -> Browser {
        self.sign_out(&browser.client, now);
        self.by_client.remove(&browser.client);
        self.insert(Browser {
            client: random_id("client"),
            dev_browser: browser.dev_browser.clone(),
            updated_at: now,
            session: Some(Session {
                id: random_id("sess"),
                user_id: user_id.to_owned(),
                refresh_token: random_id("rt"),
                organization: Active::First,
            }),
            seen: 0,
        })
    }

    /// Ends the session of a browser, if it has one: that session.
    pub(crate) fn sign_out(&mut self, client: &str, now: Timestamp) -> Option<Session> {
        self.end_on(client, End::Ended, now)
    }

    fn end_on(&mut self, client: &str, end: End, now: Timestamp) -> Option<Session> {
        let browser = self.by_client.get_mut(client)?;
        browser.updated_at = now;
        let session = browser.session.take()?;
        self.remember_end(session.id.clone(), end);
        Some(session)
    }

    /// Ends all sessions: those.
    pub(crate) fn sign_out_all(&mut self, now: Timestamp) -> Vec<Session> {
        let clients: Vec<_> = self.by_client.keys().cloned().collect();
        clients.iter().filter_map(|client| self.sign_out(client, now)).collect()
    }

    /// Ends a session, whether a browser has it or only a token that was made by hand.
    pub(crate) fn end(&mut self, session_id: &str, end: End, now: Timestamp) -> Option<Session> {
        match self.with_session(session_id).map(|browser| browser.client.clone()) {
            Some(client) => self.end_on(&client, end, now),
            None => {
                if self.end_of(session_id).is_none() {
                    self.remember_end(session_id.to_owned(), end);
                }
                None
            }
        }
    }

    /// How a session ended, if it has.
    pub(crate) fn end_of(&self, session_id: &str) -> Option<End> {
        self.ended.iter().find(|(ended, _)| ended == session_id).map(|(_, end)| *end)
    }

    /// What a user is signed in with.
    pub(crate) fn sessions_of<'b>(&'b self, user_id: &'b str) -> impl Iterator<Item = &'b Session> {
        self.by_client.values().filter_map(|browser| browser.session.as_ref()).filter(move |one| one.user_id == user_id)
    }

    fn remember_end(&mut self, session_id: String, end: End) {
        if self.ended.len() >= MAX_ENDED {
            self.ended.pop_front();
        }
        self.ended.push_back((session_id, end));
    }

    pub(crate) fn activate(&mut self, client: &str, organization: Active) {
        if let Some(session) = self.by_client.get_mut(client).and_then(|browser| browser.session.as_mut()) {
            session.organization = organization;
        }
    }

    /// The browser that this session is on.
    pub(crate) fn with_session(&self, id: &str) -> Option<&Browser> {
        self.by_client.values().find(|browser| browser.session.as_ref().is_some_and(|session| session.id == id))
    }

    pub(crate) fn signed_in(&self) -> usize {
        self.by_client.values().filter(|browser| browser.session.is_some()).count()
    }

    fn insert(&mut self, mut browser: Browser) -> Browser {
        self.count += 1;
        browser.seen = self.count;
        if self.by_client.len() >= MAX_BROWSERS
            && let Some(oldest) = self.by_client.values().min_by_key(|browser| browser.seen)
        {
            let oldest = oldest.client.clone();
            self.by_client.remove(&oldest);
        }
        self.by_client.insert(browser.client.clone(), browser.clone());
        browser
    }
}

impl fmt::Debug for Browser {
    /// Leaves the cookies out: whoever has them is signed in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("session", &self.session).finish_non_exhaustive()
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("id", &self.id).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(0);

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let mut browsers = Browsers::default();
        let first = browsers.add(NOW);
        for _ in 0..MAX_BROWSERS {
            browsers.add(NOW);
        }
        assert_eq!(browsers.by_client.len(), MAX_BROWSERS);
        assert!(browsers.find(Some(&first.client), None).is_none());
    }

    #[test]
    fn a_browser_is_found_by_either_cookie() {
        let mut browsers = Browsers::default();
        let unknown = browsers.add(NOW);
        let browser = browsers.sign_in(&unknown, "user_1", NOW);
        assert!(browsers.find(Some(&unknown.client), None).is_none(), "the old cookie is worth nothing");
        assert_eq!(browsers.find(None, Some(&unknown.dev_browser)).unwrap().client, browser.client);
        browsers.sign_out(&browser.client, NOW);
        assert_eq!(browsers.signed_in(), 0);
    }
}
