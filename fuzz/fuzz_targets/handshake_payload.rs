//! A signed handshake can set only valid headers, and a limited number of them.
#![no_main]

use std::sync::LazyLock;

use clerk_core::Authenticator;
use clerk_fuzz::{FRONTEND_API, Name, Request, builder, check_response, sign};

static PAGES: LazyLock<Authenticator> =
    LazyLock::new(|| Authenticator::new(builder().build().expect("a handle")).pages().expect("pages"));

libfuzzer_sys::fuzz_target!(|input: (bool, Vec<String>, Vec<u8>)| {
    let (raw, directives, bytes) = input;
    let payload = if raw { bytes } else { serde_json::json!({ "handshake": directives }).to_string().into_bytes() };
    let token = sign(r#"{"alg":"RS256","typ":"JWT"}"#, &payload);
    let request = Request::page(vec![(Name::Cookie, format!("__clerk_handshake={token}").into_bytes())], None);
    if let Some(state) = PAGES.authenticate_now(&request.view()) {
        check_response(&state, &[FRONTEND_API, "app.example.com"]);
    }
});
