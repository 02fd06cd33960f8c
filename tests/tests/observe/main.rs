//! Spans, audit events and metrics of requests to real servers. The tests share the subscriber and the recorder of the
//! process, and so run one at a time.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use clerk_core::{
    Authenticator, Clerk, Session, TokenType,
    observe::{AuditEvent, AuditSink},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client,
    endpoint::unused_url,
    harness::FRAMEWORKS,
    recorder::Recorder,
    spans::{Fields, Spans},
    switch::{Behaviour, Switch},
};
use serde_json::{Value, json};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard};
use tracing::Level;

/// Keeps audit events as JSON.
#[derive(Debug, Clone, Default)]
struct AuditLog(Arc<Mutex<Vec<Value>>>);

impl AuditSink for AuditLog {
    fn record(&self, event: &AuditEvent<'_>) {
        self.0.lock().unwrap().push(serde_json::to_value(event).unwrap());
    }
}

impl AuditLog {
    /// Returns the events since the last call.
    fn take(&self) -> Vec<Value> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Waits for the other tests, and installs the subscriber and the recorder on the first call.
async fn listen() -> (MutexGuard<'static, ()>, &'static Spans, &'static Recorder) {
    static TURN: AsyncMutex<()> = AsyncMutex::const_new(());
    static INSTALLED: OnceLock<(Spans, Recorder)> = OnceLock::new();
    let turn = TURN.lock().await;
    let (spans, recorder) = INSTALLED.get_or_init(|| (Spans::install(), Recorder::install()));
    spans.take_events();
    spans.take_closed("");
    (turn, spans, recorder)
}

fn bearer(token: &str) -> (&'static str, Vec<u8>) {
    ("authorization", format!("Bearer {token}").into_bytes())
}

async fn status(address: SocketAddr, path: &str, headers: &[(&str, Vec<u8>)]) -> u16 {
    client::get(address, path, headers).await.status
}

/// The fields of a span or an event.
fn fields(fields: &Fields) -> Value {
    json!(fields)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_frameworks_record_the_same_audit_events() {
    let (_turn, spans, _) = listen().await;
    let local = LocalClerk::start().await.unwrap();
    let (alice, bob) = (local.token("alice").unwrap(), local.token("bob").unwrap().mint());
    let alice = alice.claim("act", json!({"sub": "user_support", "iss": "https://a.test", "sid": "sess_2"})).mint();
    let session = |token: &str| {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let token = token.to_owned();
        async move { clerk.verify_session_token(&token).await.unwrap() }
    };
    let (alices, bobs) = (session(&alice).await, session(&bob).await);
    let as_of = |session: &Session| session.claims_as_of().unwrap().unix_seconds();
    let key = local.api_key(alices.user_id().as_str()).name("job");
    let key = key.create();
    spans.take_events();
    for framework in FRAMEWORKS {
        let audit_log = AuditLog::default();
        let builder = || local.clerk_builder().unwrap().audit(audit_log.clone());
        let api = framework.serve(builder().build().unwrap()).await;
        let pages = Authenticator::new(builder().build().unwrap()).pages().unwrap();
        let pages = framework.serve(pages).await;
        let any = Authenticator::new(builder().build().unwrap())
            .accepts_tokens([TokenType::SessionToken, TokenType::ApiKey])
            .unwrap();
        let any = framework.serve(any).await;
        let down = framework.serve(builder().api_url(&unused_url().await).unwrap().build().unwrap()).await;
        let satellite = builder().satellite(true).sign_in_url("/sign-in").unwrap().build().unwrap();
        let satellite = framework.serve(Authenticator::new(satellite).pages().unwrap()).await;
        let document = [("sec-fetch-dest", b"document".to_vec()), ("accept", b"text/html".to_vec())];

        let alice_is = json!({"token_type": "session_token", "user_id": alices.user_id(), "session_id": alices.session_id(),
            "org_id": alices.org_id(), "actor": "user_support", "claims_as_of": as_of(&alices)});
        let bob_is = json!({"token_type": "session_token", "user_id": bobs.user_id(), "session_id": bobs.session_id(),
            "org_id": bobs.org_id(), "claims_as_of": as_of(&bobs)});
        let signed_out_is = json!({"token_type": "session_token"});
        let no_browser = "dev-browser-missing";
        let mut expected = Vec::new();
        let mut expect = |decision: &str, status: Option<u16>, reason: Option<&str>, path: &str, identity: &Value| {
            let mut event = json!({"decision": decision, "method": "GET", "path": path});
            if let Some(status) = status {
                event["status"] = status.into();
            }
            if let Some(reason) = reason {
                event["reason"] = reason.into();
            }
            for (name, value) in identity.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()) {
                event[name] = value.clone();
            }
            expected.push(event);
        };

        assert_eq!(status(api, "/me?secret=1", &[bearer(&alice)]).await, 200);
        expect("allowed", None, None, "/me", &alice_is);
        assert_eq!(status(api, "/maybe", &[]).await, 200);
        expect("allowed", None, Some(no_browser), "/maybe", &signed_out_is);
        assert_eq!(status(api, "/me", &[]).await, 401);
        expect("denied", Some(401), Some(no_browser), "/me", &signed_out_is);
        assert_eq!(status(api, "/admin", &[bearer(&bob)]).await, 403);
        expect("denied", Some(403), Some("forbidden"), "/admin", &bob_is);
        assert_eq!(status(api, "/custom", &[bearer(&bob)]).await, 500);
        expect("denied", Some(500), Some("claims-shape"), "/custom", &bob_is);
        assert_eq!(status(down, "/me", &[bearer(&alice)]).await, 503);
        expect("denied", Some(503), Some("unexpected-error"), "/me", &signed_out_is);
        assert_eq!(status(pages, "/me?x=1", &document).await, 307);
        expect("handshake", None, Some("dev-browser-missing"), "/me", &signed_out_is);
        let known = [&document[..], &[("cookie", b"__clerk_db_jwt=dvb_1".to_vec())]].concat();
        assert_eq!(status(pages, "/me", &known).await, 307, "to the sign-in page");
        expect("denied", Some(401), Some("session-token-and-uat-missing"), "/me", &signed_out_is);
        assert_eq!(status(satellite, "/me", &[("origin", b"http://localhost".to_vec())]).await, 500);
        expect("denied", Some(500), Some("sign-in-url-on-satellite"), "/me", &signed_out_is);
        assert_eq!(status(any, "/machine", &[bearer(&key)]).await, 200);
        let recorded = audit_log.take();
        let token_id = recorded.last().unwrap()["token_id"].clone();
        assert!(token_id.as_str().is_some_and(|id| !key.contains(id)), "{recorded:?}");
        let key_is = json!({"token_type": "api_key", "user_id": alices.user_id(), "token_id": token_id});
        expect("allowed", None, None, "/machine", &key_is);
        assert_eq!(recorded, expected, "{framework:?}");

        // The same events in tracing, where numbers are texts, too.
        let events = spans.take_events().into_iter().filter(|event| event.target == "clerk::audit");
        let events: Vec<Value> = events
            .map(|mut event| {
                assert_eq!((event.level, event.fields.remove("message")), (Level::INFO, Some("request".to_owned())));
                fields(&event.fields)
            })
            .collect();
        for event in &mut expected {
            for name in ["status", "claims_as_of"] {
                if let Some(number) = event.get_mut(name) {
                    *number = number.to_string().into();
                }
            }
        }
        assert_eq!(events, expected, "{framework:?}");

        let long = format!("/{}", "x".repeat(2_000));
        status(api, &long, &[]).await;
        assert!(audit_log.take().iter().all(|event| event["path"].as_str().unwrap().len() <= 515), "{framework:?}");
        spans.take_events();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_can_have_its_own_audit_sink() {
    let (_turn, ..) = listen().await;
    let local = LocalClerk::start().await.unwrap();
    for framework in FRAMEWORKS {
        let (all, own) = (AuditLog::default(), AuditLog::default());
        let clerk = local.clerk_builder().unwrap().audit(all.clone()).build().unwrap();
        let by_host = Authenticator::by_host([("known.test", clerk)]);
        let (plain, audited) = (by_host.clone(), by_host.audit(own.clone()));
        let (plain, audited) = (framework.serve(plain).await, framework.serve(audited).await);
        for (address, host) in
            [(plain, "known.test"), (plain, "other.test"), (audited, "known.test"), (audited, "other.test")]
        {
            assert_eq!(status(address, "/me", &[("host", host.into())]).await, 401);
        }
        let reasons =
            |log: &AuditLog| -> Vec<Value> { log.take().iter().map(|event| event["reason"].clone()).collect() };
        assert_eq!(reasons(&all), ["dev-browser-missing"], "{framework:?}");
        assert_eq!(reasons(&own), ["dev-browser-missing", "instance-unknown"], "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_request_is_audited() {
    use tower::{Layer, Service};

    let (_turn, ..) = listen().await;
    let local = LocalClerk::start().await.unwrap();
    let audit_log = AuditLog::default();
    let clerk = local.clerk_builder().unwrap().audit(audit_log.clone()).build().unwrap();
    let inner = tower::service_fn(async |_: http::Request<()>| std::future::pending().await);
    let inner = tower::util::MapErr::new(inner, |error: std::io::Error| error);
    let mut service = clerk_tower::ClerkLayer::new(clerk).layer(inner);
    let request = http::Request::post("/transfer?to=bob").body(()).unwrap();
    let call = async {
        let response: Result<http::Response<_>, _> = service.call(request).await;
        response.map(|response: http::Response<clerk_tower::ResponseBody<String>>| response.status())
    };
    assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
    let recorded = audit_log.take();
    assert_eq!(recorded.len(), 1);
    assert_eq!((&recorded[0]["decision"], &recorded[0]["path"]), (&json!("unanswered"), &json!("/transfer")));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_authentication_is_one_span() {
    let (_turn, spans, _) = listen().await;
    let local = LocalClerk::start().await.unwrap();
    let token = local.token("alice").unwrap().mint();
    let expired = local.token("alice").unwrap().expired(Duration::from_secs(60)).mint();
    let key = local.api_key("org_acme").create();
    let session = local.clerk_builder().unwrap().build().unwrap().verify_session_token(&token).await.unwrap();
    spans.take_closed("authenticate");
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let address = framework
            .serve(Authenticator::new(clerk).accepts_tokens([TokenType::SessionToken, TokenType::ApiKey]).unwrap())
            .await;
        spans.take_events();
        let span = async |headers: &[(&str, Vec<u8>)]| {
            status(address, "/maybe", headers).await;
            let closed = spans.take_closed("authenticate");
            assert_eq!(closed.len(), 1, "{framework:?} {closed:?}");
            fields(&closed[0])
        };
        let mut signed_in = json!({"status": "signed-in", "token_type": "session_token", "user_id": session.user_id(),
            "session_id": session.session_id(), "fetched": "key"});
        if let Some(organization) = session.org_id() {
            signed_in["org_id"] = json!(organization);
        }
        assert_eq!(span(&[bearer(&token)]).await, signed_in, "{framework:?}");
        signed_in["fetched"] = "".into();
        assert_eq!(span(&[bearer(&token)]).await, signed_in, "cached, {framework:?}");
        let refused = |reason: &str| json!({"status": "signed-out", "token_type": "session_token", "reason": reason, "fetched": ""});
        let no_cookie = "session-token-expired-refresh-non-eligible-no-refresh-cookie";
        assert_eq!(span(&[bearer(&expired)]).await, refused(no_cookie), "{framework:?}");
        assert_eq!(span(&[bearer("nonsense")]).await, refused("token-invalid"), "{framework:?}");
        let looked_up = span(&[bearer(&key)]).await;
        assert_eq!((&looked_up["fetched"], &looked_up["org_id"]), (&json!("machine_token"), &json!("org_acme")));
        assert!(looked_up["token_id"].is_string() && looked_up.get("user_id").is_none(), "{looked_up}");
        let events = spans.take_events();
        let decided = events.iter().filter(|event| event.level == Level::DEBUG && event.fields.contains_key("message"));
        assert_eq!(decided.filter(|event| event.span == Some("authenticate")).count(), 5, "{framework:?} {events:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_call_is_logged_inside_the_span_of_its_request() {
    let (_turn, spans, _) = listen().await;
    let local = LocalClerk::start().await.unwrap();
    let api = Switch::start(Behaviour::status(500)).await;
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().api_url(api.url()).unwrap().build().unwrap();
        let address = framework.serve(Authenticator::new(clerk).pages().unwrap()).await;
        let document = [
            ("sec-fetch-dest", b"document".to_vec()),
            ("cookie", b"__clerk_db_jwt=dvb_1; __clerk_handshake_nonce=hsn_1".to_vec()),
        ];
        status(address, "/maybe", &document).await;
        let warnings: Vec<_> = spans.take_events().into_iter().filter(|event| event.level == Level::WARN).collect();
        assert_eq!(warnings.len(), 1, "{framework:?} {warnings:?}");
        assert_eq!(warnings[0].span, Some("authenticate"), "{framework:?}");
        assert_eq!(spans.take_closed("authenticate")[0]["fetched"], "handshake", "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_have_labels_from_closed_sets() {
    let (_turn, _, recorder) = listen().await;
    let local = LocalClerk::start().await.unwrap();
    let token = local.token("alice").unwrap().mint();
    let key = local.api_key("user_1").create();
    let keys = [
        "clerk_authentications_total{status=signed-in,reason=none,token_type=session_token}",
        "clerk_authentications_total{status=signed-out,reason=dev-browser-missing,token_type=session_token}",
        "clerk_authentications_total{status=signed-in,reason=none,token_type=api_key}",
        "clerk_authentications_total{status=unavailable,reason=unexpected-error,token_type=session_token}",
        "clerk_authentication_duration_seconds{waited=true}",
        "clerk_authentication_duration_seconds{waited=false}",
        "clerk_jwks_fetches_total{outcome=success}",
        "clerk_jwks_fetches_total{outcome=connection}",
        "clerk_backend_calls_total{operation=machine_token,outcome=success}",
        "clerk_token_cache_total{outcome=hit}",
        "clerk_token_cache_total{outcome=miss}",
    ];
    for framework in FRAMEWORKS {
        let clerk = |url: &str| local.clerk_builder().unwrap().api_url(url).unwrap().build().unwrap();
        let any = |clerk: Clerk| {
            Authenticator::new(clerk).accepts_tokens([TokenType::SessionToken, TokenType::ApiKey]).unwrap()
        };
        let address = framework.serve(any(clerk(local.backend_api_url()))).await;
        let down = framework.serve(clerk(&unused_url().await)).await;
        let before = keys.map(|key| recorder.count(key));
        for _ in 0..3 {
            status(address, "/me", &[bearer(&token)]).await;
        }
        status(address, "/me", &[]).await;
        status(address, "/machine", &[bearer(&key)]).await;
        status(down, "/me", &[bearer(&token)]).await;
        let added: Vec<u64> = keys.iter().zip(before).map(|(key, before)| recorder.count(key) - before).collect();
        assert_eq!(added, [3, 1, 1, 1, 3, 3, 1, 1, 1, 2, 1], "{framework:?} {:#?}", recorder.keys());
    }
    // An error code of the Backend API never becomes a label.
    for code in ["first_code", "second_code"] {
        let body = json!({"errors": [{"code": code}]}).to_string();
        let api = Switch::start(Behaviour::Respond(422, String::new(), body)).await;
        let clerk = local.clerk_builder().unwrap().jwt_key(local.jwt_key_pem().parse().unwrap()).api_url(api.url());
        let clerk = clerk.unwrap().build().unwrap();
        let suffix = clerk.publishable_key().unwrap().cookie_suffix();
        let address = FRAMEWORKS[0].serve(clerk).await;
        let expired = local.token("alice").unwrap().expired(Duration::from_secs(60)).mint();
        let cookie = format!(
            "__session_{suffix}={expired}; __client_uat_{suffix}=1; __refresh_{suffix}=rt_1; __clerk_db_jwt_{suffix}=dvb_1"
        );
        status(address, "/me", &[("cookie", cookie.into_bytes())]).await;
    }
    let refused = "clerk_authentications_total{status=signed-out,reason=session-token-expired-refresh-refused,token_type=session_token}";
    assert_eq!(recorder.count(refused), 2, "{:#?}", recorder.keys());
    assert!(recorder.keys().iter().all(|key| !key.contains("_code")), "{:#?}", recorder.keys());
    assert_eq!(
        recorder.described(),
        [
            "clerk_authentication_duration_seconds",
            "clerk_authentications_total",
            "clerk_backend_calls_total",
            "clerk_jwks_fetches_total",
            "clerk_token_cache_total"
        ]
    );
}
