//! What the flow may have to fetch, and the answers so far.
//!
//! The flow runs again from the start with each answer. Each answer is stored under its question, because between two
//! runs the time and the caches change, and the flow may choose another cookie. The flow reads an answer before any
//! store or cache, so it asks each question once.

use std::time::Duration;

use super::{
    NotVerified,
    notice::{Given, Notice},
};
use crate::{
    backend::{
        api::{BackendError, MachineTokenRecord, SessionLiveness},
        jwks::KeyLookup,
        session_status::Unknown,
    },
    token::TokenType,
};

/// What must be fetched before the flow can go on.
pub(crate) enum Need {
    /// The key of this `kid`.
    Key(Box<str>),
    /// The cookies of the handshake with this nonce.
    HandshakePayload(Box<str>),
    /// A newer token of an expired session.
    Refresh(RefreshCall),
    /// Whether a session is still active, as of at most `max_age` ago.
    SessionStatus { session_id: Box<str>, max_age: Duration },
    /// The data of an opaque token.
    MachineToken(MachineTokenCall),
}

/// A call that refreshes a session.
pub(crate) struct RefreshCall {
    pub(crate) session_id: Box<str>,
    /// Whether to request the cookies with the instance's suffix.
    pub(crate) suffixed: bool,
    /// The JSON body.
    pub(crate) body: String,
}

/// A call that looks up a machine's token.
pub(crate) struct MachineTokenCall {
    pub(crate) kind: TokenType,
    pub(crate) token: Box<str>,
    /// The generation of the machine-token cache when the flow asked; 0 without a cache.
    pub(crate) generation: u64,
}

/// The answer to a [`MachineTokenCall`].
pub(crate) struct MachineTokenReply {
    pub(crate) generation: u64,
    pub(crate) answer: Result<MachineTokenRecord, BackendError>,
}

/// The cookies that a handshake sets.
pub(crate) type HandshakeAnswer = Result<Vec<String>, BackendError>;

/// The cookies of a refreshed session.
pub(crate) type RefreshAnswer = Result<Vec<String>, BackendError>;

/// The answers so far. Empty, as it is for most requests, it is one word that allocates nothing.
#[derive(Default)]
pub(crate) struct Answers {
    fetched: Option<Box<Fetched>>,
    notices: Given,
}

#[derive(Default)]
struct Fetched {
    keys: Vec<(Box<str>, KeyLookup)>,
    handshake_payload: Option<HandshakeAnswer>,
    refreshes: Vec<(Box<str>, RefreshAnswer)>,
    session_statuses: Vec<(Box<str>, Result<SessionLiveness, Unknown>)>,
    machine_token: Option<MachineTokenReply>,
}

/// A decision, or what must be fetched first.
pub(crate) type Decided<T> = Result<T, Box<Need>>;

/// The result of a verification, or what must be fetched first.
pub(crate) type Verified<T> = Decided<Result<T, NotVerified>>;

impl Answers {
    pub(crate) fn key(&self, kid: &str) -> Option<&KeyLookup> {
        find(&self.fetched.as_ref()?.keys, kid)
    }

    pub(crate) fn handshake_payload(&self) -> Option<&HandshakeAnswer> {
        self.fetched.as_ref()?.handshake_payload.as_ref()
    }

    pub(crate) fn refresh(&self, session_id: &str) -> Option<&RefreshAnswer> {
        find(&self.fetched.as_ref()?.refreshes, session_id)
    }

    pub(crate) fn session_status(&self, session_id: &str) -> Option<Result<SessionLiveness, Unknown>> {
        find(&self.fetched.as_ref()?.session_statuses, session_id).copied()
    }

    pub(crate) fn machine_token(&self) -> Option<&MachineTokenReply> {
        self.fetched.as_ref()?.machine_token.as_ref()
    }

    pub(crate) fn add_key(&mut self, kid: Box<str>, answer: KeyLookup) {
        add(&mut self.fetched().keys, kid, answer);
    }

    pub(crate) fn add_handshake_payload(&mut self, answer: HandshakeAnswer) {
        let known = self.fetched().handshake_payload.replace(answer);
        debug_assert!(known.is_none(), "asked twice");
    }

    pub(crate) fn add_refresh(&mut self, session_id: Box<str>, answer: RefreshAnswer) {
        add(&mut self.fetched().refreshes, session_id, answer);
    }

    pub(crate) fn add_session_status(&mut self, session_id: Box<str>, answer: Result<SessionLiveness, Unknown>) {
        add(&mut self.fetched().session_statuses, session_id, answer);
    }

    pub(crate) fn add_machine_token(&mut self, reply: MachineTokenReply) {
        let known = self.fetched().machine_token.replace(reply);
        debug_assert!(known.is_none(), "asked twice");
    }

    fn fetched(&mut self) -> &mut Fetched {
        self.fetched.get_or_insert_default()
    }

    /// Whether the notice is new for this request; marks it as given.
    pub(crate) fn is_first_notice(&self, notice: Notice) -> bool {
        self.notices.is_first(notice)
    }
}

fn find<'a, T>(answers: &'a [(Box<str>, T)], question: &str) -> Option<&'a T> {
    answers.iter().find(|(asked, _)| **asked == *question).map(|(_, answer)| answer)
}

fn add<T>(answers: &mut Vec<(Box<str>, T)>, question: Box<str>, answer: T) {
    debug_assert!(find(answers, &question).is_none(), "asked twice");
    answers.push((question, answer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_found_by_its_question() {
        let mut answers = Answers::default();
        answers.add_session_status("sess_1".into(), Ok(SessionLiveness::Active));
        assert_eq!(answers.session_status("sess_1"), Some(Ok(SessionLiveness::Active)));
        assert_eq!(answers.session_status("sess_2"), None);
        answers.add_key("".into(), KeyLookup::Unknown);
        assert!(answers.key("").is_some() && answers.key("a").is_none());
    }
}
