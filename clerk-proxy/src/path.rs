//! Checks paths, and removes the proxy's prefix from them.
//!
//! Ambiguous paths, which two servers could read differently, are refused rather than normalised.

/// Why a path is not forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PathRefused {
    /// A control character, plain or percent-encoded, or a character beyond ASCII.
    Control,
    /// A segment `.` or `..`, or a percent-encoded dot.
    Dots,
    /// Two slashes in a row.
    EmptySegment,
    /// A percent-encoded percent sign, or a percent sign without two hexadecimal digits.
    Percent,
    /// The path does not begin with the proxy's path.
    Prefix,
    /// A backslash, or a percent-encoded slash or backslash.
    Slash,
}

/// Checks a path and removes the proxy's prefix. The result begins with a slash.
///
/// `stripped` says that a router may have removed the prefix already. A path such as `/__clerkevil` is refused either way.
pub(crate) fn strip_prefix<'p>(prefix: &str, path: &'p str, stripped: bool) -> Result<&'p str, PathRefused> {
    check(path)?;
    match path.strip_prefix(prefix) {
        Some("") => Ok("/"),
        Some(rest) if rest.starts_with('/') => Ok(rest),
        None if stripped => Ok(path),
        _ => Err(PathRefused::Prefix),
    }
}

/// Refuses ambiguous paths.
pub(crate) fn check(path: &str) -> Result<(), PathRefused> {
    let Some(inside) = path.strip_prefix('/') else { return Err(PathRefused::Prefix) };
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => match (rest.next().and_then(hex), rest.next().and_then(hex)) {
                (Some(high), Some(low)) => check_encoded(high << 4 | low)?,
                _ => return Err(PathRefused::Percent),
            },
            b'\\' => return Err(PathRefused::Slash),
            b'!'..=b'~' => {}
            _ => return Err(PathRefused::Control),
        }
    }
    let mut segments = inside.split('/').peekable();
    while let Some(segment) = segments.next() {
        // Some servers remove parameters after a semicolon before they look for dots.
        match segment.split(';').next().unwrap_or_default() {
            "." | ".." => return Err(PathRefused::Dots),
            // Only the last segment may be empty, after a trailing slash.
            "" if segments.peek().is_some() || segment.contains(';') => return Err(PathRefused::EmptySegment),
            _ => {}
        }
    }
    Ok(())
}

fn check_encoded(byte: u8) -> Result<(), PathRefused> {
    match byte {
        b'.' => Err(PathRefused::Dots),
        b'/' | b'\\' => Err(PathRefused::Slash),
        // A server that decodes twice would get another path.
        b'%' => Err(PathRefused::Percent),
        0..=0x1f | 0x7f => Err(PathRefused::Control),
        _ => Ok(()),
    }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_ends_at_a_segment() {
        for (path, full, stripped) in [
            ("/__clerk", Some("/"), Some("/")),
            ("/__clerk/", Some("/"), Some("/")),
            ("/__clerk/v1/client", Some("/v1/client"), Some("/v1/client")),
            ("/__clerk/v1/client/", Some("/v1/client/"), Some("/v1/client/")),
            ("/__clerk/npm/@clerk/clerk-js@5/dist/a.b.js", Some("/npm/@clerk/clerk-js@5/dist/a.b.js"), None),
            ("/__clerk/a%20b", Some("/a%20b"), None),
            ("/__clerk/...", Some("/..."), None),
            ("/__clerkevil/v1", None, None),
            ("/__clerk.evil", None, None),
            ("/v1/client", None, Some("/v1/client")),
            ("/x/__clerk/v1", None, Some("/x/__clerk/v1")),
            ("/__CLERK/v1", None, Some("/__CLERK/v1")),
            ("/", None, Some("/")),
        ] {
            assert_eq!(strip_prefix("/__clerk", path, false).ok(), full, "{path}");
            if full.is_none() || stripped.is_some() {
                assert_eq!(strip_prefix("/__clerk", path, true).ok(), stripped, "{path}, stripped");
            }
        }
        assert_eq!(strip_prefix("", "/v1/client", false), Ok("/v1/client"), "mounted at the root");
    }

    #[test]
    fn ambiguous_paths_are_refused_with_and_without_the_prefix() {
        for (path, why) in [
            ("", PathRefused::Prefix),
            ("*", PathRefused::Prefix),
            ("v1", PathRefused::Prefix),
            ("https://evil.example/v1", PathRefused::Prefix),
            ("/..", PathRefused::Dots),
            ("/../v1", PathRefused::Dots),
            ("/v1/..", PathRefused::Dots),
            ("/v1/./client", PathRefused::Dots),
            ("/v1/..;/client", PathRefused::Dots),
            ("/v1/.;x=y", PathRefused::Dots),
            ("/%2e%2e/v1", PathRefused::Dots),
            ("/%2E./v1", PathRefused::Dots),
            ("/a%2eb", PathRefused::Dots),
            ("//evil.example/v1", PathRefused::EmptySegment),
            ("/v1//client", PathRefused::EmptySegment),
            ("/v1/client//", PathRefused::EmptySegment),
            ("/v1/;/client", PathRefused::EmptySegment),
            ("/v1%2f..", PathRefused::Slash),
            ("/v1%2F", PathRefused::Slash),
            ("/v1%5cclient", PathRefused::Slash),
            ("/v1\\client", PathRefused::Slash),
            ("/\\evil.example", PathRefused::Slash),
            ("/%252e%252e/v1", PathRefused::Percent),
            ("/%25", PathRefused::Percent),
            ("/%", PathRefused::Percent),
            ("/%2", PathRefused::Percent),
            ("/%zz", PathRefused::Percent),
            ("/%u002e", PathRefused::Percent),
            ("/v1%00", PathRefused::Control),
            ("/v1%0d%0aclerk-secret-key:x", PathRefused::Control),
            ("/v1%7f", PathRefused::Control),
            ("/v1\tx", PathRefused::Control),
            ("/v1\r\nx: y", PathRefused::Control),
            ("/v1 x", PathRefused::Control),
            ("/v1\u{7f}", PathRefused::Control),
            ("/v1/\u{ff0e}\u{ff0e}/x", PathRefused::Control),
        ] {
            assert_eq!(strip_prefix("", path, true), Err(why), "{path:?}");
            assert_eq!(strip_prefix("/__clerk", path, true), Err(why), "{path:?}, stripped");
            if path.starts_with('/') {
                assert_eq!(strip_prefix("/__clerk", &format!("/__clerk{path}"), false), Err(why), "{path:?}, in full");
            }
        }
        assert_eq!(strip_prefix("/__clerk", "/__clerk/../admin", false), Err(PathRefused::Dots));
        assert_eq!(strip_prefix("/__clerk", "/x/../__clerk/v1", true), Err(PathRefused::Dots));
    }
}
