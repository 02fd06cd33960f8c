//! [`Person`]: a person with an account at an identity provider.

use crate::store::Provider;
use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

/// The longest text of a person, in bytes; an e-mail address has at most 254.
const MAX_LENGTH: usize = 254;

/// A person with an account at an identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) email: String,
    pub(super) email_verified: bool,
    pub(super) first_name: String,
    pub(super) last_name: String,
}

impl Person {
    /// The people that the page suggests; the provider has not verified the last one's address.
    pub(super) fn suggestions() -> [Self; 3] {
        let person = |email: &str, first_name: &str, last_name: &str| Self {
            email: email.to_owned(),
            email_verified: true,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
        };
        [
            person("ada@example.com", "Ada", "Lovelace"),
            person("grace@example.com", "Grace", "Hopper"),
            Self { email_verified: false, ..person("mallory@example.com", "Mallory", "Unverified") },
        ]
    }

    /// The person in the page's form; `None` when the address is invalid, or a text is too long.
    pub(super) fn from_form(email: &str, first_name: &str, last_name: &str, email_verified: bool) -> Option<Self> {
        let (email, first_name, last_name) = (email.trim(), first_name.trim(), last_name.trim());
        let is_address = email
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
        let plain = |text: &str| text.len() <= MAX_LENGTH && !text.chars().any(char::is_control);
        let whole = is_address && !email.contains(char::is_whitespace);
        (whole && [email, first_name, last_name].into_iter().all(plain)).then(|| Self {
            email: email.to_owned(),
            email_verified,
            first_name: first_name.to_owned(),
            last_name: last_name.to_owned(),
        })
    }

    /// The `sub` claim: the same whenever this address signs in with this provider, and another at each provider.
    pub(super) fn subject(&self, provider: &Provider) -> String {
        let hash = digest(&SHA256, format!("{provider} {}", self.email.to_ascii_lowercase()).as_bytes());
        hash.as_ref().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The claims about the person for a client with these scopes
    /// ([claims](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims)).
    pub(super) fn claims(&self, provider: &Provider, scope: &str) -> Value {
        let mut claims = json!({ "sub": self.subject(provider) });
        let asked_for = |name: &str| scope.split(' ').any(|scope| scope == name);
        if asked_for("email") {
            claims["email"] = json!(self.email);
            claims["email_verified"] = json!(self.email_verified);
        }
        if asked_for("profile") {
            let name = format!("{} {}", self.first_name, self.last_name);
            let login = self.email.split('@').next().unwrap_or_default().to_ascii_lowercase();
            for (claim, value) in [
                ("given_name", &*self.first_name),
                ("family_name", &*self.last_name),
                ("name", name.trim()),
                ("preferred_username", &*login),
            ] {
                if !value.is_empty() {
                    claims[claim] = json!(value);
                }
            }
        }
        claims
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_from_the_form_needs_an_address() {
        let person = Person::from_form(" Eve@example.com ", " Eve ", "", true).unwrap();
        assert_eq!((&*person.email, &*person.first_name), ("Eve@example.com", "Eve"));
        for bad in
            ["", "eve", "@", "eve@", "@example.com", "a@b@c", "a b@c", "a@b\nc", &format!("{}@b", "x".repeat(254))]
        {
            assert!(Person::from_form(bad, "", "", true).is_none(), "{bad}");
        }
        assert!(Person::from_form("a@b", &"x".repeat(255), "", true).is_none());
    }

    #[test]
    fn a_subject_differs_between_providers() {
        let provider = |name| Provider::social(name).unwrap();
        let [ada, grace, _] = Person::suggestions();
        let subject = ada.subject(&provider("google"));
        assert_eq!(Person { email: "ADA@example.com".to_owned(), ..ada.clone() }.subject(&provider("google")), subject);
        assert!(subject != ada.subject(&provider("github")) && subject != grace.subject(&provider("google")));
    }

    #[test]
    fn claims_follow_the_scopes() {
        let google = Provider::social("google").unwrap();
        let [ada, ..] = Person::suggestions();
        let sub = ada.subject(&google);
        assert_eq!(ada.claims(&google, "openid"), json!({"sub": sub}));
        assert_eq!(
            ada.claims(&google, "openid email profile"),
            json!({
                "sub": sub, "email": "ada@example.com", "email_verified": true, "given_name": "Ada",
                "family_name": "Lovelace", "name": "Ada Lovelace", "preferred_username": "ada",
            })
        );
    }
}
