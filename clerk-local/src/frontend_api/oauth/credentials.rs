//! Client credentials: HTTP Basic or the form ([RFC 6749, section
//! 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{HeaderMap, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;

use crate::store::OAuthClient;

/// An id, and a secret if the application has one.
#[derive(Default)]
pub(super) struct Credentials {
    pub(super) client_id: String,
    secret: Option<String>,
}

impl Credentials {
    /// The credentials in the header, or else those in the form.
    pub(super) fn from_request(headers: &HeaderMap, client_id: &str, client_secret: &str) -> Self {
        basic(headers).unwrap_or_else(|| Self {
            client_id: client_id.to_owned(),
            secret: Some(client_secret.to_owned()).filter(|secret| !secret.is_empty()),
        })
    }

    /// Whether they match this application: its secret, or none if it has none.
    pub(super) fn match_client(&self, client: &OAuthClient) -> bool {
        let is_same = |own: &str, secret: &str| verify_slices_are_equal(own.as_bytes(), secret.as_bytes()).is_ok();
        self.client_id == client.id
            && match (&client.secret, &self.secret) {
                (Some(own), Some(secret)) => is_same(own, secret),
                (own, secret) => own.is_none() && secret.is_none(),
            }
    }
}

/// Both parts are encoded as in forms.
fn basic(headers: &HeaderMap) -> Option<Credentials> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, value) = header.split_once(' ')?;
    let value = STANDARD.decode(value.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("Basic"))?;
    let value = String::from_utf8(value).ok()?;
    let (client_id, secret) = value.split_once(':')?;
    let decoded = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    Some(Credentials { client_id: decoded(client_id)?, secret: Some(decoded(secret)?).filter(|one| !one.is_empty()) })
}

impl fmt::Debug for Credentials {
    /// Leaves the secret out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_match_one_application() {
        let client = |secret: Option<&str>| OAuthClient {
            id: "client_1".to_owned(),
            name: String::new(),
            redirect_uris: Vec::new(),
            secret: secret.map(str::to_owned),
            pkce_required: false,
        };
        let (public, confidential) = (client(None), client(Some("s%:3")));
        let none = HeaderMap::new();
        assert!(Credentials::from_request(&none, "client_1", "").match_client(&public));
        assert!(!Credentials::from_request(&none, "client_2", "").match_client(&public));
        assert!(!Credentials::from_request(&none, "client_1", "s%:3").match_client(&public));
        assert!(Credentials::from_request(&none, "client_1", "s%:3").match_client(&confidential));
        assert!(!Credentials::from_request(&none, "client_1", "").match_client(&confidential));
        let header = |text: &str| {
            let value = format!("basic {}", STANDARD.encode(text)).parse().unwrap();
            HeaderMap::from_iter([(header::AUTHORIZATION, value)])
        };
        let of_header = |text: &str| Credentials::from_request(&header(text), "client_2", "");
        assert!(of_header("client_1:s%25%3A3").match_client(&confidential));
        assert!(of_header("client_1:").match_client(&public));
        for wrong in ["client_1:s", "client_1:", "client_2:s%25%3A3", "client_1", ""] {
            assert!(!of_header(wrong).match_client(&confidential), "{wrong}");
        }
        assert!(!format!("{:?}", of_header("client_1:s3cret")).contains("s3cret"));
    }
}
