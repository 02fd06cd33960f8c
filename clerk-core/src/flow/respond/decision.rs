//! [`Decision`]: what an adapter does with a request.

use std::{borrow::Cow, sync::Arc};

use super::{refusals::RefusalSettings, request_state::RequestState, sign_in::SignedOutPage};
use crate::{
    auth::{AuthState, CHALLENGE, Denied, DeniedKind},
    base::{http_response::HttpResponse, names::header},
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

/// What says how long caches keep a response, for caches of browsers and of networks in front of the service.
const CACHE_HEADERS: [&str; 8] = [
    "cdn-cache-control",
    "cloudflare-cdn-cache-control",
    "edge-control",
    "expires",
    "netlify-cdn-cache-control",
    "surrogate-control",
    "vercel-cdn-cache-control",
    "x-accel-expires",
];

/// Changes that an adapter applies to the inner service's response.
#[derive(Clone, Default)]
pub struct ResponseEdit {
    edit: Option<Box<Edit>>,
    /// Whether a refusal names its reason in a header, and explains it in another.
    names_reason: bool,
    explains: bool,
}

#[derive(Clone)]
struct Edit {
    headers: Vec<(&'static str, Cow<'static, str>)>,
    signed_out_page: Option<SignedOutPage>,
    refusals: Option<RefusalSettings>,
    /// Shared between clones, because the event is written once.
    audit: Option<Arc<PendingAudit>>,
}

impl ResponseEdit {
    /// The headers to append, with names in lower case; `set-cookie` may occur several times.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.edit.iter().flat_map(|edit| edit.headers.iter().map(|(name, value)| (*name, &**value)))
    }

    /// The headers that take the place of the inner service's own, with names in lower case; `None` removes one. A
    /// response with Clerk's cookies belongs to one browser, so no shared cache may keep it. Apply it after the
    /// [others](Self::headers).
    pub fn replaced_headers(&self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        let is_private = self.headers().any(|(name, _)| name == "set-cookie");
        let removed = CACHE_HEADERS.into_iter().map(|name| (name, None));
        let all = std::iter::once(("cache-control", Some("private, no-store"))).chain(removed);
        all.take(if is_private { CACHE_HEADERS.len() + 1 } else { 0 })
    }

    /// The response that replaces a refusal: the application's own; or, when a page refuses a signed-out user, a redirect
    /// to the sign-in page, or a text that explains why there is none. `None` if neither is configured.
    #[must_use]
    pub fn replacement_for(&self, refusal: &Denied) -> Option<HttpResponse> {
        let edit = self.edit.as_ref()?;
        let mut response =
            edit.refusals.as_ref().and_then(|refusals| refusals.replacement_for(refusal)).or_else(|| {
                let page = edit.signed_out_page.as_ref();
                Some(page.filter(|_| matches!(refusal.kind(), DeniedKind::Unauthenticated(_)))?.to_response(refusal))
            })?;
        response.headers.extend(edit.headers.iter().cloned());
        for (name, value) in self.replaced_headers() {
            response.headers.retain(|(known, _)| *known != name);
            response.headers.extend(value.map(|value| (name, Cow::Borrowed(value))));
        }
        Some(response)
    }

    /// The headers of a refusal that is not replaced, which take the place of its own: the challenge, if the layer adds to
    /// it, and in development instances the reason and what a policy wanted.
    pub fn refusal_headers(&self, refusal: &Denied) -> impl Iterator<Item = (&'static str, String)> {
        let edit = self.edit.as_ref();
        let challenge = edit.and_then(|edit| edit.refusals.as_ref()?.challenge(refusal));
        // A signed-out request has these headers from its state.
        let is_signed_in = edit.is_none_or(|edit| edit.headers.iter().all(|(name, _)| *name != header::AUTH_STATUS));
        let reason = match refusal.kind() {
            DeniedKind::Unauthenticated(reason) if is_signed_in && self.names_reason => {
                Some(reason.as_str().into_owned())
            }
            _ => None,
        };
        let detail = refusal.detail().filter(|_| is_signed_in && self.explains).map(str::to_owned);
        let headers = [(CHALLENGE, challenge), (header::AUTH_REASON, reason), (header::AUTH_MESSAGE, detail)];
        headers.into_iter().filter_map(|(name, value)| Some((name, value?)))
    }

    /// Writes the response to the [audit trail](crate::observe#the-audit-trail), if it is on. Call it with the
    /// response's refusal, or `None`.
    pub fn record_response(&self, refusal: Option<&Denied>) {
        if let Some(audit) = self.edit.as_ref().and_then(|edit| edit.audit.as_ref()) {
            audit.emit_response(refusal);
        }
    }
}

impl RequestState {
    /// What an adapter does with the request.
    #[must_use]
    pub fn into_decision(mut self) -> Decision {
        let (names_reason, explains) = (self.names_reason(), self.says_why());
        if self.leaves_response_unchanged() {
            return Decision::Continue(self.into_auth(), ResponseEdit { edit: None, names_reason, explains });
        }
        let audit = self.take_audit();
        let own = self.own_headers().iter().map(|(name, value)| (*name, Cow::Owned(value.clone())));
        let headers: Vec<_> = own.chain(self.reason_headers()).collect();
        if self.redirect().is_some() {
            audit.inspect(|audit| audit.emit_layer_response(self.auth(), None));
            return Decision::Respond(HttpResponse { status: 307, headers, body: Cow::Borrowed("") });
        }
        if self.is_forbidden() && self.redirect().is_none() {
            let denied = Denied::forbidden();
            audit.inspect(|audit| audit.emit_layer_response(self.auth(), Some(denied.status())));
            let (_, _, refusals) = self.into_parts();
            let replacement = refusals.and_then(|refusals| refusals.replacement_for(&denied));
            let mut response = replacement.unwrap_or_else(|| denied.response());
            response.headers.extend(headers);
            return Decision::Respond(response);
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
        let (auth, signed_out_page, refusals) = self.into_parts();
        let audit = audit.map(|audit| Arc::new(audit.into_pending(auth.clone())));
        let edit = Some(Box::new(Edit { headers, signed_out_page, refusals, audit }));
        Decision::Continue(auth, ResponseEdit { edit, names_reason, explains })
    }
}

impl std::fmt::Debug for ResponseEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseEdit").finish_non_exhaustive()
    }
}
