//! [`Requirement`]: what a layer requires of each request, and how it refuses.

use crate::{
    auth::{AuthState, Denied, Policy},
    base::http_response::HttpResponse,
    flow::RequestView,
};

/// What a layer requires of each request; every framework's layer is built from one.
///
/// ```
/// use clerk_core::{Policy, adapter::Requirement};
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

/// A request does not meet a [`Requirement`].
#[derive(Debug, Clone)]
pub struct RequirementFailed {
    denied: Denied,
    grpc: bool,
}

impl Requirement {
    /// Requires a policy.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self { policy, preflights: false }
    }

    /// Lets [CORS preflights](https://fetch.spec.whatwg.org/#cors-preflight-request) pass, which browsers send without
    /// credentials.
    ///
    /// Only needed if the layer that answers them is inside this one.
    #[must_use]
    pub const fn allow_preflights(mut self) -> Self {
        self.preflights = true;
        self
    }

    /// Checks a request; `state` is the result of its authentication.
    ///
    /// # Errors
    /// When the request does not meet the requirement.
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
    /// The refusal.
    #[must_use]
    pub const fn denied(&self) -> &Denied {
        &self.denied
    }

    /// The response, for gRPC calls in gRPC's form.
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

    fn admit_signed_out(
        requirement: &Requirement,
        method: &str,
        headers: &'static [(&'static str, &'static str)],
    ) -> Option<HttpResponse> {
        let signed_out = AuthState::signed_out(Reason::SessionTokenAndUatMissing, None);
        let headers = Headers(headers);
        requirement
            .admit(&RequestView::new(method, "/", &headers), Ok(&signed_out))
            .err()
            .map(|refusal| refusal.response())
    }

    #[test]
    fn preflights_pass_only_if_allowed() {
        let strict = Requirement::new(Policy::signed_in());
        let open = strict.clone().allow_preflights();
        let preflight: &[_] = &[("origin", "https://a.test"), ("access-control-request-method", "PUT")];
        assert!(admit_signed_out(&open, "OPTIONS", preflight).is_none());
        assert_eq!(admit_signed_out(&strict, "OPTIONS", preflight).unwrap().status(), 401);
        for (method, headers) in
            [("GET", preflight), ("OPTIONS", &preflight[..1]), ("OPTIONS", &preflight[1..]), ("options", preflight)]
        {
            assert_eq!(admit_signed_out(&open, method, headers).unwrap().status(), 401, "{method} {headers:?}");
        }
    }

    #[test]
    fn grpc_calls_get_grpc_responses() {
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
            let answer = admit_signed_out(&requirement, "POST", headers).unwrap();
            let status = answer.headers().find(|(name, _)| *name == "grpc-status").map(|(_, value)| value.to_owned());
            assert_eq!((answer.status() == 200, status.as_deref() == Some("16")), (grpc, grpc), "{content_type}");
        }
    }
}
