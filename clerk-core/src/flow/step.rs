//! How far the flow came, and what it needs to go on.

use std::sync::Arc;

use super::{
    RequestState,
    context::{Context, Keys},
    path::{handshake, machine, refresh},
    request::{facts::Facts, view::OwnedRequest},
    revocation, session,
    strict::{self, NeedSessionStatus},
};
use crate::{
    backend::{
        api::{BackendError, MachineTokenRecord},
        http::FetchError,
        jwks::KeyLookup,
    },
    token::{Category, Glance, SignedToken, TokenError, TokenErrorKind, TokenType, Unverified, VerifyingKey},
};

/// How far the flow came.
pub(crate) enum Step {
    Done(RequestState),
    NeedKey(Box<NeedKey>),
    NeedHandshakePayload(Box<NeedHandshakePayload>),
    NeedRefresh(Box<NeedRefresh>),
    NeedMachineToken(Box<NeedMachineToken>),
    NeedSessionStatus(Box<NeedSessionStatus>),
}

/// A token is well-formed, and its key must be fetched.
pub(crate) struct NeedKey {
    request: OwnedRequest,
    token: Box<str>,
    kid: Box<str>,
    purpose: Purpose,
}

/// A handshake left a nonce, and the cookies that it stands for must be fetched.
pub(crate) struct NeedHandshakePayload {
    request: OwnedRequest,
    nonce: Box<str>,
}

/// The session token has expired, and the Backend API may know a newer one.
pub(crate) struct NeedRefresh {
    pub(super) request: OwnedRequest,
    pub(super) session_id: Box<str>,
    pub(super) suffixed: bool,
    pub(super) body: String,
}

/// A machine's token that says nothing about itself must be looked up.
pub(crate) struct NeedMachineToken {
    pub(super) kind: TokenType,
    pub(super) token: Box<str>,
    /// Of the cache, when there is one.
    pub(super) generation: u64,
}

