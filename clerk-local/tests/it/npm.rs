//! Clerk's scripts from a folder, and no other files of the machine; the Frontend API under a prefix.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clerk_local::{LocalClerk, StartErrorKind};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A folder that is deleted after the test.
struct Folder(PathBuf);

impl Folder {
    /// A folder as `npm pack` fills it, with a secret beside it.
    fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("clerk-local-{name}-{}", std::process::id()));
        let dist = root.join("npm/@clerk/clerk-js/dist");
        fs::create_dir_all(dist.join("chunks")).unwrap();
        fs::write(dist.join("clerk.browser.js"), "/* clerk */").unwrap();
        fs::write(dist.join("chunks/one.js.map"), "{}").unwrap();
        fs::write(dist.join(".hidden.js"), "secret").unwrap();
        fs::write(root.join("npm/@clerk/clerk-js/package.json"), "secret").unwrap();
        fs::write(root.join("secret.js"), "secret").unwrap();
        Self(root)
    }

    fn npm(&self) -> PathBuf {
        self.0.join("npm")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn start(npm: &Path) -> LocalClerk {
    LocalClerk::builder().npm_folder(npm).start().await.unwrap()
}

/// Sends a request with this path unchanged: HTTP clients would normalize it.
async fn raw(local: &LocalClerk, path: &str) -> String {
    let port = url::Url::parse(local.frontend_api_url()).unwrap().port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn scripts_are_served_whatever_the_version() {
    let folder = Folder::new("served");
    let local = start(&folder.npm()).await;
    let client = reqwest::Client::new();
    for version in ["6", "6.40.0", "latest", "canary", "^6"] {
        for prefix in ["", "/__clerk"] {
            let url =
                format!("{}{prefix}/npm/@clerk/clerk-js@{version}/dist/clerk.browser.js", local.frontend_api_url());
            let answer = client.get(&url).send().await.unwrap();
            assert_eq!(answer.status(), 200, "{url}");
            assert_eq!(answer.headers()["content-type"], "text/javascript; charset=utf-8");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
            assert_eq!(answer.headers()["access-control-allow-origin"], "*");
            assert_eq!(answer.headers()["cache-control"], "no-cache");
            assert_eq!(answer.text().await.unwrap(), "/* clerk */");
        }
    }
    let answer = raw(&local, "/npm/@clerk/clerk-js@6/dist/chunks/one.js.map").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("application/json"), "{answer}");
}

#[tokio::test]
async fn a_cached_file_is_not_sent_again() {
    let folder = Folder::new("etag");
    let local = start(&folder.npm()).await;
    let client = reqwest::Client::new();
    let url = format!("{}/npm/@clerk/clerk-js@6/dist/clerk.browser.js", local.frontend_api_url());
    let etag = client.get(&url).send().await.unwrap().headers()["etag"].clone();
    let ask = async || client.get(&url).header("if-none-match", etag.clone()).send().await.unwrap().status();
    assert_eq!(ask().await, 304);
    fs::write(folder.npm().join("@clerk/clerk-js/dist/clerk.browser.js"), "/* another */").unwrap();
    assert_eq!(ask().await, 200);
}

#[tokio::test]
async fn nothing_else_is_served() {
    let folder = Folder::new("refused");
    let dist = folder.npm().join("@clerk/clerk-js/dist");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.0.join("secret.js"), dist.join("out.js")).unwrap();
        std::os::unix::fs::symlink(&folder.0, dist.join("outside")).unwrap();
        std::os::unix::fs::symlink(dist.join("clerk.browser.js"), dist.join("inside.js")).unwrap();
    }
    let local = start(&folder.npm()).await;
    let absolute = folder.0.join("secret.js").to_str().unwrap().to_owned();
    let encoded = absolute.replace('/', "%2f");
    for file in [
        "../package.json",
        "%2e%2e/package.json",
        "%2E%2E%2Fpackage.json",
        "..%2fpackage.json",
        "..%5cpackage.json",
        "chunks/../../package.json",
        "chunks/%2e%2e/%2e%2e/package.json",
        "../../../../secret.js",
        "%252e%252e/package.json",
        ".hidden.js",
        "./.hidden.js",
        &absolute,
        &encoded,
        "out.js",
        "outside/secret.js",
        "chunks",
        "chunks/",
        "",
        "clerk.browser.js%00",
        "C:%5csecret.js",
        "nothing.js",
    ] {
        let answer = raw(&local, &format!("/npm/@clerk/clerk-js@6/dist/{file}")).await;
        assert!(answer.starts_with("HTTP/1.1 404") && !answer.contains("secret\n"), "{file}: {answer}");
        assert!(!answer.ends_with("secret"), "{file}: {answer}");
    }
    for path in [
        "/npm/@clerk/..@6/dist/clerk.browser.js",
        "/npm/@clerk/clerk-js/dist/clerk.browser.js",
        "/npm/@clerk/other@6/dist/clerk.browser.js",
        "/npm/@clerk/%2e%2e%2fclerk-js@6/dist/clerk.browser.js",
        "/npm/@clerk/clerk-js@6/package.json",
        "/npm/clerk-js@6/dist/clerk.browser.js",
    ] {
        let answer = raw(&local, path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    #[cfg(unix)]
    assert!(raw(&local, "/npm/@clerk/clerk-js@6/dist/inside.js").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_missing_file_says_how_to_get_it() {
    let without = LocalClerk::start().await.unwrap();
    let answer = raw(&without, "/npm/@clerk/ui@1/dist/ui.browser.js").await;
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("npm pack @clerk/ui\n"), "{answer}");
    let folder = Folder::new("missing");
    let local = start(&folder.npm()).await;
    let answer = raw(&local, "/npm/@clerk/ui@1/dist/ui.browser.js").await;
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("npm pack @clerk/ui\n"), "{answer}");
}

#[tokio::test]
async fn a_missing_folder_is_reported_at_the_start() {
    let folder = Folder::new("none");
    for path in [folder.0.join("nothing"), folder.0.join("secret.js")] {
        let error = LocalClerk::builder().npm_folder(&path).start().await.unwrap_err();
        assert_eq!(error.kind(), StartErrorKind::NpmFolder);
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}

#[tokio::test]
async fn the_whole_frontend_api_is_there_under_the_prefix() {
    let local = LocalClerk::start().await.unwrap();
    for (path, status) in [
        ("/.well-known/jwks.json", "200"),
        ("/sign-in", "200"),
        ("/oauth/authorize", "400"),
        ("/idp/google/.well-known/openid-configuration", "200"),
        ("/v1/client/handshake", "400"),
        ("/nothing", "404"),
    ] {
        let plain = raw(&local, path).await;
        let prefixed = raw(&local, &format!("/__clerk{path}")).await;
        assert!(plain.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {plain}");
        let body = |answer: &str| {
            let body = answer.split_once("\r\n\r\n").unwrap().1;
            // Each error has its own id.
            let trace_id = body.split_once(r#""clerk_trace_id":""#).and_then(|(_, rest)| rest.split('"').next());
            trace_id.map_or_else(|| body.to_owned(), |id| body.replace(id, "id"))
        };
        assert_eq!(body(&prefixed), body(&plain), "{path}");
        assert!(prefixed.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {prefixed}");
    }
    assert!(raw(&local, "/").await.starts_with("HTTP/1.1 200"));
    assert!(raw(&local, "/__clerk/").await.starts_with("HTTP/1.1 404"), "the console is not for visitors of the app");
    assert!(raw(&local, "/__clerk/__clerk/sign-in").await.starts_with("HTTP/1.1 404"));
    assert!(raw(&local, "/__clerkx/sign-in").await.starts_with("HTTP/1.1 404"));
}
