//! [`Decision`]: what an adapter does with a request.

use std::{borrow::Cow, sync::Arc};

use super::{refusals::RefusalSettings, request_state::RequestState};
use crate::{
    auth::{AuthState, Denied, DeniedKind},
    base::http_response::HttpResponse,
    observe::PendingAudit,
};

/// What an adapter does with a request.
#[derive(Debug)]
pub enum Decision {
    /// Send this response, without calling the inner service.
    Respond(HttpResponse),
    /// Call the inner service with this state, then apply the edit to its response.
    Continue(AuthState, ResponseEdit),
}

/// Changes that an adapter applies to the inner service's response.
#[derive(Clone, Default)]
pub struct ResponseEdit(Option<Box<Edit>>);

#[derive(Clone)]
struct Edit {
    headers: Vec<(&'static str, Cow<'static, str>)>,
    sign_in: Option<String>,
    refusals: Option<RefusalSettings>,
    /// Shared between clones, because the event is written once.
    audit: Option<Arc<PendingAudit>>,
}

impl ResponseEdit {
    /// The headers to append, with names in lower case; `set-cookie` may occur several times.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().flat_map(|edit| edit.headers.iter().map(|(name, value)| (*name, &**value)))
    }

    /// The response that replaces a refusal: the application's own, or a redirect to the sign-in page when a page
    /// refuses a signed-out user. `None` if neither is configured.
    #[must_use]
    pub fn replacement_for(&self, refusal: &Denied) -> Option<HttpResponse> {
        let edit = self.0.as_ref()?;
        let mut response =
            edit.refusals.as_ref().and_then(|refusals| refusals.replacement_for(refusal)).or_else(|| {
                let location =
                    edit.sign_in.clone().filter(|_| matches!(refusal.kind(), DeniedKind::Unauthenticated(_)))?;
                Some(HttpResponse::new(307).with_header("location", location).with_header("cache-control", "no-store"))
            })?;
        response.headers.extend(edit.headers.iter().cloned());
        Some(response)
    }

    /// The `www-authenticate` value for a refusal that is not replaced, if the layer adds to the refusal's own
    /// challenge.
    #[must_use]
    pub fn challenge(&self, refusal: &Denied) -> Option<String> {
        self.0.as_ref()?.refusals.as_ref()?.challenge(refusal)
    }

    /// Writes the response to the [audit trail](crate::observe#the-audit-trail), if it is on. Call it with the
    /// response's refusal, or `None`.
    pub fn record_response(&self, refusal: Option<&Denied>) {
        if let Some(audit) = self.0.as_ref().and_then(|edit| edit.audit.as_ref()) {
            audit.emit_response(refusal);
        }
    }
}

impl RequestState {
    /// What an adapter does with the request.
    #[must_use]
    pub fn into_decision(mut self) -> Decision {
        if self.leaves_response_unchanged() {
            return Decision::Continue(self.into_auth(), ResponseEdit::default());
        }
        let audit = self.take_audit();
        let own = self.own_headers().iter().map(|(name, value)| (*name, Cow::Owned(value.clone())));
        let headers: Vec<_> = own.chain(self.reason_headers()).collect();
        if self.redirect().is_some() {
            audit.inspect(|audit| audit.emit_layer_response(self.auth(), None));
            return Decision::Respond(HttpResponse { status: 307, headers, body: Cow::Borrowed("") });
        }
        if let Some(body) = self.error_page() {
            audit.inspect(|audit| audit.emit_layer_response(self.auth(), Some(500)));
            let response = HttpResponse { status: 500, headers, body: Cow::Owned(body) };
            return Decision::Respond(
                response
                    .with_header("content-type", "text/plain; charset=utf-8")
                    .with_header("cache-control", "no-store"),
            );
        }
        let (auth, sign_in, refusals) = self.into_parts();
        let audit = audit.map(|audit| Arc::new(audit.into_pending(auth.clone())));
        Decision::Continue(auth, ResponseEdit(Some(Box::new(Edit { headers, sign_in, refusals, audit }))))
    }
}

impl std::fmt::Debug for ResponseEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseEdit").finish_non_exhaustive()
    }
}
