//! What a request leaves behind for the audit trail, if anybody reads it.

use std::{
    borrow::Cow,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    audit::{AuditDecision, AuditEvent, Sink},
    identity::Who,
};
use crate::auth::{AuthState, Denied, DeniedKind, Reason};

/// How many bytes of a method and of a path are kept.
const MAX_METHOD: usize = 32;
const MAX_PATH: usize = 512;

/// A request that is to be in the audit trail.
#[derive(Clone)]
pub(crate) struct Seen {
    method: Box<str>,
    path: Box<str>,
    sink: Option<Sink>,
}

/// A request that passed the layer, until its response comes back.
pub(crate) struct Passage {
    seen: Seen,
    auth: AuthState,
    told: AtomicBool,
}

impl Seen {
    /// `None` unless somebody reads the trail.
    pub(crate) fn of(method: &str, path: &str, sink: Option<&Sink>) -> Option<Box<Self>> {
        if sink.is_none() && !tracing::enabled!(target: "clerk::audit", tracing::Level::INFO) {
            return None;
        }
        Some(Box::new(Self {
            method: harmless(method, MAX_METHOD),
            path: harmless(path, MAX_PATH),
            sink: sink.cloned(),
        }))
    }

    /// A request that the layer itself answers: with a handshake, or with this status code.
    pub(crate) fn answered(&self, auth: &AuthState, refused: Option<u16>) {
        let decision = refused.map_or(AuditDecision::Handshake, |status| AuditDecision::Denied { status });
        self.tell(auth, decision, auth.reason().map(Reason::as_str));
    }

    pub(crate) fn passed(self, auth: AuthState) -> Passage {
        Passage { seen: self, auth, told: AtomicBool::new(false) }
    }

    fn tell(&self, auth: &AuthState, decision: AuditDecision, reason: Option<Cow<'static, str>>) {
        let (method, path) = (&self.method, &self.path);
        AuditEvent { who: Who::of(auth), method, path, decision, reason }.tell(self.sink.as_ref());
    }
}

impl Passage {
    /// The response is there; `denied` is the refusal that it holds.
    pub(crate) fn answered(&self, denied: Option<&Denied>) {
        let decision =
            denied.map_or(AuditDecision::Allowed, |denied| AuditDecision::Denied { status: denied.status() });
        self.tell(decision, reason(&self.auth, denied));
    }

    fn tell(&self, decision: AuditDecision, reason: Option<Cow<'static, str>>) {
        if !self.told.swap(true, Ordering::Relaxed) {
            self.seen.tell(&self.auth, decision, reason);
        }
    }
}

/// A client that goes away early must not leave the trail with it.
impl Drop for Passage {
    fn drop(&mut self) {
        self.tell(AuditDecision::Unanswered, reason(&self.auth, None));
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
        Some(DeniedKind::Conflict) => named("conflict"),
        Some(DeniedKind::Webhook) => named("webhook-refused"),
        Some(DeniedKind::ClaimsShape) => named("claims-shape"),
        Some(DeniedKind::Forbidden) => named("forbidden"),
        Some(DeniedKind::InsufficientScope(_)) => named("insufficient-scope"),
        Some(DeniedKind::LayerMissing) => named("layer-missing"),
        Some(DeniedKind::Reverification(_)) => named("reverification"),
    }
}

/// A text from a client as it may stand in a log: no line breaks, no terminal's control sequences, no right-to-left
/// marks, and of bounded length.
fn harmless(text: &str, limit: usize) -> Box<str> {
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
    struct Told(Mutex<Vec<String>>);

    impl AuditSink for Told {
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

    fn seen(sink: Arc<dyn AuditSink>) -> Seen {
        Seen { method: "GET".into(), path: "/a".into(), sink: Some(Sink(sink)) }
    }

    fn nobody() -> AuthState {
        AuthState::signed_out(Reason::NoTokenInHeader, None)
    }

    #[test]
    fn what_a_client_wrote_is_harmless_and_short() {
        for (text, kept) in [
            ("/a/b%20c?'\"", "/a/b%20c?'\""),
            ("/a\r\nb", "/a\\r\\nb"),
            ("/\u{1b}[2J", "/\\u{1b}[2J"),
            ("/\u{202e}x\\n", "/\\u{202e}x\\\\n"),
            ("/\u{fc}", "/\\u{fc}"),
        ] {
            assert_eq!(&*harmless(text, MAX_PATH), kept);
        }
        assert_eq!(&*harmless("/abc", 4), "/abc");
        assert_eq!(&*harmless("/abcd", 4), "/abc...");
        assert_eq!(&*harmless("/\u{202e}", 4), "/...", "no half of an escape");
        assert!(harmless(&"\u{202e}".repeat(1 << 20), MAX_PATH).len() <= MAX_PATH + 3);
    }

    #[test]
    fn every_passage_is_told_once() {
        let told = Arc::new(Told::default());
        let passed = || seen(told.clone()).passed(nobody());
        passed().answered(None);
        passed().answered(Some(&Denied::forbidden()));
        passed().answered(Some(&Denied::unavailable(std::time::Duration::ZERO)));
        drop(passed());
        let rest = r#""method":"GET","path":"/a"}"#;
        assert_eq!(
            *told.0.lock().unwrap(),
            [
                format!(r#"{{"decision":"allowed","reason":"No token in header",{rest}"#),
                format!(r#"{{"decision":"denied","status":403,"reason":"forbidden",{rest}"#),
                format!(r#"{{"decision":"denied","status":503,"reason":"No token in header",{rest}"#),
                format!(r#"{{"decision":"unanswered","reason":"No token in header",{rest}"#),
            ]
        );
    }

    #[test]
    fn a_sink_that_panics_disturbs_nobody() {
        seen(Arc::new(Panics)).passed(nobody()).answered(None);
        // Also not while the request's own task is unwinding.
        let handler = std::panic::catch_unwind(|| {
            let _passage = seen(Arc::new(Panics)).passed(nobody());
            panic!("a handler's mistake");
        });
        assert!(handler.is_err());
    }
}
