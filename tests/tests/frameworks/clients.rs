//! Outgoing HTTP: every client comes from the one constructor in `clerk-core/src/backend/client.rs`, which knows the rules
//! about proxies, redirects and limits; and those rules over real connections.

use std::{env, fs, path::Path};

use clerk_core::Clerk;
use clerk_local::LocalClerk;
use clerk_tests::endpoint::Endpoint;

use crate::layers::rust_files;

/// Says to a child process what to do.
const TASK: &str = "CLERK_TEST_TASK";

const CRATES: [&str; 6] = ["clerk-actix", "clerk-api", "clerk-axum", "clerk-core", "clerk-local", "clerk-tower"];

/// How a client of reqwest is built under its full name.
const FULL_NAMES: [&str; 4] = ["reqwest::Client::", "reqwest::ClientBuilder", "reqwest::blocking", "reqwest::get("];

/// The same where the name is imported.
const SHORT_NAMES: [&str; 4] = ["Client::new(", "Client::builder(", "Client::default(", "ClientBuilder::"];

#[test]
fn one_function_builds_every_client() {
    let (mut built, mut elsewhere) = (0, Vec::new());
    for name in CRATES {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        for file in rust_files(&source) {
            if builds_a_client(&fs::read_to_string(&file).unwrap()) && !file.ends_with("tests.rs") {
                match file.ends_with("clerk-core/src/backend/client.rs") {
                    true => built += 1,
                    false => elsewhere.push(file),
                }
            }
        }
    }
    assert_eq!((built, &*elsewhere), (1, &[][..]), "use clerk-core's HttpClient");
}

#[test]
fn clients_are_found_in_any_spelling() {
    for text in [
        "let client = reqwest::Client::new();",
        "use reqwest::Client;\nlet client = Client::new();",
        "use reqwest::{Url, Client};\nlet client = Client::builder().build();",
        "use ::reqwest::ClientBuilder;\nlet client = ClientBuilder::new();",
        "let body = reqwest::get(url).await;",
    ] {
        assert!(builds_a_client(text), "{text}");
    }
    for text in [
        "use crate::Client;\nlet client = Client::new();",
        "/// let client = reqwest::Client::new();",
        "use reqwest::{Client, Url};\nfn send(client: &Client) {}",
        "#[cfg(test)]\nmod tests {\n    let client = reqwest::Client::new();\n}",
    ] {
        assert!(!builds_a_client(text), "{text}");
    }
}

/// The environment's proxy is read when a client is built, so each case is a process of its own.
#[tokio::test(flavor = "multi_thread")]
async fn only_https_to_other_machines_goes_through_a_proxy() {
    match env::var(TASK).as_deref() {
        Ok("here") => {
            let local = LocalClerk::start().await.unwrap();
            let clerk = local.clerk_builder().unwrap().build().unwrap();
            clerk.warm_up().await.unwrap();
            clerk.verify_session_token(&local.token("alice").unwrap().mint()).await.unwrap();
            clerk.revoke_session(&local.sign_in("alice").unwrap()).await.unwrap();
            let users = clerk_api::Client::from_clerk(&clerk).users().list().send().await.unwrap();
            assert!(!users.data.is_empty());
        }
        Ok("elsewhere") => {
            let builder = Clerk::builder().secret_key("sk_test_abcdefghijklmnop".parse().unwrap());
            builder.api_url("https://api.clerk.invalid").unwrap().build().unwrap().warm_up().await.unwrap_err();
        }
        _ => {
            for (task, expected) in [("here", false), ("elsewhere", true)] {
                let proxy = Endpoint::json("{}").await;
                let mut child = std::process::Command::new(env::current_exe().unwrap());
                child.args(["--exact", "clients::only_https_to_other_machines_goes_through_a_proxy"]).env(TASK, task);
                for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
                    child.env(name, proxy.url());
                }
                let child = child.env_remove("NO_PROXY").env_remove("no_proxy");
                let output = tokio::task::block_in_place(|| child.output()).unwrap();
                assert!(output.status.success(), "{task}: {}", String::from_utf8_lossy(&output.stdout));
                assert_eq!(proxy.requests() > 0, expected, "{task}: {} calls went through the proxy", proxy.requests());
            }
        }
    }
}

/// Whether a file's code, without comments and unit tests, builds a client.
fn builds_a_client(text: &str) -> bool {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let lines: Vec<&str> = code.lines().map(|line| line.split("//").next().unwrap()).collect();
    let code = lines.join("\n");
    let imports = code.split("use ").skip(1).map(|rest| rest.split(';').next().unwrap());
    let named = imports
        .into_iter()
        .any(|import| import.trim_start_matches(':').starts_with("reqwest::") && import.contains("Client"));
    FULL_NAMES.iter().any(|name| code.contains(name)) || named && SHORT_NAMES.iter().any(|name| code.contains(name))
}