/// What a token is verified for.
pub(super) enum Purpose {
    /// Nothing but itself.
    Bare,
    /// The session token in the `Authorization` header.
    Header,
    /// The session token in the cookies.
    Cookie,
    /// The cookies that a handshake asks to be set.
    Handshake,
    /// The session token that a handshake brought, with what the answer must carry.
    HandshakeSession(Vec<(&'static str, String)>),
    /// The session token that a refresh brought, with what the answer must carry.
    Refreshed(Vec<(&'static str, String)>),
    /// A machine's token in JWT form.
    Machine(TokenType),
}

/// What became of a token's key.
pub(super) enum Verdict<'s> {
    /// The token is refused already.
    Refused(TokenError),
    /// The key cannot be had now.
    Unavailable(std::time::Duration, FetchError),
    /// Verify it with this.
    Key(&'s Unverified<'s>, &'s Arc<VerifyingKey>),
}

/// Verifies a token for a purpose, now if its key is known.
pub(super) fn verify(context: &Context<'_>, facts: &Facts<'_>, token: &str, purpose: Purpose) -> Step {
    verify_unless(context, facts, token, purpose, |_| None)
}

/// Verifies a token, unless a glance at it already decides.
pub(super) fn verify_unless(
    context: &Context<'_>,
    facts: &Facts<'_>,
    token: &str,
    purpose: Purpose,
    decided: impl FnOnce(&Glance) -> Option<Step>,
) -> Step {
    let known_header = context.known_header.load();
    let signed = match SignedToken::parse_knowing(token, known_header.as_deref()) {
        Ok(signed) => signed,
        Err(error) => return purpose.judged(context, facts, Verdict::Refused(error)),
    };
    let unverified = match Unverified::read(&signed) {
        Ok(unverified) => unverified,
        Err(error) => return purpose.judged(context, facts, Verdict::Refused(error)),
    };
    if let Some(step) = decided(&unverified.glance(&context.settings.token_issuer())) {
        return step;
    }
    let of_session = !matches!(purpose, Purpose::Handshake | Purpose::Machine(_));
    if of_session && unverified.category() == Category::Machine {
        return purpose.judged(context, facts, Verdict::Refused(TokenErrorKind::Category.into()));
    }
    let store = match context.keys {
        Keys::None => return purpose.judged(context, facts, Verdict::Refused(TokenErrorKind::NoKeySource.into())),
        Keys::Fixed(key) => return purpose.judged(context, facts, Verdict::Key(&unverified, key)),
        Keys::Remote(store) => store,
    };
    // No key has an empty name, so a token without one is looked for like any that names none of ours.
    let kid = unverified.key_id().unwrap_or_default();
    match store.look_up(kid, context.now) {
        Some(answer) => answered(context, facts, &unverified, answer, purpose),
        None => Step::NeedKey(Box::new(NeedKey {
            request: facts.to_owned(),
            token: token.into(),
            kid: kid.into(),
            purpose,
        })),
    }
}

fn answered(
    context: &Context<'_>,
    facts: &Facts<'_>,
    unverified: &Unverified<'_>,
    answer: KeyLookup,
    purpose: Purpose,
) -> Step {
    let key;
    let verdict = match answer {
        KeyLookup::Key(found) => {
            key = found;
            Verdict::Key(unverified, &key)
        }
        KeyLookup::Unknown if unverified.key_id().is_none() => Verdict::Refused(TokenErrorKind::MissingKeyId.into()),
        KeyLookup::Unknown => Verdict::Refused(TokenErrorKind::UnknownKeyId.into()),
        KeyLookup::Unusable => Verdict::Refused(TokenErrorKind::UnusableKey.into()),
        KeyLookup::Unavailable(wait, cause) => Verdict::Unavailable(wait, cause),
    };
    purpose.judged(context, facts, verdict)
}

impl Purpose {
    fn judged(self, context: &Context<'_>, facts: &Facts<'_>, verdict: Verdict<'_>) -> Step {
        match self {
            Self::Bare => session::bare_judged(context, &verdict),
            Self::Header => session::header_judged(context, facts, &verdict),
            Self::Cookie => session::cookie_judged(context, facts, &verdict),
            Self::Handshake => handshake::token_judged(context, facts, &verdict),
            Self::HandshakeSession(headers) => handshake::session_judged(context, facts, headers, &verdict),
            Self::Refreshed(headers) => refresh::session_judged(context, facts, headers, &verdict),
            Self::Machine(kind) => Step::Done(machine::judged(context, kind, &verdict)),
        }
    }
}

/// What every decision gets, whichever way it was reached.
pub(super) fn finished(context: &Context<'_>, facts: &Facts<'_>, step: Step) -> Step {
    match step {
        Step::Done(state) => strict::asked(context, facts, revocation::judged(context, state)),
        waiting => waiting,
    }
}

impl NeedKey {
    /// The key that is needed.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) fn resume(self, answer: KeyLookup, context: &Context<'_>) -> Step {
        let facts = Facts::of(self.request.view());
        let step = match SignedToken::parse(&self.token) {
            Ok(signed) => match Unverified::read(&signed) {
                Ok(unverified) => answered(context, &facts, &unverified, answer, self.purpose),
                Err(error) => self.purpose.judged(context, &facts, Verdict::Refused(error)),
            },
            Err(error) => self.purpose.judged(context, &facts, Verdict::Refused(error)),
        };
        finished(context, &facts, step)
    }
}

impl NeedHandshakePayload {
    pub(super) fn of(facts: &Facts<'_>, nonce: &str) -> Self {
        Self { request: facts.to_owned(), nonce: nonce.into() }
    }

    /// What the cookies are kept under.
    pub(crate) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Goes on with the cookies to set; with none, when they could not be had.
    pub(crate) fn resume(self, directives: Vec<String>, context: &Context<'_>) -> Step {
        let facts = Facts::of(self.request.view());
        finished(context, &facts, handshake::arrived(context, &facts, directives))
    }
}

impl NeedRefresh {
    /// The session to refresh.
    pub(crate) fn session_id(&self) -> &str {
        &self.session_id
    }

    /// Whether the cookies with a suffix are wanted.
    pub(crate) const fn suffixed(&self) -> bool {
        self.suffixed
    }

    /// The JSON body of the call.
    pub(crate) fn take_body(&mut self) -> String {
        std::mem::take(&mut self.body)
    }

    /// Goes on with the cookies to set, or without.
    pub(crate) fn resume(self, answer: Result<Vec<String>, BackendError>, context: &Context<'_>) -> Step {
        let facts = Facts::of(self.request.view());
        finished(context, &facts, refresh::arrived(context, &facts, answer))
    }
}

impl NeedMachineToken {
    /// What to ask for.
    pub(crate) const fn kind(&self) -> TokenType {
        self.kind
    }

    /// The token to look up.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) fn resume(self, answer: Result<MachineTokenRecord, BackendError>, context: &Context<'_>) -> Step {
        Step::Done(machine::looked_up(context, &self, answer))
    }
}
