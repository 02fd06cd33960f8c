//! What the signature check of a new token costs with each library that clerk-core can use, and what the JOSE types of
//! jsonwebtoken cost beside ours.

use std::{hint::black_box, time::Instant};

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk_core::token::{SignedToken, VerifyingKey};
use rsa::{BoxedUint, PublicKey};
use sha2::Sha256;

use crate::{
    fixture::components,
    table::{Table, median, nanoseconds},
};

const ROUNDS: usize = 401;
const BATCH: u32 = 10; // shorter than a turn of the scheduler, on a busy machine

/// A name, and one call.
type Row<'a> = (&'static str, Box<dyn Fn() -> bool + 'a>);

pub fn run() {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = key.public_key().as_der().unwrap();
    let der = der.as_ref();
    let pkcs1 = key.public_key().as_ref();
    let (n, e) = components(der);
    let header = r#"{"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":"ins_2abcdefghijklmnopqrstuvwxyz","typ":"JWT"}"#;
    let claims = format!(r#"{{"sub":"user_1","sid":"sess_1","exp":1768478460,"text":"{}"}}"#, "x".repeat(500));
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input.as_bytes(), &mut signature).unwrap();
    let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(&signature));
    let (text, signature) = (input.as_bytes(), &signature[..]);

    let aws_lc = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).unwrap();
    let ring_components = ring::signature::RsaPublicKeyComponents { n: &n[..], e: &e[..] };
    let ring_rule = &ring::signature::RSA_PKCS1_2048_8192_SHA256;
    let number = BoxedUint::from_be_slice_vartime;
    let rust = PublicKey::new(number(&n), number(&e)).unwrap();
    print(
        "Signature check of a new token, RS256 with a key of 2048 bits",
        vec![
            ("aws-lc-rs, key parsed once", Box::new(|| aws_lc.verify_sig(text, signature).is_ok())),
            (
                "aws-lc-rs, key parsed for each token",
                Box::new(|| UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, der).verify(text, signature).is_ok()),
            ),
            ("ring, modulus and exponent", Box::new(|| ring_components.verify(ring_rule, text, signature).is_ok())),
            (
                "ring, DER parsed for each token",
                Box::new(|| ring::signature::UnparsedPublicKey::new(ring_rule, pkcs1).verify(text, signature).is_ok()),
            ),
            ("rust-crypto, key parsed once", Box::new(|| rust.pkcs1v15_verify::<Sha256>(text, signature).is_ok())),
            (
                "rust-crypto, key parsed for each token",
                Box::new(|| {
                    let key = PublicKey::new(number(&n), number(&e)).unwrap();
                    key.pkcs1v15_verify::<Sha256>(text, signature).is_ok()
                }),
            ),
        ],
    );

    let jwk = format!(
        r#"{{"use":"sig","kty":"RSA","kid":"ins_1","alg":"RS256","n":"{}","e":"AQAB"}}"#,
        URL_SAFE_NO_PAD.encode(&n)
    );
    print(
        "JOSE types",
        vec![
            (
                "clerk-core: token split, header parsed, all parts decoded",
                Box::new(|| SignedToken::parse(&token).is_ok()),
            ),
            ("jsonwebtoken: header decoded and parsed alone", Box::new(|| jsonwebtoken::decode_header(&token).is_ok())),
            ("clerk-core: JWK read and key parsed", Box::new(|| VerifyingKey::from_jwk(&jwk).is_some())),
            (
                "jsonwebtoken: JWK read, numbers decoded",
                Box::new(|| {
                    let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_str(&jwk).unwrap();
                    jsonwebtoken::DecodingKey::from_jwk(&jwk).is_ok()
                }),
            ),
        ],
    );
}

/// Interleaves the rounds, so that what else the machine does is spread over all rows.
fn print(title: &str, rows: Vec<Row<'_>>) {
    let mut samples = vec![Vec::new(); rows.len()];
    for _ in 0..ROUNDS {
        for ((_, call), samples) in rows.iter().zip(&mut samples) {
            assert!(black_box(call()));
            let start = Instant::now();
            for _ in 0..BATCH {
                black_box(call());
            }
            samples.push(start.elapsed().as_nanos() as f64 / f64::from(BATCH));
        }
    }
    let medians: Vec<f64> = samples.iter_mut().map(|samples| median(samples)).collect();
    let mut table = Table::new(["", "ns", "x first row"]);
    for ((name, _), ns) in rows.iter().zip(&medians) {
        table.row([(*name).to_owned(), nanoseconds(*ns), format!("{:.2}", ns / medians[0])]);
    }
    table.print(title);
}
