//! [`TokenBuilder`]: session tokens of every form, valid and invalid.

mod claims;

use std::{fmt, sync::Arc, time::Duration};

use aws_lc_rs::{
    hmac,
    signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk_core::time::Timestamp;
use serde_json::{Map, Value, json};

use claims::OrganizationClaims;

use crate::{
    keys::{SigningKey, random_id},
    store::{Membership, Organization, User},
};

/// The kind of token in the `cat` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Category {
    /// A machine-to-machine token.
    Machine,
    /// A session token.
    Session,
    /// A token made from a JWT template.
    Template,
}

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenAlgorithm {
    /// HMAC keyed with the public key's PEM text, the classic confusion attack.
    Hs256WithPublicKey,
    /// `alg: none`, without a signature.
    None,
    /// RSA with SHA-256, as Clerk signs.
    Rs256,
    /// RSA with SHA-384.
    Rs384,
    /// RSA with SHA-512.
    Rs512,
}

/// Builder of a session token; starts as a valid one of version 2 with the user's first organization active.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let local = clerk_local::LocalClerk::start().await?;
/// let token = local.token("bob")?.v1().impersonated_by("user_support").claim("plan", "gold".into()).mint();
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct TokenBuilder {
    key: Arc<SigningKey>,
    header: Map<String, Value>,
    claims: Map<String, Value>,
    organization: Option<(Organization, Membership)>,
    /// The user's plan and features.
    plan: Option<String>,
    features: Vec<String>,
    /// The organizations that can be active.
    memberships: Vec<(Organization, Membership)>,
    version_1: bool,
    algorithm: TokenAlgorithm,
    foreign: Option<Arc<SigningKey>>,
    /// Whether the `oiat` header is the `iat` claim: the claims were read when the token was issued.
    has_fresh_claims: bool,
    /// The last change of each claim: a new value, or its removal.
    changes: Map<String, Value>,
    removed: Vec<String>,
}

/// Lifetime of a token in seconds, as with Clerk.
const LIFETIME: i64 = 60;

impl TokenBuilder {
    pub(crate) fn new(
        key: Arc<SigningKey>,
        issuer: &str,
        user: &User,
        memberships: Vec<(Organization, Membership)>,
        now: Timestamp,
    ) -> Self {
        let header = [
            ("alg", json!("RS256")),
            ("cat", json!("cl_B7d4PD111AAA")),
            ("kid", json!(key.kid)),
            ("oiat", json!(now.unix_seconds())),
            ("typ", json!("JWT")),
        ];
        let now = now.unix_seconds();
        let claims = [
            ("azp", json!("http://localhost:3000")),
            ("exp", json!(now + LIFETIME)),
            ("fva", json!([0, -1])),
            ("iat", json!(now)),
            ("iss", json!(issuer)),
            ("jti", json!(random_id("jti"))),
            ("nbf", json!(now - 10)),
            ("sid", json!(random_id("sess"))),
            ("sts", json!(if user.pending { "pending" } else { "active" })),
            ("sub", json!(user.id)),
        ];
        let own = |pairs: Vec<(&str, Value)>| pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self {
            key,
            header: own(header.into()),
            claims: own(claims.into()),
            organization: memberships.first().cloned(),
            plan: user.plan.clone(),
            features: user.features.clone(),
            memberships,
            version_1: false,
            algorithm: TokenAlgorithm::Rs256,
            foreign: None,
            has_fresh_claims: true,
            changes: Map::new(),
            removed: Vec::new(),
        }
    }

    /// The id of the session.
    #[must_use]
    pub fn session_id(self, id: &str) -> Self {
        self.with("sid", json!(id))
    }

    /// Makes this organization of the user active, by id or slug; no organization when the user is not a member.
    #[must_use]
    pub fn organization(mut self, name: &str) -> Self {
        self.organization = self
            .memberships
            .iter()
            .find(|(organization, _)| organization.slug == name || organization.id == name)
            .cloned();
        self
    }

