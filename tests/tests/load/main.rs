//! A local instance under the load of a large test suite. It needs its own process to measure the memory.

mod budget;

use std::sync::Arc;

use clerk_local::{LocalClerk, Seed};
use serde_json::Value;
use tokio::{sync::Semaphore, task::JoinSet};

const SIGN_INS: usize = 200;
const TOKENS: usize = 10_000;

/// The largest number of concurrent requests: one per browser.
const CONCURRENT: usize = 200;

/// Resident memory of this process in MiB, if the system has `/proc`.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

#[tokio::test(flavor = "multi_thread")]
async fn many_concurrent_sign_ins_and_tokens() {
    let seed = Seed::from_toml("[[users]]\nusername = \"erin\"\npassword = \"correct horse battery\"").unwrap();
    let local = LocalClerk::builder().seed(seed).start().await.unwrap();
    let base = local.frontend_api_url().to_owned();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let before = memory();

    let mut sign_ins = JoinSet::new();
    for _ in 0..SIGN_INS {
        let (client, url) = (client.clone(), format!("{base}/v1/client/sign_ins"));
        sign_ins.spawn(async move {
            let form = "strategy=password&identifier=erin%40example.com&password=correct+horse+battery";
            let form = client.post(url).header("content-type", "application/x-www-form-urlencoded").body(form);
            let response = form.send().await.unwrap();
            assert_eq!(response.status(), 200);
            let mut cookies = response.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
            let cookie = cookies.rfind(|cookie| cookie.starts_with("__client=")).unwrap();
            let cookie = cookie.split(';').next().unwrap().to_owned();
            let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
            (body["response"]["created_session_id"].as_str().unwrap().to_owned(), cookie)
        });
    }
    let sessions = Arc::new(sign_ins.join_all().await);

    let permits = Arc::new(Semaphore::new(CONCURRENT));
    let mut tokens = JoinSet::new();
    for index in 0..TOKENS {
        let (client, base) = (client.clone(), base.clone());
        let (sessions, permits) = (Arc::clone(&sessions), Arc::clone(&permits));
        tokens.spawn(async move {
            let _permit = permits.acquire().await.unwrap();
            let (session, cookie) = &sessions[index % SIGN_INS];
            let url = format!("{base}/v1/client/sessions/{session}/tokens");
            let response = client.post(url).header("cookie", cookie).send().await.unwrap();
            assert_eq!(response.status(), 200);
            let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
            body["jwt"].as_str().unwrap().to_owned()
        });
    }
    let mut tokens = tokens.join_all().await;
    println!(
        "{SIGN_INS} sign-ins, {TOKENS} tokens; memory of client and instance in MiB: {before:?} before, {:?} after",
        memory()
    );

    let clerk = local.clerk_builder().unwrap().build().unwrap();
    clerk.verify_session_token(&tokens[TOKENS - 1]).await.unwrap();
    tokens.sort_unstable();
    tokens.dedup();
    assert_eq!(tokens.len(), TOKENS, "no two tokens are equal");
}
