//! The Frontend API proxy: no key, cookie, token or body reaches the log, whatever goes wrong.

use std::time::Duration;

use clerk_local::LocalClerk;
use clerk_proxy::FrontendApiProxy;
use clerk_tests::{
    endpoint,
    harness::FRAMEWORKS,
    log::Log,
    proxy_server,
    upstream::{Reply, Upstream, response},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const COOKIE: &str = "c2VjcmV0LWNvb2tpZS1vZi1hbGljZQ";
const TOKEN: &str = "c2VjcmV0LXRva2VuLW9mLWFsaWNl";
const TICKET: &str = "c2VjcmV0LXRpY2tldC1vZi1hbGljZQ";
const PASSWORD: &str = "c2VjcmV0LXBhc3N3b3JkLW9mLWFsaWNl";
const SMUGGLED: &str = "sk_test_c211Z2dsZWQtc2VjcmV0LWtleQ";
const RESPONSE: &str = "c2VjcmV0LWFuc3dlci1vZi1jbGVyaw";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_logged_at_any_level() {
    let log = Log::listen().await;
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    let upstream = Upstream::start(Reply::Hangs).await;
    let echo = format!("set-cookie: __client={RESPONSE}\r\nx-echo: {}\r\n", local.secret_key().expose());
    let short = format!("HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n1e\r\n{RESPONSE}\r\nzz\r\n").into_bytes();
    for framework in FRAMEWORKS {
        let proxy = FrontendApiProxy::new(&clerk).unwrap().with_upstream(upstream.url()).unwrap();
        let proxy = proxy.head_timeout(Duration::from_millis(200)).body_limit(1000);
        tracing::info!(?proxy, ?clerk, "logged by an application");
        tracing::info!(service = ?clerk_tower::proxy::FrontendApiProxyService::new(proxy.clone()), "logged by an application");
        let dead = proxy.clone().with_upstream(&endpoint::unused_url().await).unwrap();
        let dead = proxy_server::serve(framework, dead, clerk.clone()).await;
        let full = proxy_server::serve(framework, proxy.clone().concurrent_requests(0), clerk.clone()).await;
        let address = proxy_server::serve(framework, proxy, clerk.clone()).await;
        for (address, reply, path) in [
            (address, response(200, &echo, RESPONSE), "/__clerk/v1/client"),
            (address, Reply::Raw(short.clone()), "/__clerk/v1/client"),
            (address, Reply::Raw(b"HTTP/1.1 101 X\r\n\r\n".to_vec()), "/__clerk/v1/client"),
            (address, Reply::Hangs, "/__clerk/v1/client"),
            (address, Reply::Resets, "/__clerk/v1/client"),
            (address, response(200, &echo, RESPONSE), &format!("/__clerk/../{TICKET}")),
            (dead, Reply::Hangs, "/__clerk/v1/client"),
            (full, Reply::Hangs, "/__clerk/v1/client"),
        ] {
            upstream.set_reply(reply);
            for body in [format!("password={PASSWORD}"), PASSWORD.repeat(40)] {
                let head = format!(
                    "POST {path}?ticket={TICKET} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: __client={COOKIE}\r\nAuthorization: Bearer {TOKEN}\r\nClerk-Secret-Key: {SMUGGLED}\r\nTransfer-Encoding: chunked\r\n\r\n"
                );
                let mut stream = TcpStream::connect(address).await.unwrap();
                stream.write_all(format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).as_bytes()).await.unwrap();
                let read = async { drop(stream.read_to_end(&mut Vec::new()).await) };
                tokio::time::timeout(Duration::from_secs(20), read).await.expect("an end within 20 s");
            }
        }
    }
    let text = log.text();
    for expected in ["did not answer in time", "cannot be reached", "ended early", "body is too large", "reason=Dots"] {
        assert!(text.contains(expected), "{expected} is missing in the log");
    }
    for secret in [local.secret_key().expose(), COOKIE, TOKEN, TICKET, PASSWORD, SMUGGLED, RESPONSE] {
        for start in 0..=secret.len() - 16 {
            let window = &secret[start..start + 16];
            assert!(!text.contains(window), "{window} of a secret was logged");
        }
    }
    println!("no secret in {} bytes of log", text.len());
}