    /// Makes the personal account active, without an organization.
    #[must_use]
    pub fn no_organization(mut self) -> Self {
        self.organization = None;
        self
    }

    /// Writes the claims in version 1.
    #[must_use]
    pub const fn v1(mut self) -> Self {
        self.version_1 = true;
        self
    }

    /// Makes the session pending, so that it counts as signed out.
    #[must_use]
    pub fn pending(self) -> Self {
        self.with("sts", json!("pending"))
    }

    /// Makes this user impersonate the token's user.
    #[must_use]
    pub fn impersonated_by(self, user_id: &str) -> Self {
        self.with("act", json!({ "sub": user_id }))
    }

    /// When the token expires, to the second.
    #[must_use]
    pub fn expires_at(self, at: Timestamp) -> Self {
        self.with("exp", json!(at.unix_seconds()))
    }

    /// Makes the token one that expired this long ago.
    #[must_use]
    pub fn expired(self, ago: Duration) -> Self {
        // Back by a whole lifetime, so that iat and nbf stay before exp.
        let back = LIFETIME + i64::try_from(ago.as_secs()).unwrap_or(i64::MAX / 2);
        let shifted = |claim: &str| self.claims.get(claim).and_then(Value::as_i64).unwrap_or_default() - back;
        let (iat, nbf, exp) = (shifted("iat"), shifted("nbf"), shifted("exp"));
        self.with("iat", json!(iat)).with("nbf", json!(nbf)).with("exp", json!(exp))
    }

    /// How long the token lives from its `iat` claim on, in whole seconds.
    #[must_use]
    pub fn lifetime(self, lifetime: Duration) -> Self {
        let issued = self.changes.get("iat").or_else(|| self.claims.get("iat")).and_then(Value::as_i64);
        let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        self.with("exp", json!(issued.unwrap_or_default().saturating_add(seconds)))
    }

    /// When the token was issued, and its claims were read unless [`claims_as_of`](Self::claims_as_of) says otherwise.
    #[must_use]
    pub fn issued_at(self, at: Timestamp) -> Self {
        self.with("iat", json!(at.unix_seconds()))
    }

    /// When the token's claims were read from the database: the `oiat` header, to the second; default: when the token
    /// was issued. Clerk's edge renews tokens without the database, so that old claims get a new `iat`.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let local = clerk_local::LocalClerk::start().await?;
    /// let before = local.now() - std::time::Duration::from_secs(30);
    /// let renewed = local.token("alice")?.claims_as_of(before).mint(); // `iat` is now
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn claims_as_of(self, at: Timestamp) -> Self {
        self.header("oiat", json!(at.unix_seconds()))
    }

    /// When the token begins to be valid.
    #[must_use]
    pub fn not_before(self, at: Timestamp) -> Self {
        self.with("nbf", json!(at.unix_seconds()))
    }

    /// The origin that the token was issued to.
    #[must_use]
    pub fn authorized_party(self, origin: &str) -> Self {
        self.with("azp", json!(origin))
    }

    /// Removes the origin: tokens that Clerk mints on a navigation of the browser, or for a backend, may have none.
    #[must_use]
    pub fn no_authorized_party(self) -> Self {
        self.without("azp")
    }

    /// The audience: a string, or a list of strings.
    #[must_use]
    pub fn audience(self, audience: impl Into<Value>) -> Self {
        self.with("aud", audience.into())
    }

    /// The instance that issued the token.
    #[must_use]
    pub fn issuer(self, issuer: &str) -> Self {
        self.with("iss", json!(issuer))
    }

    /// Minutes since the first and the second factor were proved; -1 for never.
    #[must_use]
    pub fn factor_ages(self, first: i32, second: i32) -> Self {
        self.with("fva", json!([first, second]))
    }

    /// Sets a claim, to a valid or an invalid value.
    #[must_use]
    pub fn claim(self, name: &str, value: Value) -> Self {
        self.with(name, value)
    }

    /// Removes a claim.
    #[must_use]
    pub fn without(mut self, claim: &str) -> Self {
        self.changes.remove(claim);
        self.removed.push(claim.to_owned());
        self
    }

