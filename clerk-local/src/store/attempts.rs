//! [`Attempts`]: sign-ins, sign-ups and verifications in progress, which are kept in memory only.

use clerk_core::time::Timestamp;

use super::{PendingProviderSignIn, Recent, SignIn, SignUp, Verification};

/// Everything that is in progress.
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
}

/// A signed-in user verifies a factor again.
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

/// What a link verifies.
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

/// A browser is at a provider's page.
#[derive(Debug, Clone)]
pub(crate) struct ProviderRedirect {
    pub(crate) client_id: String,
    pub(crate) intent: ProviderIntent,
    pub(crate) strategy: String,
    pub(crate) pending: PendingProviderSignIn,
    /// The address that the provider got as a hint.
    pub(crate) hinted: Option<String>,
    /// Where the browser continues when something is left to do.
    pub(crate) redirect_url: String,
    /// Where it continues when nothing is left to do.
    pub(crate) complete_url: String,
}

/// Why the browser is at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProviderIntent {
    /// To link the account there to this user.
    Connect(String),
    SignIn(String),
    SignUp(String),
}

impl EmailLink {
    /// Whether this verification waits for the link, and was not started later for another address.
    pub(crate) fn matches(&self, verification: &Verification, now: Timestamp) -> bool {
        verification.strategy == "email_link"
            && verification.is_open(now)
            && verification.identification_id.as_ref() == Some(&self.identification_id)
    }
}

impl Reverification {
    /// What is left to do, as Clerk names it.
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

    /// The browser's sign-in with this id. A code is tried under one lock, so that two attempts at once count as two.
    pub(crate) fn sign_in_mut(&mut self, client_id: &str, id: &str) -> Option<&mut SignIn> {
        self.sign_ins.get_mut(client_id).filter(|one| one.id == id)
    }

    /// The same for a sign-up.
    pub(crate) fn sign_up_mut(&mut self, client_id: &str, id: &str) -> Option<&mut SignUp> {
        self.sign_ups.get_mut(client_id).filter(|one| one.id == id)
    }

    pub(crate) fn put_sign_in(&mut self, client_id: &str, sign_in: SignIn) {
        self.sign_ins.put(client_id, sign_in);
    }

    pub(crate) fn put_sign_up(&mut self, client_id: &str, sign_up: SignUp) {
        self.sign_ups.put(client_id, sign_up);
    }

    /// The open verification of a signed-in user's address or number.
    pub(crate) fn identification(&self, id: &str) -> Option<&Verification> {
        self.identifications.get(id)
    }

    /// Removes the browser's sign-in and sign-up.
    pub(crate) fn forget(&mut self, client_id: &str) {
        self.sign_ins.remove(client_id);
        self.sign_ups.remove(client_id);
    }
}
