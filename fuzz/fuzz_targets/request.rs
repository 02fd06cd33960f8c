//! Whole requests to an API, pages and a satellite: no user is signed in, no redirect goes elsewhere, and the same
//! request gets the same decision twice.
#![no_main]

use std::sync::LazyLock;

use clerk_core::Authenticator;
use clerk_fuzz::{FRONTEND_API, Request, builder, check_response, decide};

static ALL: LazyLock<[Authenticator; 3]> = LazyLock::new(|| {
    let satellite = builder().satellite(true).domain("satellite.example.net").expect("a domain");
    let satellite = satellite.sign_in_url("https://app.example.com/sign-in").expect("a page").build();
    [
        builder().build().expect("a handle").into(),
        Authenticator::new(builder().build().expect("a handle")).pages().expect("pages"),
        Authenticator::new(satellite.expect("a handle")).pages().expect("pages"),
    ]
});

libfuzzer_sys::fuzz_target!(|request: Request| {
    let own_host = request.view().public_url(&clerk_core::config::PublicOrigin::default());
    let own_host = own_host.and_then(|address| Some(url::Url::parse(&address).ok()?.host_str()?.to_owned()));
    let hosts =
        [FRONTEND_API, "clerk.satellite.example.net", "app.example.com", own_host.as_deref().unwrap_or_default()];
    for authenticator in &*ALL {
        let Some(state) = authenticator.authenticate_now(&request.view()) else { continue };
        assert!(!state.auth().is_authenticated(), "no valid signature");
        check_response(&state, &hosts);
        assert_eq!(decide(authenticator, &request), decide(authenticator, &request));
    }
});
