//! What an adapter does with a decided request.

use std::{borrow::Cow, sync::Arc};

use super::{refusals::Refusals, request_state::RequestState};
use crate::{
    auth::{AuthState, Denied, DeniedKind},
    base::http_response::HttpResponse,
    observe::PendingAudit,
};

/// What is to be done with a request.
#[derive(Debug)]
pub enum Decision {
    /// Send this response, without calling the inner service.
    Respond(HttpResponse),
    /// Hand it on with who sent it, then do this to the response.
    Continue(AuthState, ResponseEdit),
}

/// What a response gets on its way out.
#[derive(Clone, Default)]
pub struct ResponseEdit(Option<Box<Edit>>);

#[derive(Clone)]
struct Edit {
    headers: Vec<(&'static str, Cow<'static, str>)>,
    sign_in: Option<String>,
    refusals: Option<Refusals>,
    /// Shared, because it is told once.
    passage: Option<Arc<PendingAudit>>,
}

impl ResponseEdit {
    /// The headers to append, names in lower case; of `set-cookie` there may be several.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().flat_map(|edit| edit.headers.iter().map(|(name, value)| (*name, &**value)))
    }

    /// The answer to send in the place of a refusal: the application's own, or for a page that nobody is signed in to see
    /// a redirect to the sign-in page, where those are wanted.
    #[must_use]
    pub fn replacement_for(&self, refusal: &Denied) -> Option<HttpResponse> {
        let edit = self.0.as_ref()?;
        let mut answer = edit.refusals.as_ref().and_then(|refusals| refusals.replace(refusal)).or_else(|| {
            let location = edit.sign_in.clone().filter(|_| matches!(refusal.kind(), DeniedKind::Unauthenticated(_)))?;
            Some(HttpResponse::new(307).with_header("location", location).with_header("cache-control", "no-store"))
        })?;
        answer.headers.extend(edit.headers.iter().cloned());
        Some(answer)
    }

    /// The value that `www-authenticate` gets in a refusal that is sent as it is, where the layer has more to say than
    /// the refusal itself.
    #[must_use]
    pub fn challenge(&self, refusal: &Denied) -> Option<String> {
        self.0.as_ref()?.refusals.as_ref()?.challenge(refusal)
    }

    /// To be called when the response is there, with the refusal that it holds if it holds one: writes the
    /// [audit trail](crate::observe#the-audit-trail), where anybody reads it.
    pub fn record_response(&self, refusal: Option<&Denied>) {
        if let Some(passage) = self.0.as_ref().and_then(|edit| edit.passage.as_ref()) {
            passage.emit_response(refusal);
        }
    }
}

impl RequestState {
    /// What is to be done with the request.
    #[must_use]
    pub fn into_decision(mut self) -> Decision {
        if self.edits_nothing() {
            return Decision::Continue(self.into_auth(), ResponseEdit::default());
        }
        let seen = self.take_seen();
        let own = self.own_headers().iter().map(|(name, value)| (*name, Cow::Owned(value.clone())));
        let headers: Vec<_> = own.chain(self.explanation()).collect();
        if self.redirect().is_some() {
            seen.inspect(|seen| seen.emit_layer_response(self.auth(), None));
            return Decision::Respond(HttpResponse { status: 307, headers, body: Cow::Borrowed("") });
        }
        if let Some(body) = self.error_page() {
            seen.inspect(|seen| seen.emit_layer_response(self.auth(), Some(500)));
            let answer = HttpResponse { status: 500, headers, body: Cow::Owned(body) };
            return Decision::Respond(
                answer
                    .with_header("content-type", "text/plain; charset=utf-8")
                    .with_header("cache-control", "no-store"),
            );
        }
        let (auth, sign_in, refusals) = self.into_parts();
        let passage = seen.map(|seen| Arc::new(seen.into_pending(auth.clone())));
        Decision::Continue(auth, ResponseEdit(Some(Box::new(Edit { headers, sign_in, refusals, passage }))))
    }
}

impl std::fmt::Debug for ResponseEdit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseEdit").finish_non_exhaustive()
    }
}
