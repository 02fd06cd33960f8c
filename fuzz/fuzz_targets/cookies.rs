//! Cookie headers, compared with a second, simpler parser.
#![no_main]

use std::sync::LazyLock;

use clerk_core::{Authenticator, adapter::parse_cookies};
use clerk_fuzz::{FRONTEND_API, Name, Request, builder, check_response};

static PAGES: LazyLock<Authenticator> =
    LazyLock::new(|| Authenticator::new(builder().build().expect("a handle")).pages().expect("pages"));

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let cookies = parse_cookies(text);
        for (index, (name, value)) in cookies.iter().enumerate() {
            assert!(!name.contains([';', '=']) && cookies[..index].iter().all(|(known, _)| known != name));
            let first = text.split(';').find_map(|pair| {
                let (key, value) = pair.split_once('=')?;
                (key.trim_matches([' ', '\t']) == name).then(|| value.trim_matches([' ', '\t']))
            });
            assert!(first == Some(value) || first.is_some_and(|first| first.contains('%')), "{name}");
        }
    }
    let request = Request::page(vec![(Name::Cookie, bytes.to_vec())], None);
    if let Some(state) = PAGES.authenticate_now(&request.view()) {
        assert!(!state.auth().is_authenticated(), "no valid signature");
        check_response(&state, &[FRONTEND_API, "app.example.com"]);
    }
});
