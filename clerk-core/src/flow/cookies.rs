//! The request's cookies ([RFC 6265, section 5.4](https://www.rfc-editor.org/rfc/rfc6265#section-5.4)).

/// The value of the first cookie of this name in one header.
pub(super) fn find<'a>(header: &'a [u8], name: &str) -> Option<&'a [u8]> {
    header.split(|&b| b == b';').find_map(|pair| {
        let pair = pair.trim_ascii();
        let equals = pair.iter().position(|&b| b == b'=')?;
        let (key, value) = (pair[..equals].trim_ascii_end(), pair[equals + 1..].trim_ascii_start());
        (key == name.as_bytes()).then(|| unquoted(value))
    })
}

fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_exactly_the_name() {
        let find = |header: &'static str| {
            find(header.as_bytes(), "__session").map(|value| std::str::from_utf8(value).unwrap())
        };
        assert_eq!(find("__session=a"), Some("a"));
        assert_eq!(find("x=1;__session=a; __session=b"), Some("a"));
        assert_eq!(find(" __session = \"a\" "), Some("a"));
        assert_eq!(find("__session="), Some(""));
        assert_eq!(find("__session=a=b"), Some("a=b"));
        for header in ["", ";", "=", "__session", "__session_abc=a", "x__session=a", "__SESSION=a", "x=__session=a"] {
            assert_eq!(find(header), None, "{header:?}");
        }
    }
}
