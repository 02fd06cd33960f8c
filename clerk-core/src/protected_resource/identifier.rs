//! [`Identifier`]: the URL of a resource, and the URL of its metadata.

use url::Url;

use crate::config::{ConfigError, ConfigErrorKind, url::is_unencrypted};

/// The metadata path of a resource that is a whole origin
/// ([RFC 9728, section 3](https://www.rfc-editor.org/rfc/rfc9728#section-3)).
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// A resource identifier ([RFC 9728, section 1.2](https://www.rfc-editor.org/rfc/rfc9728#section-1.2)), in the
/// form that its clients use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identifier {
    /// The whole URL. An origin has no trailing slash; a path is unchanged.
    text: Box<str>,
    origin: Box<str>,
    /// Empty for a whole origin.
    path: Box<str>,
}

impl Identifier {
    pub(crate) fn parse(text: &str) -> Result<Self, ConfigError> {
        let url = Url::parse(text).map_err(|error| {
            invalid("must be the absolute URL that clients call, such as https://api.example.com/mcp")
                .with_source(error)
        })?;
        if !matches!(url.scheme(), "http" | "https") || is_unencrypted(text) {
            return Err(invalid("must begin with https://: http is only allowed for loopback addresses"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("must have no credentials, query or fragment"));
        }
        let path = if url.path() == "/" { "" } else { url.path() };
        let origin = url.origin().ascii_serialization();
        let canonical = format!("{origin}{path}");
        // Clients compare it as text with their own URL.
        if text != canonical && text != url.as_str() {
            return Err(invalid(format!(
                "must be written in its canonical form, because clients compare it as text: {canonical}"
            )));
        }
        Ok(Self { text: canonical.into(), origin: origin.into(), path: path.into() })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The path of the metadata, followed by the resource's own path
    /// ([RFC 9728, section 3.1](https://www.rfc-editor.org/rfc/rfc9728#section-3.1)).
    fn metadata_path(&self) -> String {
        format!("{WELL_KNOWN}{}", self.path)
    }

    pub(crate) fn metadata_paths(&self) -> Vec<String> {
        let mut paths = vec![self.metadata_path()];
        if !self.path.is_empty() {
            paths.push(WELL_KNOWN.to_owned());
        }
        paths
    }

    pub(crate) fn metadata_url(&self) -> String {
        format!("{}{}", self.origin, self.metadata_path())
    }

    pub(crate) fn is_metadata_path(&self, path: &str) -> bool {
        path.strip_prefix(WELL_KNOWN).is_some_and(|rest| rest.is_empty() || rest == &*self.path)
    }
}

fn invalid(problem: impl Into<String>) -> ConfigError {
    ConfigError::new(ConfigErrorKind::InvalidUrl, format!("the resource's URL {}", problem.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_path_precedes_the_resource_path() {
        for (text, url, paths) in [
            (
                "https://api.example.com/mcp",
                "https://api.example.com/.well-known/oauth-protected-resource/mcp",
                &["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"][..],
            ),
            (
                "http://localhost:3000/a/mcp/",
                "http://localhost:3000/.well-known/oauth-protected-resource/a/mcp/",
                &["/.well-known/oauth-protected-resource/a/mcp/", "/.well-known/oauth-protected-resource"],
            ),
            (
                "https://api.example.com/",
                "https://api.example.com/.well-known/oauth-protected-resource",
                &["/.well-known/oauth-protected-resource"],
            ),
        ] {
            let identifier = Identifier::parse(text).unwrap();
            assert_eq!(
                (&*identifier.metadata_url(), &identifier.metadata_paths()[..]),
                (url, &paths.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>()[..])
            );
            assert!(paths.iter().all(|path| identifier.is_metadata_path(path)), "{text}");
            for other in [
                "/",
                "/mcp",
                "/.well-known/oauth-protected-resource/",
                "/.well-known/oauth-protected-resourceful",
                "/.well-known/oauth-protected-resource/mcp/x",
            ] {
                assert!(!identifier.is_metadata_path(other), "{text}: {other}");
            }
        }
    }

    #[test]
    fn an_origin_has_no_trailing_slash() {
        assert_eq!(Identifier::parse("https://api.example.com/").unwrap().as_str(), "https://api.example.com");
        assert_eq!(Identifier::parse("https://api.example.com").unwrap().as_str(), "https://api.example.com");
        assert_eq!(Identifier::parse("https://api.example.com/mcp/").unwrap().as_str(), "https://api.example.com/mcp/");
    }

    #[test]
    fn urls_in_another_form_are_refused() {
        for bad in [
            "",
            "/mcp",
            "api.example.com/mcp",
            "http://api.example.com/mcp",
            "ftp://api.example.com/mcp",
            "https://user@api.example.com/mcp",
            "https://api.example.com/mcp?x",
            "https://api.example.com/mcp#x",
            "https://API.example.com/mcp",
            "https://api.example.com:443/mcp",
            "https://api.example.com/a/../mcp",
            "https://api.example.com/a b",
            "https://api.example.com/a\"b",
            " https://api.example.com/mcp",
            "https://api.example.com\\mcp",
        ] {
            assert_eq!(Identifier::parse(bad).unwrap_err().kind(), ConfigErrorKind::InvalidUrl, "{bad}");
        }
        let text = Identifier::parse("HTTPS://api.example.com/mcp").unwrap_err().to_string();
        assert!(text.contains("https://api.example.com/mcp"), "{text}");
    }
}
