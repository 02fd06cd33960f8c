//! Streams of lists, against a scripted server that respects the paging parameters or ignores them.

use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::scripted_server::{Reply, ScriptedServer, json};

/// A page as a bare list.
fn page(ids: &[&str]) -> Reply {
    json(200, "", &list(ids))
}

/// A page as an object with a total.
fn page_with_total(ids: &[&str], total: i64) -> Reply {
    json(200, "", &format!(r#"{{"data":{},"total_count":{total}}}"#, list(ids)))
}

fn list(ids: &[&str]) -> String {
    let item = |id: &&str| {
        format!(
            r#"{{"object":"thing","id":"{id}","banned":false,"locked":false,"revoked":false,"public_metadata":{{}}}}"#
        )
    };
    format!("[{}]", ids.iter().map(item).collect::<Vec<_>>().join(","))
}

#[tokio::test]
async fn a_stream_fetches_a_page_only_when_it_is_needed() {
    let server =
        ScriptedServer::start(vec![page(&["user_1", "user_2"]), page(&["user_3", "user_4"]), page(&["user_5"])]).await;
    let mut users = server.client.users().list().limit(2).query("ada").stream();
    assert_eq!(server.lines().len(), 0);
    assert_eq!(users.next().await.unwrap().unwrap().id, "user_1");
    assert_eq!(users.next().await.unwrap().unwrap().id, "user_2");
    assert_eq!(server.lines().len(), 1, "the second page is not needed yet");
    let rest: Vec<_> = users.map_ok(|user| user.id).try_collect().await.unwrap();
    assert_eq!(rest, ["user_3", "user_4", "user_5"]);
    assert_eq!(
        server.lines(),
        [
            "GET /v1/users?limit=2&query=ada",
            "GET /v1/users?limit=2&query=ada&offset=0&starting_after=user_2",
            "GET /v1/users?limit=2&query=ada&offset=0&starting_after=user_4"
        ]
    );
    // In another order: by offset; and with a total.
    let server = ScriptedServer::start(vec![page(&["user_1", "user_2"]), page(&[])]).await;
    let users: Vec<_> =
        server.client.users().list().limit(2).order_by("-username").stream().try_collect().await.unwrap();
    assert_eq!((users.len(), &*server.lines()[1]), (2, "GET /v1/users?limit=2&order_by=-username&offset=2"));
    let organizations = json(200, "", r#"{"data":[{"id":"org_1"},{"id":"org_2"}],"total_count":2}"#);
    let server = ScriptedServer::start(vec![organizations]).await;
    let found: Vec<_> = server.client.organizations().list().limit(2).stream().collect().await;
    assert_eq!((found.len(), server.lines().len()), (2, 1), "{found:?}");
    // An error ends the stream.
    let server = ScriptedServer::start(vec![
        page(&["user_1", "user_2"]),
        json(404, "", r#"{"errors":[{"code":"x"}]}"#),
        page(&[]),
    ])
    .await;
    let found: Vec<_> = server.client.users().list().limit(2).stream().collect().await;
    assert_eq!((found.len(), found[2].is_err(), server.lines().len()), (3, true, 2));
}

/// Streams organizations with a limit of two from these pages. Returns the number of organizations and of requests.
async fn organizations(pages: Vec<Reply>) -> (usize, usize) {
    let server = ScriptedServer::start(pages).await;
    let found: Vec<_> = server.client.organizations().list().limit(2).stream().try_collect().await.expect("no error");
    (found.len(), server.lines().len())
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_ends_the_stream() {
    // The server repeats the last reply.
    assert_eq!(organizations(vec![page(&["a", "b"])]).await, (2, 2), "as long as the limit");
    assert_eq!(organizations(vec![page(&["a", "b", "c"])]).await, (3, 1), "longer than the limit: the whole list");
    assert_eq!(organizations(vec![page(&["a"])]).await, (1, 1));
    assert_eq!(organizations(vec![page_with_total(&["a", "b"], 900)]).await, (2, 2), "despite the total");
    assert_eq!(organizations(vec![page(&["a", "b"]), page(&["c", "d"])]).await, (4, 3));
    assert_eq!(organizations(vec![page(&["a", "b"]), page(&["a", "c"])]).await, (2, 2), "the same first item");
    // A server that ignores the cursor.
    let server = ScriptedServer::start(vec![page(&["user_1", "user_2"])]).await;
    let users: Vec<_> = server.client.users().list().limit(2).stream().try_collect().await.unwrap();
    assert_eq!((users.len(), server.lines().len()), (2, 2));
}

#[tokio::test]
async fn a_stream_ends_at_the_total() {
    assert_eq!(organizations(vec![page_with_total(&["a", "b"], 2)]).await, (2, 1));
    assert_eq!(
        organizations(vec![page_with_total(&["a"], 3), page_with_total(&["b", "c"], 3)]).await,
        (3, 2),
        "a page shorter than the limit"
    );
    assert_eq!(
        organizations(vec![page_with_total(&["a", "b", "c"], 5), page_with_total(&["d", "e"], 5)]).await,
        (5, 2)
    );
    assert_eq!(
        organizations(vec![page_with_total(&["a", "b"], 5), page_with_total(&[], 5)]).await,
        (2, 2),
        "items were removed meanwhile"
    );
    assert_eq!(
        organizations(vec![page_with_total(&["a", "b"], 0), page(&["c"])]).await,
        (3, 2),
        "a wrong total is ignored"
    );
    assert_eq!(organizations(vec![page_with_total(&["a", "b"], -1), page(&["c"])]).await, (3, 2));
}

#[tokio::test]
async fn a_stream_asks_for_the_total_of_a_list_that_has_a_flag_for_it() {
    let server =
        ScriptedServer::start(vec![page_with_total(&["inv_1", "inv_2"], 3), page_with_total(&["inv_3"], 3)]).await;
    let found: Vec<_> = server.client.invitations().list().limit(2).stream().try_collect().await.unwrap();
    assert_eq!(found.len(), 3);
    let expected =
        ["GET /v1/invitations?limit=2&paginated=true", "GET /v1/invitations?limit=2&paginated=true&offset=2"];
    assert_eq!(server.lines(), expected);
    // The caller can turn the flag off; a bare list is read, too.
    let server = ScriptedServer::start(vec![page(&["inv_1", "inv_2", "inv_3"])]).await;
    let bare = server.client.invitations().list().limit(2).paginated(false).stream();
    assert_eq!(bare.try_collect::<Vec<_>>().await.unwrap().len(), 3);
    assert_eq!(server.lines(), ["GET /v1/invitations?limit=2&paginated=false"]);
    // Without a stream, the flag is not set.
    server.client.invitations().list().send().await.unwrap();
    assert_eq!(server.lines()[1], "GET /v1/invitations");
}

#[tokio::test]
async fn each_stream_of_a_list_with_the_flag_sets_it() {
    let server = ScriptedServer::start(vec![page_with_total(&[], 0)]).await;
    let client = &server.client;
    assert!(client.sessions().list().stream().next().await.is_none());
    assert!(client.jwt_templates().list().stream().next().await.is_none());
    assert!(client.redirect_urls().list().stream().next().await.is_none());
    assert!(client.allowlist_identifiers().list().stream().next().await.is_none());
    assert!(client.users().oauth_access_tokens("user_1", "google").stream().next().await.is_none());
    assert!(server.lines().iter().all(|line| line.ends_with("?paginated=true&limit=100")), "{:?}", server.lines());
    // Billing's lists always have a total.
    assert!(client.billing().list_plans().stream().next().await.is_none());
    assert_eq!(server.lines()[5], "GET /v1/billing/plans?limit=100");
}
