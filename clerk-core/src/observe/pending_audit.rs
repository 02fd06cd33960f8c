//! A request's way to its audit event: [`AuditRequest`], then [`PendingAudit`] until the response is ready.

use std::{
    borrow::Cow,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    audit::{AuditDecision, AuditEvent, Sink},
    identity::Identity,
};
use crate::auth::{AuthState, Denied, DeniedKind, Reason};

/// Longest method and path in the trail, in bytes.
const MAX_METHOD: usize = 32;
const MAX_PATH: usize = 512;

/// The request's part of an audit event, copied before the request is decided.
#[derive(Clone)]
pub(crate) struct AuditRequest {
    method: Box<str>,
    path: Box<str>,
    sink: Option<Sink>,
}

/// The audit event of a request that passed the layer, without the decision, which depends on the response.
pub(crate) struct PendingAudit {
    request: AuditRequest,
    auth: AuthState,
    emitted: AtomicBool,
}

impl AuditRequest {
    /// Copies what the trail needs; `None` without a sink or a subscriber.
    pub(crate) fn capture(method: &str, path: &str, sink: Option<&Sink>) -> Option<Box<Self>> {
        if sink.is_none() && !tracing::enabled!(target: "clerk::audit", tracing::Level::DEBUG) {
            return None;
        }
        Some(Box::new(Self {
            method: escape_for_log(method, MAX_METHOD),
            path: escape_for_log(path, MAX_PATH),
            sink: sink.cloned(),
        }))
    }

    /// Emits the event of a response that the layer made itself: a refusal with this status code, else a handshake.
    pub(crate) fn emit_layer_response(&self, auth: &AuthState, refused: Option<u16>) {
        let decision = refused.map_or(AuditDecision::Handshake, |status| AuditDecision::Denied { status });
        self.emit(auth, decision, auth.reason().map(Reason::as_str));
    }

    pub(crate) fn into_pending(self, auth: AuthState) -> PendingAudit {
        PendingAudit { request: self, auth, emitted: AtomicBool::new(false) }
    }

    fn emit(&self, auth: &AuthState, decision: AuditDecision, reason: Option<Cow<'static, str>>) {
        let (method, path) = (&self.method, &self.path);
        AuditEvent { identity: Identity::of(auth), method, path, decision, reason }.emit(self.sink.as_ref());
    }
}

impl PendingAudit {
    /// Emits the event when the response is ready; `denied` is the refusal that the response holds.
    pub(crate) fn emit_response(&self, denied: Option<&Denied>) {
        let decision =
            denied.map_or(AuditDecision::Allowed, |denied| AuditDecision::Denied { status: denied.status() });
        self.emit(decision, reason(&self.auth, denied));
    }

    fn emit(&self, decision: AuditDecision, reason: Option<Cow<'static, str>>) {
        if !self.emitted.swap(true, Ordering::Relaxed) {
            self.request.emit(&self.auth, decision, reason);
        }
    }
}

/// Emits the event of a request that ends without a response, such as one whose client disconnected.
impl Drop for PendingAudit {
    fn drop(&mut self) {
        self.emit(AuditDecision::Unanswered, reason(&self.auth, None));
    }
}

fn reason(auth: &AuthState, denied: Option<&Denied>) -> Option<Cow<'static, str>> {
    let of_the_request = || auth.reason().map(Reason::as_str);
    let named = |name: &'static str| Some(Cow::Borrowed(name));
    match denied.map(Denied::kind) {
        None => of_the_request(),
        Some(DeniedKind::Unauthenticated(reason)) => Some(reason.as_str()),
        Some(DeniedKind::Misconfigured) => of_the_request().or_else(|| named("misconfigured")),
        Some(DeniedKind::Unavailable { .. }) => of_the_request().or_else(|| named("unavailable")),
        Some(DeniedKind::ClaimsShape) => named("claims-shape"),
        Some(DeniedKind::Forbidden) => named("forbidden"),
        Some(DeniedKind::InsufficientScope(_)) => named("insufficient-scope"),
        Some(DeniedKind::LayerMissing) => named("layer-missing"),
        Some(DeniedKind::Reverification(_)) => named("reverification"),
    }
}

