//! Arbitrary tokens: nothing panics, and a token that the instance did not sign signs no user in.
#![no_main]

use std::sync::LazyLock;

use clerk_core::{
    Authenticator,
    token::{DecodedToken, SignedToken},
};
use clerk_fuzz::{Name, Request, builder, decide};

static CLERK: LazyLock<Authenticator> = LazyLock::new(|| builder().build().expect("a handle").into());

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Ok(token) = SignedToken::parse(text) {
            let _ = (token.algorithm(), token.key_id());
            assert!(DecodedToken::decode(text).is_err() || text.matches('.').count() == 2);
        }
        let _ = DecodedToken::decode(text);
    }
    let header = [b"Bearer ", bytes].concat();
    let request = Request::page(vec![(Name::Authorization, header)], None);
    let state = CLERK.authenticate_now(&request.view());
    assert!(!state.is_some_and(|state| state.auth().is_authenticated()), "no valid signature");
    assert_eq!(decide(&CLERK, &request), decide(&CLERK, &request));
});
