//! Publishable keys: a parsed key names one host, and its text parses to the same key.
#![no_main]

use clerk_core::config::PublishableKey;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(key) = text.parse::<PublishableKey>() else { return };
    let host = key.frontend_api();
    assert!(!host.is_empty() && !host.contains(['/', '@', '?', '#', '\\', ' ', '\r', '\n']), "{host:?}");
    let reparsed: PublishableKey = key.to_string().parse().expect("a printed key");
    assert_eq!((reparsed.frontend_api(), reparsed.cookie_suffix()), (host, key.cookie_suffix()));
});
