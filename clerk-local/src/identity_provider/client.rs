//! [`ProviderClient`]: the instance as the client of a provider, which trusts only what it has verified ([OpenID
//! Connect Core, section 3.1](https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth)).

use std::{fmt, sync::PoisonError, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use clerk_core::{
    internal::local_client,
    time::Timestamp,
    token::{SignedToken, VerifyingKey},
};
use serde::Deserialize;
use serde_json::Value;
use url::{Url, form_urlencoded};

use super::IdentityProvider;
use crate::{
    keys::random_id,
    pkce,
    store::{PendingProviderSignIn, Profile, Provider},
};

/// How long a user may take on the provider's pages.
const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// How long the provider may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

const SCOPE: &str = "openid email profile";

/// The instance as the client of one provider.
#[derive(Debug)]
pub(crate) struct ProviderClient<'i> {
    idp: &'i IdentityProvider,
    provider: Provider,
}

/// Why a sign-in at a provider failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignInError {
    /// The system's random source failed.
    NoRandomness,
    /// The provider was not reached, or its answer is malformed.
    Unreachable,
    /// The provider rejected the code.
    Refused,
    /// The user took longer than ten minutes.
    TooLate,
    /// The provider's answer cannot be trusted, and why.
    Untrusted(&'static str),
}

impl IdentityProvider {
    /// The instance as the client of this provider.
    pub(crate) const fn client(&self, provider: Provider) -> ProviderClient<'_> {
        ProviderClient { idp: self, provider }
    }

    fn http(&self) -> Result<reqwest::Client, SignInError> {
        let mut http = self.http.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(http) = &*http {
            return Ok(http.clone());
        }
        let client = local_client(TIMEOUT).map_err(|_| SignInError::Unreachable)?;
        Ok(http.insert(client).clone())
    }
}

impl ProviderClient<'_> {
    /// The address to redirect the browser to, and what to store until it comes back to `callback`. The provider's page
    /// suggests the address in `login_hint`.
    pub(crate) fn begin(
        &self,
        callback: &str,
        login_hint: Option<&str>,
        now: Timestamp,
    ) -> Result<(Url, PendingProviderSignIn), SignInError> {
        let random = || pkce::new_verifier().ok_or(SignInError::NoRandomness);
        let pending = PendingProviderSignIn {
            provider: self.provider.clone(),
            state: random_id("oauth"),
            nonce: random()?,
            verifier: random()?,
            redirect_uri: callback.to_owned(),
            started_at: now,
        };
        let issuer = self.idp.issuer(&self.provider);
        let mut url = Url::parse(&format!("{issuer}/authorize")).map_err(|_| SignInError::Unreachable)?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.provider.client_id())
            .append_pair("redirect_uri", callback)
            .append_pair("response_type", "code")
            .append_pair("scope", SCOPE)
            .append_pair("state", &pending.state)
            .append_pair("nonce", &pending.nonce)
            .append_pair("code_challenge", &pkce::challenge(&pending.verifier))
            .append_pair("code_challenge_method", "S256")
            .extend_pairs(login_hint.map(|hint| ("login_hint", hint)));
        Ok((url, pending))
    }

    /// Exchanges the code that the browser brought back for the user's profile.
    pub(crate) async fn finish(
        &self,
        pending: PendingProviderSignIn,
        code: &str,
        now: Timestamp,
    ) -> Result<Profile, SignInError> {
        if now.since(pending.started_at) >= SIGN_IN_TIMEOUT {
            return Err(SignInError::TooLate);
        }
        if pending.provider != self.provider {
            return Err(SignInError::Untrusted("the code is of another provider"));
        }
        let issuer = self.idp.issuer(&self.provider);
        let tokens = self.exchange(&issuer, &pending, code).await?;
        let jwks = self.get(&format!("{issuer}/jwks"), None).await?;
        let client_id = self.provider.client_id();
        let expected = Expected { issuer: &issuer, audience: &client_id, nonce: &pending.nonce };
        let subject = expected.subject_of(&tokens.id_token, &jwks, now).map_err(SignInError::Untrusted)?;
        let person = self.get(&format!("{issuer}/userinfo"), Some(&tokens.access_token)).await?;
        let person: UserInfo = serde_json::from_value(person).map_err(|_| SignInError::Unreachable)?;
        // Otherwise the access token could be another user's (section 5.3.2).
        if person.sub != subject {
            return Err(SignInError::Untrusted("the profile is another user's"));
        }
        Ok(Profile {
            subject,
            email: person.email,
            email_verified: person.email_verified,
            first_name: person.given_name,
            last_name: person.family_name,
            username: person.preferred_username,
            access_token: tokens.access_token,
            scopes: tokens.scope.split_whitespace().map(str::to_owned).collect(),
            access_token_expires_at: now + Duration::from_secs(tokens.expires_in),
        })
    }

    async fn exchange(&self, issuer: &str, pending: &PendingProviderSignIn, code: &str) -> Result<Tokens, SignInError> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &pending.redirect_uri)
            .append_pair("code_verifier", &pending.verifier)
            .finish();
        let credentials = STANDARD.encode(format!("{}:{}", self.provider.client_id(), self.idp.client_secret));
        let request = self.idp.http()?.post(format!("{issuer}/token")).body(body);
        let request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", format!("Basic {credentials}"));
        let answer = request.send().await.map_err(|_| SignInError::Unreachable)?;
        let status = answer.status();
        if status.is_client_error() {
            return Err(SignInError::Refused);
        }
        json_of(answer).await
    }

    async fn get(&self, url: &str, access_token: Option<&str>) -> Result<Value, SignInError> {
        let request = self.idp.http()?.get(url);
        let request = access_token.into_iter().fold(request, |request, token| request.bearer_auth(token));
        json_of(request.send().await.map_err(|_| SignInError::Unreachable)?).await
    }
}

