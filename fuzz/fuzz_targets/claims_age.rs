//! The `oiat` header parameter and the `iat` claim: claims are never younger than either of them.
#![no_main]

use std::{sync::LazyLock, time::Duration};

use clerk_core::{Authenticator, Clerk};
use clerk_fuzz::{NOW, Name, Request, builder, sign};

/// The maximum age of claims, in seconds.
const MAX_AGE: i64 = 300;

static CLERK: LazyLock<Clerk> = LazyLock::new(|| builder().any_issuer().build().expect("a handle"));
static STRICT: LazyLock<Authenticator> = LazyLock::new(|| {
    builder().any_issuer().max_claims_age(Duration::from_secs(MAX_AGE as u64)).build().expect("a handle").into()
});

libfuzzer_sys::fuzz_target!(|input: (&str, &str)| {
    let parse = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    let (Some(oiat), Some(iat)) = (parse(input.0), parse(input.1)) else { return };
    let header = serde_json::json!({"alg": "RS256", "typ": "JWT", "oiat": oiat});
    let claims = serde_json::json!({"sub": "user_1", "sid": "sess_1", "iat": iat, "exp": NOW + 60});
    let token = sign(&header.to_string(), claims.to_string().as_bytes());
    let request = Request::page(vec![(Name::Authorization, format!("Bearer {token}").into_bytes())], None);
    let state = Authenticator::from(CLERK.clone()).authenticate_now(&request.view()).expect("nothing to fetch");
    let strict = STRICT.authenticate_now(&request.view()).expect("nothing to fetch");
    let Ok(session) = state.auth().session() else {
        assert!(strict.auth().session().is_err(), "{header} {claims}");
        return;
    };
    let as_of = session.claims_as_of().map(|at| at.unix_seconds());
    for claim in [&oiat, &iat] {
        match (as_of, claim.as_f64()) {
            (Some(as_of), Some(claim)) => assert!(as_of as f64 <= claim.trunc(), "{header} {claims}"),
            (Some(_), None) => panic!("an invalid time counts as known: {header} {claims}"),
            (None, _) => {}
        }
    }
    let too_old = as_of.is_none_or(|as_of| NOW >= as_of + MAX_AGE + 5);
    assert_eq!(strict.auth().session().is_err(), too_old, "{header} {claims}");
});
