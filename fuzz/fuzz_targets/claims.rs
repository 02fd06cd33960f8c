//! Claims with a valid signature, checked a second time with serde_json, and again with the token cache.
#![no_main]

use std::sync::LazyLock;

use clerk_core::Authenticator;
use clerk_fuzz::{NOW, Name, Request, builder, decide, sign};

static CACHED: LazyLock<Authenticator> = LazyLock::new(|| builder().any_issuer().build().expect("a handle").into());
static UNCACHED: LazyLock<Authenticator> =
    LazyLock::new(|| builder().any_issuer().token_cache(0).build().expect("a handle").into());

libfuzzer_sys::fuzz_target!(|payload: &[u8]| {
    let token = sign(r#"{"alg":"RS256","typ":"JWT"}"#, payload);
    let request = Request::page(vec![(Name::Authorization, format!("Bearer {token}").into_bytes())], None);
    let first = CACHED.authenticate_now(&request.view()).expect("nothing to fetch");
    if let Some(session) = first.auth().session_or_pending() {
        // Invalid UTF-8 becomes U+FFFD, as in Clerk's own SDK.
        let text = String::from_utf8_lossy(payload);
        if let Ok(claims) = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')) {
            assert_eq!(claims["sub"], session.user_id().as_str());
            assert_eq!(claims["sid"], session.session_id().as_str());
            let exp = claims["exp"].as_f64().expect("a number");
            assert!(exp.trunc() + 5.0 > NOW as f64, "expired");
            for start in ["nbf", "iat"] {
                assert!(
                    claims.get(start).is_none_or(|at| at.as_f64().is_some_and(|at| at.trunc() - 5.0 <= NOW as f64))
                );
            }
        }
    }
    let decision = decide(&CACHED, &request);
    assert_eq!(decision, decide(&CACHED, &request));
    assert_eq!(decision, decide(&UNCACHED, &request), "with and without the cache");
});
