//! OAuth applications, and the codes that they exchange for tokens.

use std::{collections::BTreeMap, fmt, time::Duration};

use clerk_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Table, TableVisitor, table::record};
use crate::keys::random_id;

/// How long a code can be exchanged; [RFC 6749, section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)
/// allows ten minutes at most.
const CODE_LIFETIME: Duration = Duration::from_secs(60);

/// More than any development machine has; when there are more, one is dropped.
const MAX_CLIENTS: usize = 1_000;
const MAX_CODES: usize = 1_000;

/// An OAuth application.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct OAuthClient {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) redirect_uris: Vec<String>,
    /// The secret, if the application can keep one.
    pub(crate) secret: Option<String>,
    /// Whether it must use PKCE although it has a secret.
    pub(crate) pkce_required: bool,
}

/// What a user has granted an application, until the code is exchanged.
#[derive(Debug, Clone)]
pub(crate) struct OAuthGrant {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// The `S256` challenge, which the verifier must match.
    pub(crate) code_challenge: String,
    pub(crate) scopes: Vec<String>,
    /// The audience of the token.
    pub(crate) resource: Option<String>,
    pub(crate) user_id: String,
}

/// All applications and codes.
#[derive(Default)]
pub(crate) struct OAuth {
    clients: Table<OAuthClient>,
    codes: BTreeMap<String, (Timestamp, OAuthGrant)>,
}

impl OAuth {
    pub(crate) fn register(&mut self, name: String, redirect_uris: Vec<String>) -> OAuthClient {
        let client = OAuthClient { id: random_id("client"), name, redirect_uris, secret: None, pkce_required: true };
        self.put(client.clone());
        client
    }

    /// Adds an application of the Backend API.
    pub(crate) fn put(&mut self, client: OAuthClient) {
        self.clients.put_and_make_room(client, MAX_CLIENTS);
    }

    pub(crate) fn forget(&mut self, id: &str) {
        self.clients.remove(id);
    }

    pub(crate) fn client(&self, id: &str) -> Option<&OAuthClient> {
        self.clients.get(id)
    }

    pub(super) fn visit(&mut self, visitor: &mut impl TableVisitor) {
        visitor.table(&mut self.clients);
    }

    /// Creates a code for a grant.
    pub(crate) fn grant(&mut self, grant: OAuthGrant, now: Timestamp) -> String {
        self.codes.retain(|_, (at, _)| now.since(*at) < CODE_LIFETIME);
        if self.codes.len() >= MAX_CODES {
            self.codes.pop_first();
        }
        let code = random_id("code");
        self.codes.insert(code.clone(), (now, grant));
        code
    }

    /// Removes a code and returns its grant: a code can be tried once.
    pub(crate) fn take(&mut self, code: &str, now: Timestamp) -> Option<OAuthGrant> {
        let (at, grant) = self.codes.remove(code)?;
        (now.since(at) < CODE_LIFETIME).then_some(grant)
    }
}

record!(OAuthClient, "oauth_client");

impl fmt::Debug for OAuthClient {
    /// Leaves the secret out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthClient").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth").field("clients", &self.clients.len()).field("codes", &self.codes.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_for_a_minute() {
        let now = Timestamp::from_unix_seconds(1000);
        let grant = || OAuthGrant {
            client_id: "client_1".to_owned(),
            redirect_uri: "http://localhost/".to_owned(),
            code_challenge: String::new(),
            scopes: Vec::new(),
            resource: None,
            user_id: "user_1".to_owned(),
        };
        let mut oauth = OAuth::default();
        let code = oauth.grant(grant(), now);
        assert!(oauth.take(&code, now + Duration::from_secs(59)).is_some());
        assert!(oauth.take(&code, now).is_none());
        let late = oauth.grant(grant(), now);
        assert!(oauth.take(&late, now + CODE_LIFETIME).is_none());
        for _ in 0..2 * MAX_CODES {
            oauth.grant(grant(), now);
            oauth.register(String::new(), Vec::new());
        }
        assert_eq!((oauth.codes.len(), oauth.clients.len()), (MAX_CODES, MAX_CLIENTS));
    }
}
