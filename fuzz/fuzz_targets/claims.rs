//! Claims behind a good signature, judged a second time by serde_json, and once more from memory.
#![no_main]

use std::sync::LazyLock;

use clerk_core::Authenticator;
use clerk_fuzz::{NOW, Name, Request, builder, sign, told};

static SEEN: LazyLock<Authenticator> = LazyLock::new(|| builder().any_issuer().build().expect("a handle").into());
static NEVER: LazyLock<Authenticator> =
    LazyLock::new(|| builder().any_issuer().token_cache(0).build().expect("a handle").into());

libfuzzer_sys::fuzz_target!(|payload: &[u8]| {
    let token = sign(r#"{"alg":"RS256","typ":"JWT"}"#, payload);
    let request = Request::page(vec![(Name::Authorization, format!("Bearer {token}").into_bytes())], None);
    let first = SEEN.authenticate_now(&request.view()).expect("nothing to fetch");
    if let Some(session) = first.auth().session_or_pending() {
        // Bytes that are no UTF-8 stand for U+FFFD, as in Clerk's own SDK.
        let text = String::from_utf8_lossy(payload);
        if let Ok(claims) = serde_json::from_str::<serde_json::Value>(text.trim_start_matches('\u{feff}')) {
            assert_eq!(claims["sub"], session.user_id().as_str());
            assert_eq!(claims["sid"], session.session_id().as_str());
            let exp = claims["exp"].as_f64().expect("a number");
            assert!(exp.trunc() + 5.0 > NOW as f64, "expired");
            for begin in ["nbf", "iat"] {
                assert!(
                    claims.get(begin).is_none_or(|at| at.as_f64().is_some_and(|at| at.trunc() - 5.0 <= NOW as f64))
                );
            }
        }
    }
    let once_more = told(&SEEN, &request);
    assert_eq!(once_more, told(&SEEN, &request));
    assert_eq!(once_more, told(&NEVER, &request), "with memory and without");
});