/// A client's text made safe for a log: no line breaks, terminal control sequences or right-to-left marks, and at most
/// `limit` bytes (then `...`).
fn escape_for_log(text: &str, limit: usize) -> Box<str> {
    let mut kept = String::with_capacity(text.len().min(limit));
    for character in text.chars() {
        let before = kept.len();
        if character.is_ascii_graphic() && character != '\\' {
            kept.push(character);
        } else {
            kept.extend(character.escape_default());
        }
        if kept.len() > limit {
            kept.truncate(before);
            kept.push_str("...");
            break;
        }
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::observe::AuditSink;

    #[derive(Default)]
    struct Recorded(Mutex<Vec<String>>);

    impl AuditSink for Recorded {
        fn record(&self, event: &AuditEvent<'_>) {
            self.0.lock().unwrap().push(serde_json::to_string(event).unwrap());
        }
    }

    struct Panics;

    impl AuditSink for Panics {
        fn record(&self, _: &AuditEvent<'_>) {
            panic!("a sink's mistake");
        }
    }

    fn request(sink: Arc<dyn AuditSink>) -> AuditRequest {
        AuditRequest { method: "GET".into(), path: "/a".into(), sink: Some(Sink(sink)) }
    }

    fn signed_out() -> AuthState {
        AuthState::signed_out(Reason::NoTokenInHeader, None)
    }

    #[test]
    fn client_text_is_escaped_and_cut_off() {
        for (text, kept) in [
            ("/a/b%20c?'\"", "/a/b%20c?'\""),
            ("/a\r\nb", "/a\\r\\nb"),
            ("/\u{1b}[2J", "/\\u{1b}[2J"),
            ("/\u{202e}x\\n", "/\\u{202e}x\\\\n"),
            ("/\u{fc}", "/\\u{fc}"),
        ] {
            assert_eq!(&*escape_for_log(text, MAX_PATH), kept);
        }
        assert_eq!(&*escape_for_log("/abc", 4), "/abc");
        assert_eq!(&*escape_for_log("/abcd", 4), "/abc...");
        assert_eq!(&*escape_for_log("/\u{202e}", 4), "/...", "an escape is not cut in half");
        assert!(escape_for_log(&"\u{202e}".repeat(1 << 20), MAX_PATH).len() <= MAX_PATH + 3);
    }

    #[test]
    fn each_request_emits_one_event() {
        let recorded = Arc::new(Recorded::default());
        let pending = || request(recorded.clone()).into_pending(signed_out());
        pending().emit_response(None);
        pending().emit_response(Some(&Denied::forbidden()));
        pending().emit_response(Some(&Denied::unavailable(std::time::Duration::ZERO)));
        drop(pending());
        let rest = r#""method":"GET","path":"/a"}"#;
        assert_eq!(
            *recorded.0.lock().unwrap(),
            [
                format!(r#"{{"decision":"allowed","reason":"No token in header",{rest}"#),
                format!(r#"{{"decision":"denied","status":403,"reason":"forbidden",{rest}"#),
                format!(r#"{{"decision":"denied","status":503,"reason":"No token in header",{rest}"#),
                format!(r#"{{"decision":"unanswered","reason":"No token in header",{rest}"#),
            ]
        );
    }

    #[test]
    fn a_panicking_sink_does_not_affect_the_request() {
        request(Arc::new(Panics)).into_pending(signed_out()).emit_response(None);
        // Even while the request's own task unwinds.
        let handler = std::panic::catch_unwind(|| {
            let _pending = request(Arc::new(Panics)).into_pending(signed_out());
            panic!("a handler's mistake");
        });
        assert!(handler.is_err());
    }
}