    /// The `cat` header.
    #[must_use]
    pub fn category(self, category: Category) -> Self {
        self.header(
            "cat",
            json!(match category {
                Category::Machine => "cl_B7d4PD333AAA",
                Category::Session => "cl_B7d4PD111AAA",
                Category::Template => "cl_B7d4PD222AAA",
            }),
        )
    }

    /// Sets a header member.
    #[must_use]
    pub fn header(mut self, name: &str, value: Value) -> Self {
        self.has_fresh_claims &= name != "oiat";
        self.header.insert(name.to_owned(), value);
        self
    }

    /// Removes a header member.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.has_fresh_claims &= name != "oiat";
        self.header.remove(name);
        self
    }

    /// The `kid` header: the name of the key.
    #[must_use]
    pub fn kid(self, kid: &str) -> Self {
        self.header("kid", json!(kid))
    }

    /// Signs with a key that is not the instance's, but with the name of the instance's.
    ///
    /// # Panics
    /// When the system's random source fails.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test can't go on without a key")]
    pub fn foreign_key(mut self) -> Self {
        self.foreign = Some(Arc::new(SigningKey::generate().expect("a random source")));
        self
    }

    /// Removes the `kid` header.
    #[must_use]
    pub fn no_kid(self) -> Self {
        self.without_header("kid")
    }

    /// Removes the `cat` header.
    #[must_use]
    pub fn no_category(self) -> Self {
        self.without_header("cat")
    }

    /// How the token is signed; sets the `alg` header too, which [`header`](Self::header) can then change.
    #[must_use]
    pub fn algorithm(mut self, algorithm: TokenAlgorithm) -> Self {
        self.algorithm = algorithm;
        let name = match algorithm {
            TokenAlgorithm::Hs256WithPublicKey => "HS256",
            TokenAlgorithm::None => "none",
            TokenAlgorithm::Rs256 => "RS256",
            TokenAlgorithm::Rs384 => "RS384",
            TokenAlgorithm::Rs512 => "RS512",
        };
        self.header("alg", json!(name))
    }

    /// The signed token.
    #[must_use]
    pub fn mint(mut self) -> String {
        let active = OrganizationClaims {
            organization: self.organization.take(),
            plan: self.plan.take(),
            features: std::mem::take(&mut self.features),
        };
        self.claims.extend(if self.version_1 { active.version_1() } else { active.version_2() });
        if self.version_1 {
            self.claims.remove("sts");
        }
        self.claims.extend(std::mem::take(&mut self.changes));
        for claim in &self.removed {
            self.claims.remove(claim);
        }
        if let Some(issued) = self.claims.get("iat").filter(|issued| self.has_fresh_claims && issued.is_number()) {
            self.header.insert("oiat".to_owned(), issued.clone());
        }
        let encode = |part: &Map<String, Value>| URL_SAFE_NO_PAD.encode(Value::Object(part.clone()).to_string());
        let message = format!("{}.{}", encode(&self.header), encode(&self.claims));
        let key = self.foreign.as_ref().unwrap_or(&self.key);
        let signature = match self.algorithm {
            TokenAlgorithm::Rs256 => key.sign(&RSA_PKCS1_SHA256, message.as_bytes()),
            TokenAlgorithm::Rs384 => key.sign(&RSA_PKCS1_SHA384, message.as_bytes()),
            TokenAlgorithm::Rs512 => key.sign(&RSA_PKCS1_SHA512, message.as_bytes()),
            TokenAlgorithm::None => Vec::new(),
            TokenAlgorithm::Hs256WithPublicKey => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, key.public_pem().as_bytes());
                hmac::sign(&secret, message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn with(mut self, name: &str, value: Value) -> Self {
        self.removed.retain(|removed| removed != name);
        self.changes.insert(name.to_owned(), value);
        self
    }
}

impl fmt::Debug for TokenBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenBuilder").field("header", &self.header).finish_non_exhaustive()
    }
}
