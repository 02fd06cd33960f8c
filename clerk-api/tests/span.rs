//! The tracing span of a call. In its own binary, because `tracing` caches for the whole process whether a subscriber
//! is interested in a call site.

use std::sync::Arc;

#[path = "it/scripted_server.rs"]
#[expect(dead_code, reason = "this test needs only a part")]
mod scripted_server;
use scripted_server::{ScriptedServer, json};

const JWKS: &str = r#"{"keys":[]}"#;
const ERROR: &str = r#"{"errors":[{"code":"form_param_invalid","message":"about ada@example.com"}]}"#;

#[tokio::test]
async fn a_call_is_a_span_without_secrets_or_bodies() {
    #[derive(Clone, Default)]
    struct Log(Arc<std::sync::Mutex<Vec<u8>>>);
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let log = Log::default();
    let writer = log.clone();
    let spans = tracing_subscriber::fmt::format::FmtSpan::CLOSE;
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_span_events(spans);
    let _guard =
        tracing::subscriber::set_default(subscriber.with_ansi(false).with_writer(move || writer.clone()).finish());
    let server = ScriptedServer::start(vec![json(503, "", "{}"), json(200, "", JWKS), json(422, "", ERROR)]).await;
    server.client.jwks().get().send().await.unwrap();
    server.client.users().create().password("hunter22").first_name("Ada").send().await.unwrap_err();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains(r#"clerk_api{operation="GetJWKS" method="GET" tries=2 status=200}: clerk: close"#), "{log}");
    assert!(
        log.contains(r#"clerk_api{operation="CreateUser" method="POST" tries=1 status=422}: clerk: close"#),
        "{log}"
    );
    for secret in ["s3cr3t", "hunter22", "Ada", "ada@example.com"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
