//! Vectors of `clerkFrontendApiProxy`.

use bytes::Bytes;
use clerk_core::{
    Clerk, ConfigError,
    config::{PublicOrigin, SecretKey},
};
use clerk_proxy::{FrontendApiProxy, ProxyRequest, TrustedPeers};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt,
    net::TcpListener,
    sync::oneshot::{self, Receiver},
};

use crate::{
    backend::{Parsed, read_request},
    files::Vector,
    report::Difference,
    request::Headers,
};

/// Clerk's Frontend API; the answers of the vectors name it.
const FRONTEND_API: &str = "https://frontend-api.clerk.dev";

pub async fn run(vector: &Vector) -> Vec<Difference> {
    let vector = &vector.0;
    let (upstream, mut call) = serve(&vector["fapi"]).await;
    let expected = &vector["expected"];
    let actual = match proxy(&vector["options"], &upstream) {
        Ok((proxy, recorded)) => {
            let mut answer = forward(&proxy, &vector["request"]).await;
            let calls = call.try_recv().ok().into_iter();
            let sent = |call| outgoing(call, &upstream, &recorded);
            answer["outgoing"] = calls.map(sent).collect();
            serde_json::from_str(&answer.to_string().replace(&upstream, &recorded)).unwrap()
        }
        Err(error) => json!({"status": format!("refused when built: {error}"), "outgoing": []}),
    };
    if let Some(refused) = actual["status"].as_str() {
        return vec![Difference::new("status", &expected["status"], refused)];
    }
    let mut differences = Vec::new();
    for field in ["status", "headers", "body", "code"] {
        if expected[field] != actual[field] {
            differences.push(Difference::new(field, &expected[field], &actual[field]));
        }
    }
    let (wanted, sent) = (calls(&expected["outgoing"]), calls(&actual["outgoing"]));
    if wanted != sent {
        differences.push(Difference::new("outgoing", json!(wanted), json!(sent)));
    }
    differences
}

/// The proxy with these options, which trusts its peers as the SDK does, and the address that it would call.
fn proxy(options: &Value, upstream: &str) -> Result<(FrontendApiProxy, String), ConfigError> {
    let mut builder = Clerk::builder();
    if let Some(key) = options["publishableKey"].as_str() {
        builder = builder.publishable_key(key.parse()?);
    }
    if let Some(key) = options["secretKey"].as_str() {
        builder = builder.secret_key(SecretKey::opaque(key)?);
    }
    let clerk = builder.public_origin(PublicOrigin::Forwarded).build()?;
    let mut proxy = FrontendApiProxy::new(&clerk)?.trusted_peers(TrustedPeers::any());
    if let Some(path) = options["proxyPath"].as_str() {
        proxy = proxy.at_path(path)?;
    }
    if let Some(url) = options["fapiUrl"].as_str() {
        proxy = proxy.with_upstream(url)?;
    }
    let recorded = proxy.upstream().to_owned();
    Ok((proxy.with_upstream(upstream)?, recorded))
}

/// A Frontend API that answers one call, and the call that it gets.
async fn serve(answer: &Value) -> (String, Receiver<Parsed>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let host = FRONTEND_API.trim_start_matches("https:");
    let mut text = answer.to_string();
    for (recorded, ours) in [("https:", "http:"), ("http:", "http:"), ("", "")] {
        text = text.replace(&format!("\"{recorded}{host}"), &format!("\"{ours}{}", &address["http:".len()..]));
    }
    let answer: Value = serde_json::from_str(&text).unwrap();
    let (sender, call) = oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let Some(request) = read_request(&mut stream).await else { return };
        let response = response(&answer);
        drop(sender.send(request));
        stream.write_all(response.as_bytes()).await.unwrap_or_default();
    });
    (address, call)
}

/// Empty for a network error: the connection is closed.
fn response(answer: &Value) -> String {
    let Some(status) = answer["status"].as_u64() else { return String::new() };
    let text = answer["text"].as_str().unwrap_or_default();
    let mut head = format!("HTTP/1.1 {status} x\r\n");
    for pair in answer["headers"].as_array().unwrap() {
        head.push_str(&format!("{}: {}\r\n", pair[0].as_str().unwrap(), pair[1].as_str().unwrap()));
    }
    if ![204, 304].contains(&status) {
        head.push_str(&format!("content-length: {}\r\n", text.len()));
    }
    format!("{head}\r\n{text}")
}

async fn forward(proxy: &FrontendApiProxy, request: &Value) -> Value {
    let headers = Headers::of(request);
    let url = request["url"].as_str().unwrap();
    let view = headers.view(request["method"].as_str().unwrap(), url);
    let body = request["body"].as_str().map(|text| {
        let bytes = Bytes::from(text.to_owned());
        stream::iter([Ok::<_, std::io::Error>(bytes)])
    });
    match proxy.forward(&ProxyRequest::new(view), body).await {
        Ok(response) => {
            let pair = |(name, value): (&str, &[u8])| json!([name, String::from_utf8_lossy(value)]);
            let mut headers: Vec<Value> = response.headers().map(pair).collect();
            headers.sort_by_key(|pair| pair[0].to_string());
            let status = response.status();
            let chunks: Vec<_> = response.into_body().collect().await;
            let body: Vec<u8> = chunks.into_iter().flatten().flatten().collect();
            json!({"status": status, "headers": headers, "body": String::from_utf8_lossy(&body)})
        }
        Err(error) => {
            let body: Value = serde_json::from_str(error.body()).unwrap();
            let mut headers: Vec<Value> = error.headers().map(|(name, value)| json!([name, value])).collect();
            headers.sort_by_key(|pair| pair[0].to_string());
            json!({"status": error.status(), "headers": headers, "code": body["errors"][0]["code"]})
        }
    }
}

/// A call in the recorded form.
fn outgoing((method, target, headers, body): Parsed, upstream: &str, recorded: &str) -> Value {
    let host = |address: &str| address.split_once("://").unwrap().1.to_owned();
    let headers = Value::Object(headers).to_string().replace(&host(upstream), &host(recorded));
    let headers: Value = serde_json::from_str(&headers).unwrap();
    let mut call = json!({"method": method, "url": format!("{recorded}{target}"), "headers": headers});
    if !body.is_empty() {
        call["body"] = body.into();
    }
    call
}

/// The calls without headers that belong to the connection, or that an HTTP client adds.
fn calls(list: &Value) -> Vec<Value> {
    let mut calls = list.as_array().cloned().unwrap_or_default();
    for call in &mut calls {
        let headers = call["headers"].as_object_mut().unwrap();
        headers.retain(|name, value| {
            let is_of_connection = ["content-length", "transfer-encoding", "connection"].contains(&&**name);
            let is_default = name == "accept" && value == "*/*";
            !(is_of_connection || is_default)
        });
    }
    calls
}