async fn json_of<T: serde::de::DeserializeOwned>(answer: reqwest::Response) -> Result<T, SignInError> {
    let answer = answer.error_for_status().map_err(|_| SignInError::Unreachable)?;
    let body = answer.bytes().await.map_err(|_| SignInError::Unreachable)?;
    serde_json::from_slice(&body).map_err(|_| SignInError::Unreachable)
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    expires_in: u64,
    #[serde(default)]
    scope: String,
    id_token: String,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    email_verified: bool,
    given_name: Option<String>,
    family_name: Option<String>,
    preferred_username: Option<String>,
}

/// What an ID token must contain besides the subject.
struct Expected<'e> {
    issuer: &'e str,
    audience: &'e str,
    nonce: &'e str,
}

impl Expected<'_> {
    /// The subject of a valid token ([section
    /// 3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)), or what is wrong with the
    /// token.
    fn subject_of(&self, token: &str, jwks: &Value, now: Timestamp) -> Result<String, &'static str> {
        let signed = SignedToken::parse(token).map_err(|_| "the ID token is malformed")?;
        let keys = jwks["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
        let named = keys.iter().find(|key| signed.key_id().is_some() && key["kid"].as_str() == signed.key_id());
        let key = named.and_then(|key| VerifyingKey::from_jwk(&key.to_string()));
        let key = key.ok_or("the ID token is signed with a key that the provider does not have")?;
        let payload = signed.verify(&key).map_err(|_| "the ID token's signature is wrong")?;
        let claims: Value = serde_json::from_slice(payload).map_err(|_| "the ID token has no claims")?;
        if claims["iss"] != self.issuer {
            return Err("the ID token is another provider's");
        }
        // Only one audience: no other client is trusted.
        let audience = match &claims["aud"] {
            Value::Array(audiences) if audiences.len() == 1 => &audiences[0],
            other => other,
        };
        if audience != self.audience {
            return Err("the ID token is for another client");
        }
        if claims["nonce"] != self.nonce {
            return Err("the ID token is of another sign-in");
        }
        if claims["exp"].as_i64().is_none_or(|exp| now >= Timestamp::from_unix_seconds(exp)) {
            return Err("the ID token has expired");
        }
        let subject = claims["sub"].as_str().filter(|subject| !subject.is_empty());
        subject.map(str::to_owned).ok_or("the ID token has no subject")
    }
}

impl fmt::Display for SignInError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRandomness => "the system's random source failed",
            Self::Unreachable => "the identity provider was not reached, or its answer is malformed",
            Self::Refused => "the identity provider rejected the code",
            Self::TooLate => "the user took more than ten minutes at the identity provider",
            Self::Untrusted(why) => why,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::keys::SigningKey;

    const NOW: Timestamp = Timestamp::from_unix_seconds(1000);

    fn claims() -> Value {
        json!({"iss": "http://localhost/idp/google", "aud": "client", "nonce": "n", "exp": 1001, "sub": "1"})
    }

    #[test]
    fn every_part_of_an_id_token_is_checked() {
        let (key, other) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let jwks = json!({ "keys": [other.jwk(), key.jwk()] });
        let expected = Expected { issuer: "http://localhost/idp/google", audience: "client", nonce: "n" };
        let sign = |claims: &Value| key.sign_jwt(&json!({}), claims);
        let check = |claims: &Value| expected.subject_of(&sign(claims), &jwks, NOW);
        assert_eq!(check(&claims()).unwrap(), "1");
        for (claim, good) in [("aud", json!(["client"])), ("exp", json!(2000))] {
            let mut changed = claims();
            changed[claim] = good;
            assert_eq!(check(&changed).unwrap(), "1", "{changed}");
        }
        for (claim, bad) in [
            ("iss", json!("http://localhost/idp/github")),
            ("iss", json!(null)),
            ("aud", json!("other")),
            ("aud", json!(["client", "other"])),
            ("aud", json!([])),
            ("aud", json!(null)),
            ("nonce", json!("")),
            ("nonce", json!(null)),
            ("exp", json!(1000)),
            ("exp", json!("2000")),
            ("exp", json!(null)),
            ("sub", json!("")),
            ("sub", json!(1)),
        ] {
            let mut changed = claims();
            changed[claim] = bad;
            assert!(check(&changed).is_err(), "{changed}");
        }
        // Signed by a key with another name, by no key, and not at all.
        let token = sign(&claims());
        assert!(expected.subject_of(&token, &json!({ "keys": [other.jwk()] }), NOW).is_err());
        let mut renamed = other.jwk();
        renamed["kid"] = key.jwk()["kid"].clone();
        assert!(expected.subject_of(&token, &json!({ "keys": [renamed] }), NOW).unwrap_err().contains("signature"));
        assert!(expected.subject_of(&token, &json!({}), NOW).is_err());
        let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
        assert!(expected.subject_of(&unsigned, &jwks, NOW).is_err());
        assert!(expected.subject_of("", &jwks, NOW).is_err());
    }
}
