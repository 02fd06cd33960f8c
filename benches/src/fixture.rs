//! The instance, its tokens, and the requests that send them.

use std::time::Duration;

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use clerk_local::{LocalClerk, TokenBuilder};
use serde_json::json;

use crate::endpoint::Endpoint;

/// An instance, and an endpoint that serves its keys.
pub struct Fixture {
    pub local: LocalClerk,
    pub endpoint: Endpoint,
}

/// The headers that a request has in addition to [`BROWSER`].
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    pub headers: Vec<(&'static str, Vec<u8>)>,
}

/// The headers that a browser's `fetch` sends.
pub const BROWSER: [(&str, &str); 7] = [
    ("host", "app.example.com"),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
    ),
    ("accept", "application/json"),
    ("accept-language", "en-US,en;q=0.9"),
    ("accept-encoding", "gzip, deflate, br"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-mode", "cors"),
];

impl Fixture {
    pub async fn start() -> Self {
        let local = LocalClerk::builder().start().await.unwrap();
        let der =
            STANDARD.decode(local.jwt_key_pem().lines().filter(|line| !line.starts_with('-')).collect::<String>());
        let (n, e) = components(&der.unwrap());
        let kid = header(&local.token("alice").unwrap().mint())["kid"].clone();
        let jwks = json!({"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
            "n": URL_SAFE_NO_PAD.encode(n), "e": URL_SAFE_NO_PAD.encode(e)}]})
        .to_string();
        let endpoint = Endpoint::start(jwks).await;
        Self { local, endpoint }
    }

    /// A session token of version 2 with an organization, about 1100 bytes. Each number gives another token.
    pub fn builder(&self, number: usize) -> TokenBuilder {
        let organization = json!({"id": "org_2abcdefghijklmnopqrstuvwxyz", "slg": "acme-corporation", "rol": "admin",
            "per": "read,create,delete,manage", "fpm": "3,15,7,1,2"});
        let token = self.local.token("alice").unwrap().lifetime(Duration::from_secs(3600));
        token
            .claim("n", number.into())
            .claim("o", organization)
            .claim("fea", "o:invoices,o:reports,u:beta,o:exports,o:search".into())
            .claim("pla", "o:enterprise,u:pro".into())
            .claim("azp", "https://app.example.com".into())
    }

    pub fn token(&self, number: usize) -> String {
        self.builder(number).mint()
    }

    /// The same with the claims that Keycloak's tokens always have.
    pub fn keycloak_token(&self) -> String {
        self.builder(0).audience("account").claim("typ", "Bearer".into()).claim("jti", "1".into()).mint()
    }

    /// Only the RSA verification, with the key parsed and the signature decoded before.
    pub fn raw_verification(&self, token: &str) -> impl Fn() + use<> {
        let pem = self.local.jwt_key_pem();
        let der = STANDARD.decode(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()).unwrap();
        let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &der).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let (input, signature) = (input.to_owned(), URL_SAFE_NO_PAD.decode(signature).unwrap());
        move || key.verify_sig(input.as_bytes(), &signature).unwrap()
    }
}

impl Credentials {
    pub const fn none() -> Self {
        Self { headers: Vec::new() }
    }

    pub fn bearer(token: &str) -> Self {
        Self::header("authorization", format!("Bearer {token}").as_bytes())
    }

    pub fn cookie(token: &str) -> Self {
        let cookies = format!("_ga=GA1.1.1234567; __client_uat=1; __clerk_db_jwt=dvb_1; __session={token}");
        Self::header("cookie", cookies.as_bytes())
    }

    pub fn header(name: &'static str, value: &[u8]) -> Self {
        Self { headers: vec![(name, value.to_vec())] }
    }

    pub fn and(mut self, name: &'static str, value: &[u8]) -> Self {
        self.headers.push((name, value.to_vec()));
        self
    }

    pub fn request<B: Default>(&self) -> http::Request<B> {
        let mut request = http::Request::get("/me").body(B::default()).unwrap();
        for (name, value) in self.all() {
            request.headers_mut().append(name, http::HeaderValue::from_bytes(value).unwrap());
        }
        request
    }

    pub fn all(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        let browser = BROWSER.iter().map(|(name, value)| (*name, value.as_bytes()));
        browser.chain(self.headers.iter().map(|(name, value)| (*name, &**value)))
    }
}

pub fn header(token: &str) -> serde_json::Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// Modulus and exponent of a `SubjectPublicKeyInfo`: the last two integers in it.
pub fn components(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    // 2048 bits: INTEGER of 257 bytes with a leading zero, then INTEGER of the exponent.
    let start = der.windows(4).position(|window| window == [0x02, 0x82, 0x01, 0x01]).unwrap() + 4;
    let (modulus, rest) = der[start..].split_at(257);
    (modulus[1..].to_vec(), rest[2..2 + usize::from(rest[1])].to_vec())
}
