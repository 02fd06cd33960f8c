//! The `Forwarded` header ([RFC 7239](https://www.rfc-editor.org/rfc/rfc7239)).

/// What the first proxy says about the request that it received. Empty if the header is malformed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Forwarded {
    pub(crate) host: Option<String>,
    pub(crate) protocol: Option<String>,
}

impl Forwarded {
    /// Parses the header's first element: `for=192.0.2.1;host="example.com:8080";proto=https`.
    pub(crate) fn parse(header: &str) -> Self {
        Self::parse_element(header).unwrap_or_default()
    }

    fn parse_element(header: &str) -> Option<Self> {
        let (mut forwarded, mut rest) = (Self::default(), header);
        loop {
            rest = rest.trim_start_matches([' ', '\t']);
            let end = rest.find(|c: char| !is_token(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let (value, after) = parse_value(after.strip_prefix('=')?)?;
            let slot = match () {
                () if name.eq_ignore_ascii_case("host") => Some(&mut forwarded.host),
                () if name.eq_ignore_ascii_case("proto") => Some(&mut forwarded.protocol),
                () if name.is_empty() => return None,
                () => None,
            };
            if let Some(slot) = slot {
                // Section 4: each parameter occurs once.
                if slot.is_some() {
                    return None;
                }
                *slot = (!value.is_empty()).then_some(value);
            }
            let after = after.trim_start_matches([' ', '\t']);
            match after.strip_prefix(';') {
                Some(next) => rest = next,
                None if after.is_empty() || after.starts_with(',') => return Some(forwarded),
                None => return None,
            }
        }
    }
}

/// Parses a token or a quoted string, and returns it with what follows.
fn parse_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !is_token(c)).unwrap_or(text.len());
        return (end > 0).then(|| (text[..end].to_owned(), &text[end..]));
    };
    let (mut value, mut characters) = (String::new(), quoted.char_indices());
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// Whether a token may contain this character
/// ([RFC 9110, section 5.6.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2)). A colon is accepted as well,
/// because proxies forget to quote a host with a port.
fn is_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_element_counts() {
        for (header, host, protocol) in [
            ("host=a.test;proto=https", Some("a.test"), Some("https")),
            (
                "For=\"[2001:db8::1]:4711\" ; Host=\"a.test:8080\"; PROTO=http , host=b.test",
                Some("a.test:8080"),
                Some("http"),
            ),
            ("for=1.2.3.4, host=b.test", None, None),
            ("host=\"a\\.test\"", Some("a.test"), None),
            ("host=\"a.test, b;c\"", Some("a.test, b;c"), None),
            ("host=a.test:81", Some("a.test:81"), None),
            ("host=\"\"", None, None),
        ] {
            let parsed = Forwarded::parse(header);
            assert_eq!((parsed.host.as_deref(), parsed.protocol.as_deref()), (host, protocol), "{header}");
        }
    }

    #[test]
    fn a_malformed_header_says_nothing() {
        for header in [
            "",
            ";",
            ",",
            "host",
            "host=",
            "=a",
            "host=a.test;",
            "host=a.test;;proto=https",
            "host=\"a.test",
            "host=\"a\\",
            "host=a.test;host=b.test",
            "host=a.test proto=https",
            "host = a.test",
            "host=a.test;proto=https/x",
        ] {
            assert_eq!(Forwarded::parse(header), Forwarded::default(), "{header}");
        }
    }
}
