//! The address that a browser sees, learned from headers: its host is one that they name.
#![no_main]

use clerk_core::config::PublicOrigin;
use clerk_fuzz::{Name, Request};

libfuzzer_sys::fuzz_target!(|request: Request| {
    // What no server would have let through is no request.
    if request.headers.iter().any(|(_, value)| http::HeaderValue::from_bytes(value).is_err()) {
        return;
    }
    let Some(address) = request.view().public_url(&PublicOrigin::default()) else { return };
    let url = url::Url::parse(&address).expect("an address");
    // Its scheme may be an odd one, because `X-Forwarded-Proto` is believed as in Clerk's own SDK; hosts are then any text.
    if !matches!(url.scheme(), "http" | "https") {
        return;
    }
    let named = |name: Name| {
        request.headers.iter().filter(move |(known, _)| *known == name).map(|(_, value)| {
            let text: String = value.iter().copied().map(char::from).collect();
            text
        })
    };
    // The second opinion: the host of some part of some header, read as the URL standard reads hosts. A header that is
    // there twice is one with a comma between, which may well be a host by itself.
    let joined = |name| named(name).map(|text| text.trim_ascii().to_owned()).collect::<Vec<_>>().join(", ");
    let hosts = named(Name::XForwardedHost).chain(named(Name::Host));
    let mut parts: Vec<String> =
        hosts.flat_map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    parts.extend([joined(Name::XForwardedHost), joined(Name::Host)]);
    // A request that names no host at all is one to this machine.
    if named(Name::Host).all(|host| host.trim().is_empty()) {
        parts.push("localhost".to_owned());
    }
    let same = |part: &String| {
        url::Url::parse(&format!("{}://{}", url.scheme(), part.trim_ascii())).is_ok_and(|one| one.host() == url.host())
    };
    assert!(parts.iter().any(same), "{address} is named by none of {parts:?}");
});
