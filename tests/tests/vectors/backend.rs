//! A fake Backend API that sends the responses of each vector.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

#[derive(Clone)]
pub struct Backend(Arc<Shared>);

struct Shared {
    address: SocketAddr,
    canned: Value,
    scripts: Mutex<HashMap<usize, Script>>,
}

/// The responses for one vector's calls, and the calls that were made.
#[derive(Default)]
struct Script {
    responses: Value,
    served: HashMap<&'static str, usize>,
    outgoing: Vec<Value>,
}

impl Backend {
    pub async fn start(canned: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared { address, canned, scripts: Mutex::default() };
        let backend = Self(Arc::new(shared));
        let serving = backend.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let backend = serving.clone();
                tokio::spawn(async move { backend.serve(stream).await });
            }
        });
        backend
    }

    /// Sets the responses for one vector; returns the API's address for it.
    pub fn script(&self, index: usize, responses: &Value) -> String {
        let mut scripts = self.0.scripts.lock().unwrap();
        scripts.entry(index).or_default().responses = responses.clone();
        format!("http://{}/{index}", self.0.address)
    }

    /// Returns the calls since the last time, in order.
    pub fn take_outgoing(&self, index: usize) -> Vec<Value> {
        let mut scripts = self.0.scripts.lock().unwrap();
        scripts.get_mut(&index).map(|script| std::mem::take(&mut script.outgoing)).unwrap_or_default()
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Some((method, target, headers, body)) = read_request(&mut stream).await else { return };
        let (index, path) = target[1..].split_once('/').unwrap();
        let response = self.respond(index.parse().unwrap(), &method, &format!("/{path}"), headers, &body);
        // A network error is a connection that is closed without a response.
        if let Some(response) = response {
            stream.write_all(response.as_bytes()).await.unwrap_or_default();
        }
    }

    fn respond(
        &self,
        index: usize,
        method: &str,
        target: &str,
        headers: Map<String, Value>,
        body: &str,
    ) -> Option<String> {
        let mut scripts = self.0.scripts.lock().unwrap();
        let script = scripts.entry(index).or_default();
        let mut call = json!({"method": method, "target": target, "headers": headers});
        if !body.is_empty() {
            call["body"] = serde_json::from_str(body).unwrap();
        }
        script.outgoing.push(call);
        let path = target.split('?').next().unwrap();
        let endpoint = match (method, path) {
            ("GET", path) if path.ends_with("/jwks") => "jwks",
            ("POST", path) if path.ends_with("/refresh") => "refresh",
            ("GET", path) if path.ends_with("/clients/handshake_payload") => "handshake_payload",
            ("POST", path) if path.ends_with("/m2m_tokens/verify") => "m2m_verify",
            ("POST", path) if path.ends_with("/oauth_applications/access_tokens/verify") => "oauth_verify",
            ("POST", path) if path.ends_with("/api_keys/verify") => "api_key_verify",
            _ => "none",
        };
        let served = script.served.entry(endpoint).or_default();
        let mut response = &script.responses[endpoint];
        if let Some(list) = response.as_array() {
            response = &list[(*served).min(list.len() - 1)];
        }
        *served += 1;
        let response = match response {
            Value::Null if endpoint == "jwks" => &self.0.canned["jwks"]["ok"],
            Value::Null => return Some(write_response(404, &json!({}), &not_found())),
            Value::String(name) => &self.0.canned[endpoint][name],
            inline => inline,
        };
        assert!(response.is_object(), "{endpoint}: {response}");
        if response.get("network_error").is_some() {
            return None;
        }
        let status = response["status"].as_u64().unwrap();
        let body = match (response.get("text"), response.get("body")) {
            (Some(text), _) => text.as_str().unwrap().to_owned(),
            (None, Some(body)) => body.to_string(),
            (None, None) => String::new(),
        };
        let mut headers = response["headers"].clone();
        if response.get("body").is_some() && headers["content-type"].is_null() {
            headers["content-type"] = "application/json".into();
        }
        Some(write_response(status, &headers, &body))
    }
}

fn not_found() -> String {
    json!({"errors": [{"code": "resource_not_found", "message": "not found"}]}).to_string()
}

fn write_response(status: u64, headers: &Value, body: &str) -> String {
    let mut head = format!("HTTP/1.1 {status} x\r\nconnection: close\r\n");
    for (name, value) in headers.as_object().into_iter().flatten() {
        head.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap()));
    }
    if status != 204 {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    format!("{head}\r\n{body}")
}

/// Method, target, headers and body.
pub type Parsed = (String, String, Map<String, Value>, String);

pub async fn read_request(stream: &mut TcpStream) -> Option<Parsed> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let mut chunk = [0; 16 * 1024];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut request_line = lines.next()?.split(' ');
    let (method, target) = (request_line.next()?.to_owned(), request_line.next()?.to_owned());
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let earlier = headers.get(&name.to_ascii_lowercase()).and_then(Value::as_str);
        let all = earlier.map_or_else(|| value.trim().to_owned(), |earlier| format!("{earlier}, {}", value.trim()));
        headers.insert(name.to_ascii_lowercase(), all.into());
    }
    let length = headers.get("content-length").and_then(|l| l.as_str()?.parse().ok()).unwrap_or(0);
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length {
        let mut chunk = vec![0; length - body.len()];
        let read = stream.read(&mut chunk).await.ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&chunk[..read]);
    }
    Some((method, target, headers, String::from_utf8(body).ok()?))
}
