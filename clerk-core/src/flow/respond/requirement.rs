//! [`Requirement`]: what a layer asks of each request, and how it refuses.

use crate::{
    auth::{AuthState, Denied, Policy},
    base::http_response::HttpResponse,
    flow::RequestView,
};

/// What a layer asks of each request; each framework's is made of one.
///
/// ```
/// use clerk_core::{Policy, Requirement};
///
/// let admins = Requirement::new(Policy::role("org:admin"));
/// let members = Requirement::new(Policy::organization()).allow_preflights();
/// # Ok::<(), clerk_core::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    policy: Policy,
    preflights: bool,
}

/// A request that is not let in.
#[derive(Debug, Clone)]
pub struct RequirementFailed {
    denied: Denied,
    grpc: bool,
}

impl Requirement {
    /// Asks for a policy.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, preflights: false }
    }

    /// Lets [CORS preflights](https://fetch.spec.whatwg.org/#cors-preflight-request) pass, which browsers send without
    /// any credential.
    ///
    /// Only needed where the layer that answers them lies further in than this one.
    #[must_use]
    pub const fn allow_preflights(mut self) -> Self {
        self.preflights = true;
        self
    }

    /// Whether a request is let in; `state` is what was found out about its sender.
    ///
    /// # Errors
    /// When it is not.
    pub fn admit(&self, view: &RequestView<'_>, state: Result<&AuthState, Denied>) -> Result<(), RequirementFailed> {
        if self.preflights && view.is_preflight() {
            return Ok(());
        }
        state
            .and_then(|state| state.require(&self.policy))
            .map_err(|denied| RequirementFailed { denied, grpc: view.is_grpc() })
    }
}

impl From<Policy> for Requirement {
    fn from(policy: Policy) -> Self {
        Self::new(policy)
    }
}

impl RequirementFailed {
    /// What kind of refusal it is.
    #[must_use]
    pub const fn denied(&self) -> &Denied {
        &self.denied
    }

    /// The answer, in the form that the request's protocol has for it.
    #[must_use]
    pub fn response(&self) -> HttpResponse {
        if self.grpc { self.denied.grpc_response() } else { self.denied.response() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{auth::Reason, flow::HeaderSource};

    struct Headers(&'static [(&'static str, &'static str)]);

    impl HeaderSource for Headers {
        fn visit<'a>(&'a self, name: &str, visitor: &mut dyn FnMut(&'a [u8])) {
            self.0.iter().filter(|(known, _)| *known == name).for_each(|(_, value)| visitor(value.as_bytes()));
        }

        fn visit_all<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
    }

    fn admitted(
        requirement: &Requirement,
        method: &str,
        headers: &'static [(&'static str, &'static str)],
    ) -> Option<HttpResponse> {
        let nobody = AuthState::signed_out(Reason::SessionTokenAndUatMissing, None);
        let headers = Headers(headers);
        requirement.admit(&RequestView::new(method, "/", &headers), Ok(&nobody)).err().map(|refusal| refusal.response())
    }

    #[test]
    fn preflights_pass_where_they_may() {
        let strict = Requirement::new(Policy::signed_in());
        let open = strict.clone().allow_preflights();
        let whole: &[_] = &[("origin", "https://a.test"), ("access-control-request-method", "PUT")];
        assert!(admitted(&open, "OPTIONS", whole).is_none());
        assert_eq!(admitted(&strict, "OPTIONS", whole).unwrap().status(), 401);
        for (method, headers) in
            [("GET", whole), ("OPTIONS", &whole[..1]), ("OPTIONS", &whole[1..]), ("options", whole)]
        {
            assert_eq!(admitted(&open, method, headers).unwrap().status(), 401, "{method} {headers:?}");
        }
    }

    #[test]
    fn grpc_calls_are_answered_in_their_own_way() {
        let requirement = Requirement::new(Policy::signed_in());
        for (content_type, grpc) in [
            ("application/grpc", true),
            ("application/grpc+proto", true),
            ("application/grpc;x=y", true),
            ("application/grpc-web", false),
            ("application/grpcx", false),
            ("application/json", false),
        ] {
            let headers: &'static [_] = Box::leak(Box::new([("content-type", content_type)]));
            let answer = admitted(&requirement, "POST", headers).unwrap();
            let status = answer.headers().find(|(name, _)| *name == "grpc-status").map(|(_, value)| value.to_owned());
            assert_eq!((answer.status() == 200, status.as_deref() == Some("16")), (grpc, grpc), "{content_type}");
        }
    }
}
