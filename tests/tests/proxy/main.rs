//! The Frontend API proxy in three frameworks, before an upstream that remembers what it was sent.

mod wire;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clerk_core::{FrontendApiProxy, TrustedPeers};
use clerk_local::LocalClerk;
use clerk_tests::{
    browser::Browser,
    endpoint,
    harness::{FRAMEWORKS, Framework},
    proxied,
    upstream::{Reply, Upstream, response},
};
use tokio::sync::Notify;
use wire::{Wire, exchange};

/// A proxy before this upstream.
fn proxy(local: &LocalClerk, upstream: &str) -> FrontendApiProxy {
    // The instance itself is reached without a proxy.
    let clerk = local.clerk_builder().unwrap().proxy_url("/__clerk").unwrap().build().unwrap();
    FrontendApiProxy::new(&clerk).unwrap().with_upstream(upstream).unwrap()
}

async fn serve(framework: Framework, local: &LocalClerk, proxy: FrontendApiProxy) -> SocketAddr {
    proxied::serve(framework, proxy, local.clerk_builder().unwrap().build().unwrap()).await
}

fn code(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    body["errors"][0]["code"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_arrives_as_it_was_sent_and_in_the_proxys_name() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(response(200, "content-type: text/plain\r\n", "hello")).await;
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url())).await;
        let request = "GET /__clerk/v1/client?a=b%20c&d HTTP/1.1\r\nHost: app.localhost:3000\r\nConnection: close, X-Once\r\nX-Once: 1\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Authorization: Basic x\r\nAccept-Encoding: gzip\r\nUser-Agent: test\r\nCookie: __client=abc\r\nAuthorization: Bearer xyz\r\nClerk-Secret-Key: sk_test_other\r\nClerk_Secret_Key: sk_test_other\r\nClerk-Proxy-Url: https://evil.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nCF-Connecting-IP: 6.6.6.6\r\n\r\n";
        let answer = exchange(address, request).await;
        assert_eq!((answer.status, &*answer.body), (200, "hello"), "{framework:?}");
        assert_eq!(answer.all("content-type"), ["text/plain"], "{framework:?}");
        let received = upstream.take();
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
async fn forwarding_headers_count_from_trusted_peers() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(response(200, "", "")).await;
    let here = TrustedPeers::addresses(["127.0.0.0/8"]).unwrap();
    let elsewhere = TrustedPeers::addresses(["10.0.0.0/8"]).unwrap();
    for framework in FRAMEWORKS {
        for (trusted, headers, client, url) in [
            (
                &elsewhere,
                "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n",
                "127.0.0.1",
                "http://app.test/__clerk",
            ),
            (&here, "", "127.0.0.1", "http://app.test/__clerk"),
            (&here, "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n", "1.2.3.4", "http://app.test/__clerk"),
            (&here, "X-Real-IP: 1.2.3.4\r\nX-Forwarded-For: 6.6.6.6\r\n", "1.2.3.4", "http://app.test/__clerk"),
            (&here, "CF-Connecting-IP: 1.2.3.4\r\nX-Real-IP: 6.6.6.6\r\n", "1.2.3.4", "http://app.test/__clerk"),
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
            let received = upstream.take().remove(0);
            assert_eq!(received.all("x-forwarded-for"), [client], "{headers} {framework:?}");
            assert_eq!(received.all("clerk-proxy-url"), [url], "{headers} {framework:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tricks_go_nowhere() {
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
            let answer =
                exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await;
            // Some are refused by the server itself, or by its router.
            if answer.body.contains("errors") {
                assert_eq!((answer.status, &*code(&answer.body)), (400, "proxy_path_mismatch"), "{path} {framework:?}");
                assert_eq!(answer.all("cache-control"), ["no-store"]);
            } else {
                assert!(matches!(answer.status, 400 | 404), "{path} {framework:?}: {answer:?}");
            }
        }
        for (method, status) in [("TRACE", 405), ("CONNECT", 405), ("TRACK", 405), ("PROPFIND", 405)] {
            let answer =
                exchange(address, &format!("{method} /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .await;
            // What CONNECT names is no path.
            assert!(
                answer.status == status || method == "CONNECT" && answer.status >= 400,
                "{method} {framework:?}: {answer:?}"
            );
        }
        assert_eq!(upstream.take().len(), 0, "{framework:?}");
        let within = exchange(address, "GET /__clerk HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!((within.status, &*upstream.take()[0].line), (200, "GET / HTTP/1.1"), "{framework:?}");
    }
    let axum = serve(Framework::Axum, &local, proxy(&local, upstream.url())).await;
    let whole = exchange(axum, "GET /whole/__clerk/v1/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
    assert_eq!((whole.status, &*upstream.take()[0].line), (200, "GET /v1/x HTTP/1.1"), "nothing cut off");
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_and_cookies_come_back() {
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
            upstream.reply(response(302, &headers, ""));
            let answer =
                exchange(address, "GET /__clerk/v1 HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n").await;
            assert_eq!(answer.status, 302);
            assert_eq!(answer.all("location"), [expected], "{framework:?}");
            assert_eq!(answer.all("set-cookie"), ["a=1; Path=/", "b=2; Path=/; HttpOnly"], "{framework:?}");
            for absent in ["x-once", "alt-svc", "x-echo"] {
                assert_eq!(answer.all(absent), [""; 0], "{framework:?}");
            }
            assert_eq!(upstream.take().len(), 1, "nobody follows a redirect");
        }
        upstream.reply(Reply::Raw(b"HTTP/1.1 200 X\r\ncontent-length: 5\r\n\r\n".to_vec()));
        let head = exchange(address, "HEAD /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!((head.status, &*head.body), (200, ""), "{framework:?}");
        assert_eq!(head.all("content-length"), [""; 0], "a HEAD must not say 0 in {framework:?}");
        upstream.reply(Reply::Raw(b"HTTP/1.1 204 X\r\n\r\n".to_vec()));
        let empty = exchange(address, "DELETE /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        assert_eq!((empty.status, &*empty.body), (204, ""), "{framework:?}");
        upstream.take();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_bodies_pass_in_both_directions() {
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
            let received = upstream.take().remove(0);
            assert!(received.complete && received.body == body, "{method} {framework:?}");
            assert_eq!(received.all("content-length").len(), usize::from(!chunked), "{method} {framework:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_waits_for_the_end_of_a_body() {
    let local = LocalClerk::start().await.unwrap();
    let more = Arc::new(Notify::new());
    let upstream = Upstream::start(Reply::Events(Arc::clone(&more))).await;
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url())).await;
        upstream.reply(Reply::Events(Arc::clone(&more)));
        let mut wire = Wire::connect(address).await;
        wire.send("GET /__clerk/events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await;
        wire.until("data: first").await;
        more.notify_one();
        wire.until("data: second").await;
        upstream.take();

        upstream.reply(response(200, "", "thanks"));
        let mut wire = Wire::connect(address).await;
        wire.send("POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 10\r\n\r\nfirst").await;
        upstream.until(|received| received.first().is_some_and(|request| request.body == b"first")).await;
        wire.send("other").await;
        wire.until("thanks").await;
        assert!(upstream.take()[0].complete, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_large_a_body_is_413_and_never_passes_for_whole() {
    let local = LocalClerk::start().await.unwrap();
    for framework in FRAMEWORKS {
        let upstream = Upstream::start(response(200, "", "ok")).await;
        let address = serve(framework, &local, proxy(&local, upstream.url()).body_limit(100_000)).await;
        let declared = format!(
            "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100001\r\n\r\n{}",
            "x".repeat(100_001)
        );
        let answer = exchange(address, &declared).await;
        assert_eq!((answer.status, &*code(&answer.body)), (413, "proxy_request_failed"), "{framework:?}");
        assert_eq!(upstream.take().len(), 0, "{framework:?}");
        let chunk = format!("c350\r\n{}\r\n", "x".repeat(50_000));
        let head = "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(exchange(address, &format!("{head}{chunk}{chunk}0\r\n\r\n")).await.status, 200, "{framework:?}");
        assert!(upstream.take().iter().all(|request| request.complete));
        let answer = exchange(address, &format!("{head}{chunk}{chunk}1\r\nx\r\n0\r\n\r\n")).await;
        assert_eq!((answer.status, &*code(&answer.body)), (413, "proxy_request_failed"), "{framework:?}");
        assert!(upstream.take().iter().all(|request| !request.complete), "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upstream_that_fails_has_a_status_of_its_own() {
    let local = LocalClerk::start().await.unwrap();
    let upstream = Upstream::start(Reply::Hangs).await;
    let brief = Duration::from_millis(200);
    let get = "GET /__clerk/v1?token=secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let post = format!(
        "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 12000000\r\n\r\n{}",
        "x".repeat(12_000_000)
    );
    let unfinished = "POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf";
    for framework in FRAMEWORKS {
        let dead = serve(framework, &local, proxy(&local, &endpoint::nobody().await)).await;
        let proxy = proxy(&local, upstream.url());
        let address =
            serve(framework, &local, proxy.clone().head_timeout(brief).body_timeout(Duration::from_secs(20))).await;
        let impatient = serve(framework, &local, proxy.body_timeout(brief).head_timeout(Duration::from_secs(20))).await;
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
            ("does not read", impatient, Reply::Deaf, &post, 504),
            ("client is slow", impatient, Reply::Hangs, unfinished, 408),
        ] {
            upstream.reply(reply);
            let answer = if name == "does not read" {
                // The rest of it is never taken.
                let mut wire = Wire::connect(address).await;
                wire.try_send(request).await;
                wire.finish_head().await
            } else if name == "client is slow" {
                let mut wire = Wire::connect(address).await;
                wire.send(request).await;
                wire.finish_head().await
            } else {
                exchange(address, request).await
            };
            assert_eq!(answer.status, status, "{name} {framework:?}: {answer:?}");
            assert!(answer.body.contains("proxy_request_failed"), "{name} {framework:?}: {answer:?}");
            assert_eq!(answer.all("cache-control"), ["no-store"], "{name} {framework:?}");
        }
        for broken in [
            "HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\nhalf",
            "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
            "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
        ] {
            upstream.reply(Reply::Broken(broken.as_bytes().to_vec()));
            let mut wire = Wire::connect(address).await;
            wire.send(get).await;
            let answer = wire.read_to_end().await;
            let framed =
                answer.contains("content-length: 100\r\n") || answer.contains("transfer-encoding: chunked\r\n");
            // Sometimes the failure is there before the head has left.
            assert!(framed || answer.is_empty(), "{broken:?} {framework:?}: {answer}");
            assert!(!answer.contains("\r\n0\r\n\r\n"), "a part passes for the whole in {framework:?}: {answer}");
        }
        upstream.take();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_goes_away_makes_room() {
    let local = LocalClerk::start().await.unwrap();
    let more = Arc::new(Notify::new());
    let upstream = Upstream::start(Reply::Hangs).await;
    let get = "GET /__clerk/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for framework in FRAMEWORKS {
        let address = serve(framework, &local, proxy(&local, upstream.url()).concurrent_requests(1)).await;
        for (waits_for, reply) in
            [("a head", Reply::Hangs), ("a body", Reply::Events(Arc::clone(&more))), ("its own body", Reply::Hangs)]
        {
            upstream.reply(reply);
            upstream.take();
            let mut wire = Wire::connect(address).await;
            if waits_for == "its own body" {
                wire.send("POST /__clerk/v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf").await;
            } else {
                wire.send(get).await;
            }
            upstream.until(|received| received.len() == 1).await;
            let busy = exchange(address, get).await;
            assert_eq!((busy.status, &*code(&busy.body)), (503, "proxy_request_failed"), "{waits_for} {framework:?}");
            assert_eq!(upstream.take().len(), 1, "{waits_for} {framework:?}");
            drop(wire);
            upstream.reply(response(200, "", "ok"));
            let freed = async {
                while exchange(address, get).await.status != 200 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), freed)
                .await
                .unwrap_or_else(|_| panic!("{waits_for} {framework:?}: no room"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_calls_itself_stops() {
    let local = LocalClerk::start().await.unwrap();
    for framework in FRAMEWORKS {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let itself = format!("http://{}", listener.local_addr().unwrap());
        let proxy = proxy(&local, &itself);
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let address = proxied::serve_on(framework, listener, proxy, clerk);
        // Each turn takes one away, and a router that cuts paths another one.
        let path = "/__clerk/__clerk/__clerk/v1";
        let answer = exchange(address, &format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await;
        assert_eq!((answer.status, &*code(&answer.body)), (500, "proxy_configuration_error"), "{framework:?}");
    }
}

/// The instance and its application, whose pages reach the Frontend API through the application alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_signs_in_through_the_proxy() {
    let local = LocalClerk::start().await.unwrap();
    let alice = local.user("alice").unwrap().id;
    for framework in FRAMEWORKS {
        let builder = local.clerk_builder().unwrap().proxy_url("/__clerk").unwrap();
        let clerk = builder.proxy_upstream(local.frontend_api_url()).unwrap().build().unwrap();
        let proxy = FrontendApiProxy::new(&clerk).unwrap();
        let address = proxied::serve(framework, proxy, clerk).await;
        let get = |path| format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        let jwks = exchange(address, &get("/__clerk/.well-known/jwks.json")).await;
        assert_eq!(jwks.status, 200, "{framework:?}");
        assert!(jwks.body.contains("\"kid\""), "{framework:?}: {jwks:?}");
        let missing = exchange(address, &get("/__clerk/v1/nothing")).await;
        assert_eq!((missing.status, &*code(&missing.body)), (404, "resource_not_found"), "Clerk's own error");
        if framework == Framework::Tower {
            continue; // without a router there are no pages
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
