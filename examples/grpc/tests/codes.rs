//! Calls over a real connection: status codes, and streams through the layers.

#![expect(clippy::unwrap_used, reason = "a failed setup fails the test")]

use std::time::Duration;

use clerk_local::LocalClerk;
use example_grpc::{client::Client, serve};
use tokio::net::TcpListener;
use tokio_stream::StreamExt;
use tonic::{Code, Status};

async fn server(clerk: clerk_tower::clerk_core::Clerk) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { serve(listener, clerk).await.unwrap() });
    url
}

async fn client(url: &str, token: &str) -> Client {
    Client::connect(url, (!token.is_empty()).then_some(token)).await.unwrap()
}

fn code<T>(outcome: &Result<T, Status>) -> Code {
    outcome.as_ref().map_or_else(Status::code, |_| Code::Ok)
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_has_its_status_code() {
    let local = LocalClerk::start().await.unwrap();
    let url = server(local.clerk_builder().unwrap().build().unwrap()).await;
    let admin = local.token("alice").unwrap().mint();
    let member = local.token("bob").unwrap().mint();
    let expired = local.token("alice").unwrap().expired(Duration::from_secs(60)).mint();
    let foreign = local.token("alice").unwrap().foreign_key().mint();
    let without_organization = local.token("carol").unwrap().mint();
    for (name, token, who_am_i, close) in [
        ("admin", &*admin, Code::Ok, Code::Ok),
        ("member", &member, Code::Ok, Code::PermissionDenied),
        ("no organization", &without_organization, Code::Ok, Code::PermissionDenied),
        ("signed out", "", Code::Unauthenticated, Code::Unauthenticated),
        ("garbage", "abc", Code::Unauthenticated, Code::Unauthenticated),
        ("expired", &expired, Code::Unauthenticated, Code::Unauthenticated),
        ("foreign key", &foreign, Code::Unauthenticated, Code::Unauthenticated),
    ] {
        let mut client = client(&url, token).await;
        let outcomes = (client.who_am_i().await, client.close().await);
        assert_eq!((code(&outcomes.0), code(&outcomes.1)), (who_am_i, close), "{name}: {outcomes:?}");
        assert_eq!(code(&client.entries(1).await), who_am_i, "{name}");
    }
    let alice = local.user("alice").unwrap().id;
    assert_eq!(client(&url, &admin).await.who_am_i().await.unwrap().user, alice);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_and_a_method_reject_with_the_same_status() {
    let local = LocalClerk::start().await.unwrap();
    let url = server(local.clerk_builder().unwrap().build().unwrap()).await;
    let mut signed_out = client(&url, "").await;
    let (method, layer) = (signed_out.who_am_i().await.unwrap_err(), signed_out.close().await.unwrap_err());
    assert_eq!((method.code(), method.message()), (layer.code(), layer.message()));
    assert_eq!(method.message(), "Unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_passes_through_the_layers() {
    let local = LocalClerk::start().await.unwrap();
    let url = server(local.clerk_builder().unwrap().build().unwrap()).await;
    let mut client = client(&url, &local.token("alice").unwrap().mint()).await;
    let entries = client.entries(500).await.unwrap();
    let numbers: Vec<u32> = entries.map(|entry| entry.unwrap().number).collect().await;
    assert_eq!(numbers, (1..=500).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_a_call_is_unavailable() {
    let local = LocalClerk::start().await.unwrap();
    let clerk = local.clerk_builder().unwrap().api_url("http://127.0.0.1:1").unwrap().build().unwrap();
    let url = server(clerk).await;
    let mut client = client(&url, &local.token("alice").unwrap().mint()).await;
    assert_eq!(code(&client.who_am_i().await), Code::Unavailable);
    assert_eq!(code(&client.close().await), Code::Unavailable);
    assert_eq!(code(&self::client(&url, "").await.who_am_i().await), Code::Unauthenticated, "no token, no key needed");
}
