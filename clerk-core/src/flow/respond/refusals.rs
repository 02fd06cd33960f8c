//! How a layer's refusals look, where they do not look as usual.

use std::{fmt, sync::Arc};

use crate::{
    auth::{Denied, DeniedKind},
    base::http_response::HttpResponse,
};

/// What an application adds to refusals or sends instead.
#[derive(Clone, Default)]
pub(crate) struct Refusals {
    pub(crate) replace: Option<Arc<Replace>>,
    /// The resource that each challenge tells about.
    pub(crate) resource: Option<Resource>,
}

/// What a challenge says about a protected resource.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    /// The URL of its metadata.
    pub(crate) metadata: Arc<str>,
    /// The scopes that each request needs.
    pub(crate) scopes: Arc<[Box<str>]>,
}

/// Makes the answer to a refused request; `None` leaves it as it is.
pub(crate) type Replace = dyn Fn(&Denied) -> Option<HttpResponse> + Send + Sync;

impl Refusals {
    pub(crate) fn replace(&self, refusal: &Denied) -> Option<HttpResponse> {
        self.replace.as_ref()?(refusal)
    }

    /// The challenge that says where to learn how to get a token
    /// ([RFC 9728, section 5.1](https://www.rfc-editor.org/rfc/rfc9728#section-5.1)), and with which scopes.
    pub(crate) fn challenge(&self, refusal: &Denied) -> Option<String> {
        let Resource { metadata, scopes } = self.resource.as_ref()?;
        let metadata = ("resource_metadata", &**metadata);
        match refusal.kind() {
            DeniedKind::Unauthenticated(_) if !scopes.is_empty() => {
                refusal.challenge_with([("scope", &*scopes.join(" ")), metadata])
            }
            // All that the request needs at once: a client may ask for these and no others.
            DeniedKind::InsufficientScope(missing) => {
                let more = missing.iter().filter(|scope| !scopes.contains(scope));
                Denied::insufficient_scope(scopes.iter().chain(more).cloned()).challenge_with([metadata])
            }
            _ => refusal.challenge_with([metadata]),
        }
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusals").field("replace", &self.replace.is_some()).field("resource", &self.resource).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Reason;

    fn challenge(scopes: &[&str], refusal: &Denied) -> Option<String> {
        let scopes = scopes.iter().map(|scope| (*scope).into()).collect();
        let resource = Resource { metadata: "https://a.test/x".into(), scopes };
        Refusals { replace: None, resource: Some(resource) }.challenge(refusal)
    }

    #[test]
    fn a_challenge_names_every_scope_that_the_request_needs() {
        let nobody = Denied::unauthenticated(Reason::NoTokenInHeader);
        let bad = Denied::unauthenticated(Reason::MachineTokenInvalid);
        let lacking = Denied::insufficient_scope(["b", "c"]);
        for (scopes, refusal, expected) in [
            (&[][..], &nobody, r#"Bearer resource_metadata="https://a.test/x""#),
            (&["a", "b"], &nobody, r#"Bearer scope="a b", resource_metadata="https://a.test/x""#),
            (&["a"], &bad, r#"Bearer error="invalid_token", scope="a", resource_metadata="https://a.test/x""#),
            (
                &["a", "b"],
                &lacking,
                r#"Bearer error="insufficient_scope", scope="a b c", resource_metadata="https://a.test/x""#,
            ),
            (&[], &lacking, r#"Bearer error="insufficient_scope", scope="b c", resource_metadata="https://a.test/x""#),
        ] {
            assert_eq!(challenge(scopes, refusal).as_deref(), Some(expected));
        }
        assert_eq!(challenge(&["a"], &Denied::forbidden()), None);
    }
}
