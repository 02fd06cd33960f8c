//! [`Attempts`]: who is about to sign in, to sign up or to prove something. It is not kept beyond the instance's end.

use clerk_core::time::Timestamp;

use super::{PendingProviderSignIn, Recent, SignIn, SignUp, Verification};

/// What goes on.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    /// By the browser's id.
    sign_ins: Recent<SignIn>,
    /// By the browser's id.
    sign_ups: Recent<SignUp>,
    /// By the id of the address or number, of users who are signed in.
    pub(crate) identifications: Recent<Verification>,
    /// By the session's id.
    pub(crate) reverifications: Recent<Reverification>,
    /// By the secret in the link.
    pub(crate) links: Recent<EmailLink>,
    /// By the state that the browser brings back.
    pub(crate) provider_redirects: Recent<ProviderRedirect>,
    /// Wrong passwords and codes since the last right one, by the user's id.
    pub(crate) failed_attempts: Recent<u32>,
}

/// A signed-in user is about to prove again who they are.
#[derive(Debug, Clone)]
pub(crate) struct Reverification {
    /// `first_factor`, `second_factor` or `multi_factor`.
    pub(crate) level: String,
    pub(crate) first: Option<Verification>,
    pub(crate) second: Option<Verification>,
}

/// What a link in an e-mail is for, and where it leads.
#[derive(Debug, Clone)]
pub(crate) struct EmailLink {
    /// The browser that asked for it.
    pub(crate) client_id: String,
    /// The address's id.
    pub(crate) identification_id: String,
    pub(crate) target: LinkTarget,
    pub(crate) redirect_url: String,
    pub(crate) expire_at: Timestamp,
}

/// Of what the proof is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkTarget {
    /// The address of a signed-in user, by its id.
    Identification {
        user_id: String,
        id: String,
    },
    SignIn(String),
    SignUp(String),
}

/// A browser has gone to a provider.
#[derive(Debug, Clone)]
pub(crate) struct ProviderRedirect {
    pub(crate) client_id: String,
    pub(crate) intent: ProviderIntent,
    pub(crate) strategy: String,
    pub(crate) pending: PendingProviderSignIn,
    /// Whose address the provider was told.
    pub(crate) hinted: Option<String>,
    /// Where the app goes on when something is left to do.
    pub(crate) redirect_url: String,
    /// Where it goes on when nothing is.
    pub(crate) complete_url: String,
}

/// What somebody went to the provider for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProviderIntent {
    /// To connect the account there with the user's.
    Connect(String),
    SignIn(String),
    SignUp(String),
}

impl EmailLink {
    /// Whether this is what waits for the link to be opened, and not what was begun since for another address.
    pub(crate) fn matches(&self, verification: &Verification, now: Timestamp) -> bool {
        verification.strategy == "email_link"
            && verification.is_open(now)
            && verification.identification_id.as_ref() == Some(&self.identification_id)
    }
}

impl Reverification {
    /// What is left to do, in Clerk's words.
    pub(crate) fn status(&self) -> &'static str {
        let is_done = |one: &Option<Verification>| one.as_ref().is_some_and(Verification::is_verified);
        if self.level != "second_factor" && !is_done(&self.first) {
            "needs_first_factor"
        } else if self.level != "first_factor" && !is_done(&self.second) {
            "needs_second_factor"
        } else {
            "complete"
        }
    }
}

impl Attempts {
    /// The browser's sign-in, if it has one that is not too old.
    pub(crate) fn sign_in(&self, client_id: &str, now: Timestamp) -> Option<&SignIn> {
        self.sign_ins.get(client_id).filter(|one| now < one.abandon_at)
    }

    /// The browser's sign-up, if it has one that is not too old.
    pub(crate) fn sign_up(&self, client_id: &str, now: Timestamp) -> Option<&SignUp> {
        self.sign_ups.get(client_id).filter(|one| now < one.abandon_at)
    }

    /// The browser's sign-in with this id, to be tried in one go: who tries twice at once must not count as once.
    pub(crate) fn sign_in_mut(&mut self, client_id: &str, id: &str) -> Option<&mut SignIn> {
        self.sign_ins.get_mut(client_id).filter(|one| one.id == id)
    }

    /// The same of a sign-up.
    pub(crate) fn sign_up_mut(&mut self, client_id: &str, id: &str) -> Option<&mut SignUp> {
        self.sign_ups.get_mut(client_id).filter(|one| one.id == id)
    }

    pub(crate) fn put_sign_in(&mut self, client_id: &str, sign_in: SignIn) {
        self.sign_ins.put(client_id, sign_in);
    }

    pub(crate) fn put_sign_up(&mut self, client_id: &str, sign_up: SignUp) {
        self.sign_ups.put(client_id, sign_up);
    }

    /// What is going on to prove an address or a number of a signed-in user.
    pub(crate) fn identification(&self, id: &str) -> Option<&Verification> {
        self.identifications.get(id)
    }

    /// Forgets what goes on on a browser.
    pub(crate) fn forget(&mut self, client_id: &str) {
        self.sign_ins.remove(client_id);
        self.sign_ups.remove(client_id);
    }
}
