//! Changes a layer's refusals: the application's own responses, and the challenge of a protected resource.

use std::{fmt, sync::Arc};

use crate::{
    auth::{Denied, DeniedKind},
    base::http_response::HttpResponse,
    flow::request::view::RequestView,
};

/// How a layer changes its refusals.
#[derive(Clone, Default)]
pub(crate) struct RefusalSettings {
    pub(crate) replace: Option<Arc<ReplaceFn>>,
    /// Makes that function for a request.
    pub(crate) choose: Option<Arc<ChooseFn>>,
    /// The resource to name in each challenge.
    pub(crate) resource: Option<Resource>,
}

/// The data of a protected resource in a challenge.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    /// The URL of its metadata.
    pub(crate) metadata: Arc<str>,
    /// The scopes that every request needs.
    pub(crate) scopes: Arc<[Box<str>]>,
}

/// Makes the response to a refused request; `None` keeps the default one.
pub(crate) type ReplaceFn = dyn Fn(&Denied) -> Option<HttpResponse> + Send + Sync;

/// Makes a [`ReplaceFn`] for a request.
pub(crate) type ChooseFn = dyn Fn(&RequestView<'_>) -> Arc<ReplaceFn> + Send + Sync;

impl RefusalSettings {
    /// The settings for one request.
    pub(crate) fn for_request(&self, view: &RequestView<'_>) -> Self {
        let Self { replace, choose, resource } = self;
        let replace = choose.as_ref().map(|choose| choose(view)).or_else(|| replace.clone());
        Self { replace, choose: None, resource: resource.clone() }
    }

    /// The application's own response to a refusal.
    pub(crate) fn replacement_for(&self, refusal: &Denied) -> Option<HttpResponse> {
        self.replace.as_ref()?(refusal)
    }

    /// The challenge that names the resource's metadata
    /// ([RFC 9728, section 5.1](https://www.rfc-editor.org/rfc/rfc9728#section-5.1)), and the scopes.
    pub(crate) fn challenge(&self, refusal: &Denied) -> Option<String> {
        let Resource { metadata, scopes } = self.resource.as_ref()?;
        let metadata = ("resource_metadata", &**metadata);
        match refusal.kind() {
            DeniedKind::Unauthenticated(_) if !scopes.is_empty() => {
                refusal.challenge_with([("scope", &*scopes.join(" ")), metadata])
            }
            // Name all scopes that the request needs, because a client may request exactly these.
            DeniedKind::InsufficientScope(missing) => {
                let more = missing.iter().filter(|scope| !scopes.contains(scope));
                Denied::insufficient_scope(scopes.iter().chain(more).cloned()).challenge_with([metadata])
            }
            _ => refusal.challenge_with([metadata]),
        }
    }
}

impl fmt::Debug for RefusalSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefusalSettings")
            .field("replace", &(self.replace.is_some() || self.choose.is_some()))
            .field("resource", &self.resource)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Reason;

    fn challenge(scopes: &[&str], refusal: &Denied) -> Option<String> {
        let scopes = scopes.iter().map(|scope| (*scope).into()).collect();
        let resource = Resource { metadata: "https://a.test/x".into(), scopes };
        RefusalSettings { resource: Some(resource), ..RefusalSettings::default() }.challenge(refusal)
    }

    #[test]
    fn a_challenge_names_every_scope_that_the_request_needs() {
        let no_token = Denied::unauthenticated(Reason::NoTokenInHeader);
        let invalid_token = Denied::unauthenticated(Reason::MachineTokenInvalid);
        let lacking = Denied::insufficient_scope(["b", "c"]);
        for (scopes, refusal, expected) in [
            (&[][..], &no_token, r#"Bearer resource_metadata="https://a.test/x""#),
            (&["a", "b"], &no_token, r#"Bearer scope="a b", resource_metadata="https://a.test/x""#),
            (
                &["a"],
                &invalid_token,
                r#"Bearer error="invalid_token", scope="a", resource_metadata="https://a.test/x""#,
            ),
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
