//! Public corpora of signatures, and tokens signed by an independent implementation.

use base64::Engine;
use clerk_core::{
    Clerk,
    config::JwtKey,
    token::{Algorithm, SignedToken, VerifyingKey},
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
    let (mut correct, mut count) = (0, 0);
    for group in corpus["testGroups"].as_array().unwrap() {
        let der = hex(group["publicKeyDer"].as_str().unwrap());
        let key: JwtKey = pem(&der).parse().unwrap();
        for test in group["tests"].as_array().unwrap() {
            let part = |name: &str| hex(test[name].as_str().unwrap());
            let verified = key.verifying_key().verify(Algorithm::Rs256, &part("msg"), &part("sig"));
            let agrees = match test["result"].as_str().unwrap() {
                "valid" => verified,
                "invalid" => !verified,
                // The corpus calls the rest acceptable: both results conform.
                _ => true,
            };
            assert!(agrees, "{test}");
            (correct, count) = (correct + usize::from(agrees), count + 1);
        }
    }
    println!("{correct} of {count} signatures verified correctly");
}

#[test]
fn json_web_signatures_of_wycheproof() {
    let Some(text) = shared::file("wycheproof/json_web_signature_test.json") else { return };
    let corpus: Value = serde_json::from_str(&text).unwrap();
    let (mut count, mut accepted) = (0, 0);
    for group in corpus["testGroups"].as_array().unwrap() {
        let jwk = group.get("public").or_else(|| group.get("private")).unwrap();
        let names_rs256 = jwk["kty"] == "RSA" && jwk["alg"] == "RS256";
        let key = VerifyingKey::from_jwk(&jwk.to_string());
        for test in group["tests"].as_array().unwrap() {
            let Some(token) = test["jws"].as_str() else { continue };
            let verified =
                key.as_ref().is_some_and(|key| SignedToken::parse(token).is_ok_and(|t| t.verify(key).is_ok()));
            // Valid tokens of other algorithms may be refused, but invalid ones must not be accepted.
            if names_rs256 || verified {
                assert_eq!(verified, test["result"] == "valid", "{test} {jwk}");
            }
            (count, accepted) = (count + usize::from(names_rs256), accepted + usize::from(verified));
        }
    }
    println!("{count} RS256 tokens verified correctly; {accepted} tokens of all algorithms accepted");
    assert!(count > 0);
}

#[tokio::test]
async fn tokens_of_an_independent_implementation() {
    // A key that was made for this test only.
    let private = include_str!("keys/rsa_private.pem");
    let public = include_str!("keys/rsa_public.pem");
    let clerk = Clerk::builder().jwt_key(public.parse().unwrap()).build().unwrap();
    let now = jsonwebtoken::get_current_timestamp();
    let claims = json!({"sub": "user_1", "sid": "sess_1", "exp": now + 60, "iat": now});
    for (algorithm, accepted) in [
        (jsonwebtoken::Algorithm::RS256, true),
        // A PEM key from the dashboard is for RS256, with which Clerk signs.
        (jsonwebtoken::Algorithm::RS384, false),
        (jsonwebtoken::Algorithm::RS512, false),
        (jsonwebtoken::Algorithm::PS256, false),
        (jsonwebtoken::Algorithm::PS512, false),
    ] {
        let key = jsonwebtoken::EncodingKey::from_rsa_pem(private.as_bytes()).unwrap();
        let token = jsonwebtoken::encode(&jsonwebtoken::Header::new(algorithm), &claims, &key).unwrap();
        assert_eq!(clerk.verify_session_token(&token).await.is_ok(), accepted, "{algorithm:?}");
    }
}
