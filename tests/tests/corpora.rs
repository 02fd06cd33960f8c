//! Public signature corpora, and tokens signed by an independent implementation.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk_core::{
    Clerk, JwtKey,
    jwt::{Algorithm, SignedToken},
};
use clerk_tests::shared;
use serde_json::{Value, json};

fn pem(der: &[u8]) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN PUBLIC KEY-----\n{encoded}\n-----END PUBLIC KEY-----")
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn rsa_signatures_of_wycheproof() {
    let Some(text) = shared::file("wycheproof/rsa_signature_2048_sha256_test.json") else { return };
    let corpus: Value = serde_json::from_str(&text).unwrap();
    let (mut right, mut count) = (0, 0);
    for group in corpus["testGroups"].as_array().unwrap() {
        let der = hex(group["publicKeyDer"].as_str().unwrap());
        let key: JwtKey = pem(&der).parse().unwrap();
        for test in group["tests"].as_array().unwrap() {
            let part = |name: &str| hex(test[name].as_str().unwrap());
            let verified = key.verifying_key().verify(Algorithm::Rs256, &part("msg"), &part("sig"));
            let agrees = match test["result"].as_str().unwrap() {
                "valid" => verified,
                "invalid" => !verified,
                // Signatures that some accept and others do not: we are with the strict ones or not, both is right.
                _ => true,
            };
            assert!(agrees, "{test}");
            (right, count) = (right + usize::from(agrees), count + 1);
        }
    }
    println!("{right} of {count} signatures judged right");
}

#[test]
fn json_web_signatures_of_wycheproof() {
    let Some(text) = shared::file("wycheproof/json_web_signature_test.json") else { return };
    let corpus: Value = serde_json::from_str(&text).unwrap();
    let mut count = 0;
    for group in corpus["testGroups"].as_array().unwrap() {
        let jwk = group.get("public").or_else(|| group.get("private")).unwrap();
        if jwk["kty"] != "RSA" || jwk["alg"].as_str().is_some_and(|alg| alg != "RS256") {
            continue;
        }
        let part = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        let Some(key) = spki(&part("n"), &part("e")).parse::<JwtKey>().ok() else { continue };
        for test in group["tests"].as_array().unwrap() {
            let Some(token) = test["jws"].as_str() else { continue };
            let verified = SignedToken::parse(token).and_then(|token| token.verify(key.verifying_key())).is_ok();
            // This corpus also holds tokens of RS384 and so on under a key "for any": what we accept must be valid.
            if verified || jwk["alg"] == "RS256" {
                assert_eq!(verified, test["result"] == "valid", "{test}");
            }
            count += 1;
        }
    }
    println!("{count} tokens judged right");
    assert!(count > 0);
}

/// DER of an RSA public key (RFC 8017, appendix A.1.1), armoured.
fn spki(n: &[u8], e: &[u8]) -> String {
    fn field(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let mut out = vec![tag];
        match length {
            0..128 => out.push(length as u8),
            128..256 => out.extend([0x81, length as u8]),
            _ => out.extend([0x82, (length >> 8) as u8, length as u8]),
        }
        out.extend_from_slice(content);
        out
    }
    fn integer(bytes: &[u8]) -> Vec<u8> {
        let mut positive = vec![0];
        positive.extend_from_slice(bytes);
        field(2, if bytes[0] < 0x80 { bytes } else { &positive })
    }
    pem(&field(0x30, &[integer(n), integer(e)].concat()))
}

#[tokio::test]
async fn tokens_of_an_independent_implementation() {
    // A throw-away key, made for this test.
    let private = include_str!("keys/rsa_private.pem");
    let public = include_str!("keys/rsa_public.pem");
    let clerk = Clerk::builder().jwt_key(public.parse().unwrap()).build().unwrap();
    let now = jsonwebtoken::get_current_timestamp();
    let claims = json!({"sub": "user_1", "sid": "sess_1", "exp": now + 60, "iat": now});
    for (algorithm, accepted) in [
        (jsonwebtoken::Algorithm::RS256, true),
        (jsonwebtoken::Algorithm::RS384, true),
        (jsonwebtoken::Algorithm::RS512, true),
        (jsonwebtoken::Algorithm::PS256, false),
        (jsonwebtoken::Algorithm::PS512, false),
    ] {
        let key = jsonwebtoken::EncodingKey::from_rsa_pem(private.as_bytes()).unwrap();
        let token = jsonwebtoken::encode(&jsonwebtoken::Header::new(algorithm), &claims, &key).unwrap();
        assert_eq!(clerk.verify_session_token(&token).await.is_ok(), accepted, "{algorithm:?}");
    }
}
