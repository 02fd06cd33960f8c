//! Publishable keys: what parses names one host, and parses again to the same.
#![no_main]

use clerk_core::PublishableKey;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(key) = text.parse::<PublishableKey>() else { return };
    let host = key.frontend_api();
    assert!(!host.is_empty() && !host.contains(['/', '@', '?', '#', '\\', ' ', '\r', '\n']), "{host:?}");
    let again: PublishableKey = key.to_string().parse().expect("what it prints");
    assert_eq!((again.frontend_api(), again.cookie_suffix()), (host, key.cookie_suffix()));
});
