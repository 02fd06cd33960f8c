//! The public URL of a request: its host must be one that the headers name.
#![no_main]

use clerk_core::config::PublicOrigin;
use clerk_fuzz::{Name, Request};

libfuzzer_sys::fuzz_target!(|request: Request| {
    // Skips requests with headers that no server accepts.
    if request.headers.iter().any(|(_, value)| http::HeaderValue::from_bytes(value).is_err()) {
        return;
    }
    let Some(address) = request.view().public_url(&PublicOrigin::default()) else { return };
    let url = url::Url::parse(&address).expect("an address");
    // The scheme may be unusual, because `X-Forwarded-Proto` is trusted as in Clerk's own SDK. The host is any text
    // then.
    if !matches!(url.scheme(), "http" | "https") {
        return;
    }
    let named = |name: Name| {
        request.headers.iter().filter(move |(known, _)| *known == name).map(|(_, value)| {
            let text: String = value.iter().copied().map(char::from).collect();
            text
        })
    };
    // The second parser: the host of any part of any header, by the URL standard. A repeated header is joined by a
    // comma, and the joined text may be a host, too.
    let joined = |name| named(name).map(|text| text.trim().to_owned()).collect::<Vec<_>>().join(", ");
    let hosts = named(Name::XForwardedHost).chain(named(Name::Host));
    let mut parts: Vec<String> =
        hosts.flat_map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    parts.extend([joined(Name::XForwardedHost), joined(Name::Host)]);
    // A request without a host is a request to this machine.
    if named(Name::Host).all(|host| host.trim().is_empty()) {
        parts.push("localhost".to_owned());
    }
    let same = |part: &String| {
        url::Url::parse(&format!("{}://{}", url.scheme(), part.trim())).is_ok_and(|one| one.host() == url.host())
    };
    assert!(parts.iter().any(same), "no part names the host of {address}: {parts:?}");
});
