//! The Frontend API proxy in three frameworks, in front of an upstream that records its requests.

mod wire;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clerk_local::LocalClerk;
use clerk_proxy::{FrontendApiProxy, TrustedPeers};
use clerk_tests::{
    browser::Browser,
    endpoint,
    harness::{FRAMEWORKS, Framework},
    proxy_server,
    upstream::{Reply, Upstream, response},
};
use tokio::sync::Notify;
use wire::{Wire, exchange};

/// A proxy in front of this upstream.
fn proxy(local: &LocalClerk, upstream: &str) -> FrontendApiProxy {
    // The proxy's own calls do not go through a proxy.
    let clerk = local.clerk_builder().unwrap().proxy_url("/__clerk").unwrap().build().unwrap();
    FrontendApiProxy::new(&clerk).unwrap().with_upstream(upstream).unwrap()
}

async fn serve(framework: Framework, local: &LocalClerk, proxy: FrontendApiProxy) -> SocketAddr {
    proxy_server::serve(framework, proxy, local.clerk_builder().unwrap().build().unwrap()).await
}

/// A short idle time.
const SHORT: Duration = Duration::from_millis(200);

/// Sends a request until the proxy has a place for it. Of the answer only the beginning is read.
async fn send_until_ok(address: SocketAddr, request: &str, what: &str) -> Wire {
    let send = async {
        loop {
            let mut wire = Wire::connect(address).await;
            wire.send(request).await;
            if wire.is_ok().await {
                return wire;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), send).await.unwrap_or_else(|_| panic!("no place: {what}"))
}

fn error_code(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["errors"][0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_forwarded_with_the_headers_of_the_proxy() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(response(200, "content-type: text/plain\r\n", "hello")).await;
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url())).await;
        let request = "GET /__clerk/v1/client?a=b%20c&d HTTP/1.1\r\nHost: app.localhost:3000\r\nConnection: close, X-Once\r\nX-Once: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Authorization: Basic x\r\nAccept-Encoding: gzip\r\nUser-Agent: test\r\nCookie: __client=abc\r\nAuthorization: Bearer xyz\r\nClerk-Secret-Key: sk_test_other\r\nClerk_Secret_Key: sk_test_other\r\nClerk-Proxy-Url: https://evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nCF-Connecting-IP: 6.6.6.6\r\n\r\n";
        let response = exchange(address, request).await;
        assert_eq!((response.status, &*response.body), (200, "hello"), "{framework:?}");
        assert_eq!(response.all("content-type"), ["text/plain"], "{framework:?}");
        let received = upstream.take_requests();
        let [received] = &received[..] else { panic!("{received:?}") };
        assert_eq!(received.line, "GET /v1/client?a=b%20c&d HTTP/1.1", "{framework:?}");
        let mut headers = received.headers.clone();
        headers.sort();
        let secret = local.secret_key().expose();
        let host = upstream.url().strip_prefix("http://").unwrap();
        let expected = [
            ("accept", "*/*"),
            ("accept-encoding", "identity"),
            ("authorization", "Bearer xyz"),
            ("clerk-proxy-url", "http://app.localhost:3000/__clerk"),
            ("clerk-secret-key", secret),
            ("cookie", "__client=abc"),
            ("host", host),
            ("user-agent", "test"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-host", "app.localhost:3000"),
            ("x-forwarded-proto", "http"),
        ];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(headers, expected, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forwarding_headers_are_read_from_trusted_peers_only() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(response(200, "", "")).await;
    let loopback = TrustedPeers::addresses(["127.0.0.0/8"]).unwrap();
    let private_network = TrustedPeers::addresses(["10.0.0.0/8"]).unwrap();
    for framework in FRAMEWORKS {
        for (trusted, headers, client, url) in [
            (
                &private_network,
                "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n",
                "127.0.0.1",
                "http://app.test/__clerk",
            ),
            (&loopback, "", "127.0.0.1", "http://app.test/__clerk"),
            (&loopback, "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n", "1.2.3.4", "http://app.test/__clerk"),
            (&loopback, "X-Real-IP: 1.2.3.4\r\nX-Forwarded-For: 6.6.6.6\r\n", "1.2.3.4", "http://app.test/__clerk"),
            (&loopback, "CF-Connecting-IP: 1.2.3.4\r\nX-Real-IP: 6.6.6.6\r\n", "1.2.3.4", "http://app.test/__clerk"),
            (
                &TrustedPeers::any(),
                "X-Forwarded-Host: seen.test\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 1.2.3.4, 10.0.0.1\r\n",
                "1.2.3.4",
                "https://seen.test/__clerk",
            ),
        ] {
            let address = serve(framework, &local, proxy(&local, upstream.url()).trusted_peers(trusted.clone())).await;
            let head = format!("GET /__clerk/v1 HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n{headers}\r\n");
            assert_eq!(exchange(address, &head).await.status, 200);
            let received = upstream.take_requests().remove(0);
            assert_eq!(received.all("x-forwarded-for"), [client], "{headers} {framework:?}");
            assert_eq!(received.all("clerk-proxy-url"), [url], "{headers} {framework:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_paths_and_methods_are_refused() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(response(200, "", "")).await;
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url())).await;
        for path in [
            "/__clerk/../admin",
            "/__clerk/v1/./client",
            "/__clerk/v1/..;/client",
            "/__clerk/%2e%2e/admin",
            "/__clerk/a%2eb",
            "/__clerk/v1%2fclient",
            "/__clerk/v1%5Cclient",
            "/__clerk/v1\\client",
            "/__clerk//evil.example/v1",
            "/__clerk/v1//client",
            "/__clerk/%252e%252e/v1",
            "/__clerk/%zz",
            "/__clerk/v1%00",
            "/__clerk/v1%0d%0aclerk-secret-key:x",
            "/__clerk/v1%7f",
            "/__clerk/\u{ff0e}\u{ff0e}/x",
            "/__clerkevil/v1",
        ] {
            let response =
                exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await;
            // The server itself or its router refuses some of them.
            if response.body.contains("errors") {
                assert_eq!(
                    (response.status, &*error_code(&response.body)),
                    (400, "proxy_path_mismatch"),
                    "{path} {framework:?}"
                );
                assert_eq!(response.all("cache-control"), ["no-store"]);
            } else {
                assert!(matches!(response.status, 400 | 404), "{path} {framework:?}: {response:?}");
            }
        }
        for (method, status) in [("TRACE", 405), ("CONNECT", 405), ("TRACK", 405), ("PROPFIND", 405)] {
            let response =
                exchange(address, &format!("{method} /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .await;
            // CONNECT has no path, so that the server may refuse it with another status.
            assert!(
                response.status == status || method == "CONNECT" && response.status >= 400,
                "{method} {framework:?}: {response:?}"
            );
        }
        assert_eq!(upstream.take_requests().len(), 0, "{framework:?}");
        let root = exchange(address, "GET /__clerk HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!((root.status, &*upstream.take_requests()[0].line), (200, "GET / HTTP/1.1"), "{framework:?}");
    }
    let axum = serve(Framework::Axum, &local, proxy(&local, upstream.url())).await;
    let whole = exchange(axum, "GET /whole/__clerk/v1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!(
        (whole.status, &*upstream.take_requests()[0].line),
        (200, "GET /v1/x HTTP/1.1"),
        "the router keeps the prefix"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_and_cookies_are_passed_back() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(response(200, "", "")).await;
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url())).await;
        for (location, expected) in [
            (format!("{}/v1/next?x=1", upstream.url()), "http://app.test/__clerk/v1/next?x=1"),
            ("/v1/next".to_owned(), "http://app.test/__clerk/v1/next"),
            ("https://accounts.example.com/sign-in".to_owned(), "https://accounts.example.com/sign-in"),
        ] {
            let headers = format!(
                "location: {location}\r\nset-cookie: a=1; Path=/\r\nset-cookie: b=2; Path=/; HttpOnly\r\nconnection: x-once\r\nx-once: 1\r\nalt-svc: h3\r\nx-echo: {}\r\n",
                local.secret_key().expose()
            );
            upstream.set_reply(response(302, &headers, ""));
            let response =
                exchange(address, "GET /__clerk/v1 HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n").await;
            assert_eq!(response.status, 302);
            assert_eq!(response.all("location"), [expected], "{framework:?}");
            assert_eq!(response.all("set-cookie"), ["a=1; Path=/", "b=2; Path=/; HttpOnly"], "{framework:?}");
            for absent in ["x-once", "alt-svc", "x-echo"] {
                assert_eq!(response.all(absent), [""; 0], "{framework:?}");
            }
            assert_eq!(upstream.take_requests().len(), 1, "the proxy follows no redirect");
        }
        upstream.set_reply(Reply::Raw(b"HTTP/1.1 200 X\r\ncontent-length: 5\r\n\r\n".to_vec()));
        let head = exchange(address, "HEAD /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!((head.status, &*head.body), (200, ""), "{framework:?}");
        assert_eq!(head.all("content-length"), [""; 0], "a HEAD must not say 0 in {framework:?}");
        upstream.set_reply(Reply::Raw(b"HTTP/1.1 204 X\r\n\r\n".to_vec()));
        let empty = exchange(address, "DELETE /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!((empty.status, &*empty.body), (204, ""), "{framework:?}");
        upstream.take_requests();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_are_passed_in_both_directions() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(Reply::Echo).await;
    let body: Vec<u8> = (0..12_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url())).await;
        for (method, chunked) in [("POST", false), ("PUT", true), ("DELETE", true), ("PATCH", false)] {
            let mut wire = Wire::connect(address).await;
            let length = if chunked {
                "Transfer-Encoding: chunked".to_owned()
            } else {
                format!("Content-Length: {}", body.len())
            };
            wire.send(format!("{method} /__clerk/v1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{length}\r\n\r\n"))
                .await;
            let echoed = wire.send_while_reading(&body, chunked).await;
            assert_eq!(echoed.status, 200, "{method} {framework:?}");
            assert!(echoed.bytes == body, "{method} {framework:?}: {} bytes came back", echoed.bytes.len());
            let received = upstream.take_requests().remove(0);
            assert!(received.complete && received.body == body, "{method} {framework:?}");
            assert_eq!(received.all("content-length").len(), usize::from(!chunked), "{method} {framework:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_streamed() {
    let local = LocalClerk::start().await.unwrap();
    let more = Arc::new(Notify::new());
    let upstream = Upstream::start(Reply::Events(Arc::clone(&more))).await;
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url())).await;
        upstream.set_reply(Reply::Events(Arc::clone(&more)));
        let mut wire = Wire::connect(address).await;
        wire.send("GET /__clerk/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        wire.until("data: first").await;
        more.notify_one();
        wire.until("data: second").await;
        upstream.take_requests();

        // A large upload is passed on while it arrives.
        upstream.set_reply(response(200, "", "thanks"));
        let mut wire = Wire::connect(address).await;
        let first = "x".repeat(100_000);
        let head = "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100005\r\n\r\n";
        wire.send(format!("{head}{first}")).await;
        upstream.wait_until(|received| received.first().is_some_and(|request| request.body.len() == 100_000)).await;
        wire.send("other").await;
        wire.until("thanks").await;
        assert!(upstream.take_requests()[0].complete, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_gets_413_and_never_looks_complete() {
    let local = LocalClerk::start().await.unwrap();
    for framework in FRAMEWORKS {
        let upstream = Upstream::start(response(200, "", "ok")).await;
        let address = serve(framework, &local, proxy(&local, upstream.url()).body_limit(100_000)).await;
        let declared = format!(
            "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100001\r\n\r\n{}",
            "x".repeat(100_001)
        );
        let response = exchange(address, &declared).await;
        assert_eq!((response.status, &*error_code(&response.body)), (413, "proxy_request_failed"), "{framework:?}");
        assert_eq!(upstream.take_requests().len(), 0, "{framework:?}");
        let chunk = format!("c350\r\n{}\r\n", "x".repeat(50_000));
        let head = "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(exchange(address, &format!("{head}{chunk}{chunk}0\r\n\r\n")).await.status, 200, "{framework:?}");
        assert!(upstream.take_requests().iter().all(|request| request.complete));
        let response = exchange(address, &format!("{head}{chunk}{chunk}1\r\nx\r\n0\r\n\r\n")).await;
        assert_eq!((response.status, &*error_code(&response.body)), (413, "proxy_request_failed"), "{framework:?}");
        assert!(upstream.take_requests().iter().all(|request| !request.complete), "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_of_the_upstream_has_its_own_status() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(Reply::Hangs).await;
    let short = Duration::from_millis(200);
    let get = "GET /__clerk/v1?token=secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let post = format!(
        "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 12000000\r\n\r\n{}",
        "x".repeat(12_000_000)
    );
    let unfinished = "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf";
    for framework in FRAMEWORKS {
        let dead = serve(framework, &local, proxy(&local, &endpoint::unused_url().await)).await;
        let proxy = proxy(&local, upstream.url());
        let address =
            serve(framework, &local, proxy.clone().head_timeout(short).body_timeout(Duration::from_secs(20))).await;
        let short_body_timeout =
            serve(framework, &local, proxy.body_timeout(short).head_timeout(Duration::from_secs(20))).await;
        for (name, address, reply, request, status) in [
            ("dead", dead, Reply::Hangs, get, 502),
            ("hangs", address, Reply::Hangs, get, 504),
            ("resets", address, Reply::Resets, get, 502),
            ("nonsense", address, Reply::Raw(b"nonsense\r\n\r\n".to_vec()), get, 502),
            ("another protocol", address, Reply::Raw(b"HTTP/1.1 101 X\r\nupgrade: x\r\n\r\n".to_vec()), get, 502),
            (
                "hangs after a body",
                address,
                Reply::Hangs,
                "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                504,
            ),
            ("does not read", short_body_timeout, Reply::NeverReads, &post, 504),
            ("client is slow", short_body_timeout, Reply::Hangs, unfinished, 408),
        ] {
            upstream.set_reply(reply);
            let response = if name == "does not read" {
                // The upstream never reads the rest of the body.
                let mut wire = Wire::connect(address).await;
                wire.try_send(request).await;
                wire.read_error().await
            } else if name == "client is slow" {
                let mut wire = Wire::connect(address).await;
                wire.send(request).await;
                wire.read_error().await
            } else {
                exchange(address, request).await
            };
            assert_eq!(response.status, status, "{name} {framework:?}: {response:?}");
            assert!(response.body.contains("proxy_request_failed"), "{name} {framework:?}: {response:?}");
            assert_eq!(response.all("cache-control"), ["no-store"], "{name} {framework:?}");
        }
        for broken in [
            "HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\nhalf",
            "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
            "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
        ] {
            upstream.set_reply(Reply::Broken(broken.as_bytes().to_vec()));
            let mut wire = Wire::connect(address).await;
            wire.send(get).await;
            let response = wire.read_to_end().await;
            let framed =
                response.contains("content-length: 100\r\n") || response.contains("transfer-encoding: chunked\r\n");
            // Sometimes the upstream fails before the proxy has sent the head.
            assert!(framed || response.is_empty(), "{broken:?} {framework:?}: {response}");
            assert!(!response.contains("\r\n0\r\n\r\n"), "a partial body looks complete in {framework:?}: {response}");
        }
        upstream.take_requests();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnected_client_frees_its_slot() {
    let local = LocalClerk::start().await.unwrap();
    let more = Arc::new(Notify::new());
    let upstream = Upstream::start(Reply::Hangs).await;
    let get = "GET /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url()).concurrent_requests(1)).await;
        for (waits_for, reply) in
            [("a head", Reply::Hangs), ("a body", Reply::Events(Arc::clone(&more))), ("a large upload", Reply::Hangs)]
        {
            upstream.set_reply(reply);
            upstream.take_requests();
            let mut wire = Wire::connect(address).await;
            let upload = format!(
                "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 200000\r\n\r\n{}",
                "x".repeat(100_000)
            );
            let request = if waits_for == "a large upload" { &upload } else { get };
            wire.send(request).await;
            upstream.wait_until(|received| received.len() == 1).await;
            let busy = exchange(address, request).await;
            assert_eq!(
                (busy.status, &*error_code(&busy.body)),
                (503, "proxy_request_failed"),
                "{waits_for} {framework:?}"
            );
            assert_eq!(upstream.take_requests().len(), 1, "{waits_for} {framework:?}");
            drop(wire);
            upstream.set_reply(response(200, "", "ok"));
            let freed = async {
                loop {
                    let mut wire = Wire::connect(address).await;
                    wire.send(request.replace("200000", "100000")).await;
                    if wire.read_to_end().await.starts_with("HTTP/1.1 200") {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), freed)
                .await
                .unwrap_or_else(|_| panic!("{waits_for} {framework:?}: no free slot"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_hold_no_place() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(response(200, "", "ok")).await;
    let get = "GET /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let begun = "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx";
    for framework in FRAMEWORKS {
        let proxy = proxy(&local, upstream.url()).concurrent_requests(2).requests_per_client(100);
        let address = serve(framework, &local, proxy.clone()).await;
        let mut wires = Vec::new();
        for _ in 0..8 {
            let mut wire = Wire::connect(address).await;
            wire.send(begun).await;
            wires.push(wire);
        }
        assert_eq!(exchange(address, get).await.status, 200, "{framework:?}: bodies that do not arrive");
        for (size, address, what) in [
            (60_000, address, "small answers that clients do not read"),
            // Larger than the buffers of both sockets: for these a place is held until the idle time has passed.
            (32_000_000, serve(framework, &local, proxy.idle_timeout(SHORT)).await, "large ones"),
        ] {
            upstream.set_reply(response(200, "", &"x".repeat(size)));
            for _ in 0..4 {
                wires.push(send_until_ok(address, get, what).await);
            }
        }
        let stands_still = serve(framework, &local, self::proxy(&local, upstream.url()).idle_timeout(SHORT)).await;
        let mut slow = Wire::connect(stands_still).await;
        slow.send(begun).await;
        assert_eq!(slow.read_error().await.status, 408, "{framework:?}: a body that stands still");
        upstream.take_requests();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_and_clients_have_limits_of_their_own() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(Reply::Hangs).await;
    let get = |path: &str, client: &str| {
        format!("GET /__clerk{path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: {client}\r\n\r\n")
    };
    for framework in FRAMEWORKS {
        let loopback = TrustedPeers::addresses(["127.0.0.0/8"]).unwrap();
        let proxy = proxy(&local, upstream.url()).trusted_peers(loopback).concurrent_requests(2);
        let address = serve(framework, &local, proxy.requests_per_client(2)).await;
        upstream.set_reply(Reply::Hangs);
        let mut wires = Vec::new();
        for (path, client) in
            [("/npm/@clerk/clerk-js@5/dist/clerk.browser.js", "192.0.2.1"), ("/v1/client", "192.0.2.1")]
        {
            let mut wire = Wire::connect(address).await;
            wire.send(get(path, client)).await;
            wires.push(wire);
        }
        upstream.wait_until(|received| received.len() == 2).await;
        upstream.set_reply(response(200, "", "ok"));
        let third = exchange(address, &get("/v1/client", "192.0.2.1")).await;
        assert_eq!((third.status, &*error_code(&third.body)), (429, "proxy_request_failed"), "{framework:?}");
        let script = exchange(address, &get("/npm/@clerk/ui@1/dist/ui.js", "192.0.2.2")).await;
        assert_eq!(script.status, 503, "{framework:?}: one script at once for two calls");
        let other = exchange(address, &get("/v1/client", "192.0.2.2")).await;
        assert_eq!(other.status, 200, "{framework:?}: another client's call");
        upstream.take_requests();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_loop_is_detected() {
    let local = LocalClerk::start().await.unwrap();
    for framework in FRAMEWORKS {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let itself = format!("http://{}", listener.local_addr().unwrap());
        let proxy = proxy(&local, &itself);
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let address = proxy_server::serve_on(framework, listener, proxy, clerk);
        // Each round trip removes one prefix, and a router that strips prefixes removes another one.
        let path = "/__clerk/__clerk/__clerk/v1";
        let response = exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await;
        assert_eq!(
            (response.status, &*error_code(&response.body)),
            (500, "proxy_configuration_error"),
            "{framework:?}"
        );
    }
}

/// The application's pages reach the Frontend API only through the application.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_through_the_proxy() {
    let local = LocalClerk::start().await.unwrap();
    let alice = local.user("alice").unwrap().id;
    for framework in FRAMEWORKS {
        let builder = local.clerk_builder().unwrap().proxy_url("/__clerk").unwrap();
        let clerk = builder.proxy_upstream(local.frontend_api_url()).unwrap().build().unwrap();
        let proxy = FrontendApiProxy::new(&clerk).unwrap();
        let address = proxy_server::serve(framework, proxy, clerk).await;
        let get = |path| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let jwks = exchange(address, &get("/__clerk/.well-known/jwks.json")).await;
        assert_eq!(jwks.status, 200, "{framework:?}");
        assert!(jwks.body.contains("\"kid\""), "{framework:?}: {jwks:?}");
        let missing = exchange(address, &get("/__clerk/v1/nothing")).await;
        assert_eq!((missing.status, &*error_code(&missing.body)), (404, "resource_not_found"), "Clerk's own error");
        if framework == Framework::Tower {
            continue; // this server has no pages
        }

        let site = format!("http://localhost:{}", address.port());
        let mut browser = Browser::default();
        let page = browser.open(&format!("{site}/me")).await;
        let handshake = format!("{site}/__clerk/v1/client/handshake?");
        assert!(page.hops.iter().any(|(_, to)| to.starts_with(&handshake)), "{framework:?}: {page:#?}");
        let sign_in = format!("{site}/__clerk/sign-in");
        let page = browser.submit(&sign_in, &format!("user_id={alice}&redirect_url={site}/me")).await;
        assert_eq!(page.status, 200, "{framework:?}: {page:#?}");
        assert_eq!(page.body, alice, "{framework:?}: {page:#?}");
    }
}
