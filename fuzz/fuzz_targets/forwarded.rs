//! The `Forwarded` header: any text is parsed, and the host of the public URL is one that the text names.
#![no_main]

use clerk_core::{
    adapter::{HeaderSource, RequestView},
    config::PublicOrigin,
};

struct Forwarded<'b>(&'b [u8]);

impl HeaderSource for Forwarded<'_> {
    fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
        if name == "forwarded" {
            visitor(self.0);
        }
    }

    fn visit_all<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        visitor("forwarded", self.0);
    }
}

/// The second parser: whatever follows `host=`, quoted or not.
fn hosts(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    let after = lower.match_indices("host=").map(|(at, name)| &text[at + name.len()..]);
    after
        .map(|value| match value.strip_prefix('"') {
            Some(quoted) => {
                let (mut host, mut characters) = (String::new(), quoted.chars());
                while let Some(character) = characters.next().filter(|character| *character != '"') {
                    host.extend(if character == '\\' { characters.next() } else { Some(character) });
                }
                host
            }
            None => value.split([',', ';', ' ', '\t']).next().unwrap_or_default().to_owned(),
        })
        .collect()
}

libfuzzer_sys::fuzz_target!(|header: &[u8]| {
    // Skips headers that no server accepts.
    if http::HeaderValue::from_bytes(header).is_err() {
        return;
    }
    let headers = Forwarded(header);
    let view = RequestView::new("GET", "/path", &headers).with_authority(Some("in.test"));
    let url = view.public_url(&PublicOrigin::default()).expect("the authority is a host");
    let url = url::Url::parse(&url).expect("an address");
    // The scheme may be unusual, because the header is trusted. The host is any text then.
    if !matches!(url.scheme(), "http" | "https") {
        return;
    }
    assert_eq!(url.path(), "/path");
    let text: String = header.iter().copied().map(char::from).collect();
    let same = |host: &String| {
        url::Url::parse(&format!("{}://{host}", url.scheme())).is_ok_and(|one| one.host() == url.host())
    };
    assert!(url.host_str() == Some("in.test") || hosts(&text).iter().any(same), "{text:?} names no host of {url}");
});
