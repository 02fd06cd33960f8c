//! [`Grants`]: the codes and the access tokens that providers have issued.

use std::{collections::VecDeque, fmt, time::Duration};

use clerk_core::time::Timestamp;

use super::person::Person;
use crate::{keys::random_id, store::Provider};

/// How long a code can be exchanged; [RFC 6749, section 4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2)
/// allows ten minutes at most.
pub(super) const CODE_LIFETIME: Duration = Duration::from_secs(60);

/// Lifetime of an access token.
pub(super) const TOKEN_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// More than any development machine has at once; then the oldest is dropped.
const MAX: usize = 1_000;

/// The person whose claims a client may read, and which claims.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) provider: Provider,
    pub(super) person: Person,
    pub(super) scope: String,
}

/// The grant of a code, with what the exchange must match.
#[derive(Debug, Clone)]
pub(super) struct CodeGrant {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    /// The `S256` challenge, which the verifier must match.
    pub(super) code_challenge: String,
    pub(super) nonce: String,
}

/// The valid codes and access tokens.
#[derive(Default)]
pub(super) struct Grants {
    codes: VecDeque<(String, Timestamp, CodeGrant)>,
    tokens: VecDeque<(String, Timestamp, Grant)>,
}

impl Grants {
    pub(super) fn add_code(&mut self, grant: CodeGrant, now: Timestamp) -> String {
        add(&mut self.codes, "code", grant, now)
    }

    /// Removes a code and returns its grant: a code can be tried once.
    pub(super) fn take_code(&mut self, code: &str, now: Timestamp) -> Option<CodeGrant> {
        let index = self.codes.iter().position(|(known, ..)| known == code)?;
        let (_, at, grant) = self.codes.remove(index)?;
        (now.since(at) < CODE_LIFETIME).then_some(grant)
    }

    pub(super) fn add_access_token(&mut self, grant: Grant, now: Timestamp) -> String {
        add(&mut self.tokens, "idpt", grant, now)
    }

    /// The grant of an access token.
    pub(super) fn find_token(&self, token: &str, now: Timestamp) -> Option<&Grant> {
        let (_, at, grant) = self.tokens.iter().find(|(known, ..)| known == token)?;
        (now.since(*at) < TOKEN_LIFETIME).then_some(grant)
    }
}

fn add<G>(list: &mut VecDeque<(String, Timestamp, G)>, prefix: &str, grant: G, now: Timestamp) -> String {
    if list.len() >= MAX {
        list.pop_front();
    }
    let text = random_id(prefix);
    list.push_back((text.clone(), now, grant));
    text
}

impl fmt::Debug for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { codes, tokens } = self;
        f.debug_struct("Grants").field("codes", &codes.len()).field("tokens", &tokens.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1000);

    fn grant() -> Grant {
        let [person, ..] = Person::suggestions();
        Grant { provider: Provider::social("google").unwrap(), person, scope: "openid".to_owned() }
    }

    fn code_grant() -> CodeGrant {
        let text = String::new;
        CodeGrant { grant: grant(), redirect_uri: text(), code_challenge: text(), nonce: text() }
    }

    #[test]
    fn a_code_is_good_once_and_for_a_minute() {
        let mut grants = Grants::default();
        let code = grants.add_code(code_grant(), NOW);
        assert!(grants.take_code(&code, NOW + Duration::from_secs(59)).is_some());
        assert!(grants.take_code(&code, NOW).is_none());
        let late = grants.add_code(code_grant(), NOW);
        assert!(grants.take_code(&late, NOW + CODE_LIFETIME).is_none());
        assert!(grants.take_code(&late, NOW).is_none(), "trying it late has used it up");
    }

    #[test]
    fn an_access_token_is_good_for_an_hour() {
        let mut grants = Grants::default();
        let token = grants.add_access_token(grant(), NOW);
        assert!(grants.find_token(&token, NOW + Duration::from_secs(3599)).is_some());
        assert!(grants.find_token(&token, NOW + TOKEN_LIFETIME).is_none());
        assert!(grants.find_token("", NOW).is_none());
    }

    #[test]
    fn the_oldest_is_dropped() {
        let mut grants = Grants::default();
        let first = grants.add_code(code_grant(), NOW);
        let second = grants.add_code(code_grant(), NOW);
        for _ in 2..=MAX {
            grants.add_code(code_grant(), NOW);
            grants.add_access_token(grant(), NOW);
        }
        assert!(grants.codes.len() == MAX && grants.tokens.len() < MAX);
        assert!(grants.take_code(&first, NOW).is_none() && grants.take_code(&second, NOW).is_some());
    }
}
