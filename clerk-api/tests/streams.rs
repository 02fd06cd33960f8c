//! Lists of any length, against a server on the loopback that does as it is asked, or does not.

use futures_util::{StreamExt as _, TryStreamExt as _};

mod script;
use script::{Reply, Script, json};

/// A bare list.
fn page(ids: &[&str]) -> Reply {
    json(200, "", &list(ids))
}

/// The same beside a total.
fn counted(ids: &[&str], total: i64) -> Reply {
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
async fn streams_fetch_a_page_when_it_is_needed() {
    let script = Script::start(vec![page(&["user_1", "user_2"]), page(&["user_3", "user_4"]), page(&["user_5"])]).await;
    let mut users = script.client.users().list().limit(2).query("ada").stream();
    assert_eq!(script.lines().len(), 0);
    assert_eq!(users.next().await.unwrap().unwrap().id, "user_1");
    assert_eq!(users.next().await.unwrap().unwrap().id, "user_2");
    assert_eq!(script.lines().len(), 1, "nobody asked for more");
    let rest: Vec<_> = users.map_ok(|user| user.id).try_collect().await.unwrap();
    assert_eq!(rest, ["user_3", "user_4", "user_5"]);
    assert_eq!(
        script.lines(),
        [
            "GET /v1/users?limit=2&query=ada",
            "GET /v1/users?limit=2&query=ada&offset=0&starting_after=user_2",
            "GET /v1/users?limit=2&query=ada&offset=0&starting_after=user_4"
        ]
    );
    // In another order by counting; and by the total.
    let script = Script::start(vec![page(&["user_1", "user_2"]), page(&[])]).await;
    let users: Vec<_> =
        script.client.users().list().limit(2).order_by("-username").stream().try_collect().await.unwrap();
    assert_eq!((users.len(), &*script.lines()[1]), (2, "GET /v1/users?limit=2&order_by=-username&offset=2"));
    let organizations = json(200, "", r#"{"data":[{"id":"org_1"},{"id":"org_2"}],"total_count":2}"#);
    let script = Script::start(vec![organizations]).await;
    let found: Vec<_> = script.client.organizations().list().limit(2).stream().collect().await;
    assert_eq!((found.len(), script.lines().len()), (2, 1), "{found:?}");
    // An error ends it.
    let script =
        Script::start(vec![page(&["user_1", "user_2"]), json(404, "", r#"{"errors":[{"code":"x"}]}"#), page(&[])])
            .await;
    let found: Vec<_> = script.client.users().list().limit(2).stream().collect().await;
    assert_eq!((found.len(), found[2].is_err(), script.lines().len()), (3, true, 2));
}

/// How many organizations come of these pages when two are asked for at a time, and after how many requests.
async fn organizations(pages: Vec<Reply>) -> (usize, usize) {
    let script = Script::start(pages).await;
    let found: Vec<_> = script.client.organizations().list().limit(2).stream().try_collect().await.expect("no error");
    (found.len(), script.lines().len())
}

#[tokio::test]
async fn a_server_that_does_not_look_at_the_offset_ends_the_stream() {
    // The last reply is given again and again.
    assert_eq!(organizations(vec![page(&["a", "b"])]).await, (2, 2), "as long as was asked for");
    assert_eq!(organizations(vec![page(&["a", "b", "c"])]).await, (3, 1), "longer: all of it");
    assert_eq!(organizations(vec![page(&["a"])]).await, (1, 1));
    assert_eq!(organizations(vec![counted(&["a", "b"], 900)]).await, (2, 2), "whatever the total");
    assert_eq!(organizations(vec![page(&["a", "b"]), page(&["c", "d"])]).await, (4, 3));
    assert_eq!(organizations(vec![page(&["a", "b"]), page(&["a", "c"])]).await, (2, 2), "the same beginning");
    // Nor at the cursor.
    let script = Script::start(vec![page(&["user_1", "user_2"])]).await;
    let users: Vec<_> = script.client.users().list().limit(2).stream().try_collect().await.unwrap();
    assert_eq!((users.len(), script.lines().len()), (2, 2));
}

#[tokio::test]
async fn the_total_says_when_a_list_is_over() {
    assert_eq!(organizations(vec![counted(&["a", "b"], 2)]).await, (2, 1));
    assert_eq!(organizations(vec![counted(&["a"], 3), counted(&["b", "c"], 3)]).await, (3, 2), "a page cut short");
    assert_eq!(organizations(vec![counted(&["a", "b", "c"], 5), counted(&["d", "e"], 5)]).await, (5, 2));
    assert_eq!(organizations(vec![counted(&["a", "b"], 5), counted(&[], 5)]).await, (2, 2), "others were removed");
    assert_eq!(organizations(vec![counted(&["a", "b"], 0), page(&["c"])]).await, (3, 2), "no total at all");
    assert_eq!(organizations(vec![counted(&["a", "b"], -1), page(&["c"])]).await, (3, 2));
}

#[tokio::test]
async fn lists_that_are_bare_otherwise_are_asked_for_with_their_total() {
    let script = Script::start(vec![counted(&["inv_1", "inv_2"], 3), counted(&["inv_3"], 3)]).await;
    let found: Vec<_> = script.client.invitations().list().limit(2).stream().try_collect().await.unwrap();
    assert_eq!(found.len(), 3);
    let asked = ["GET /v1/invitations?limit=2&paginated=true", "GET /v1/invitations?limit=2&paginated=true&offset=2"];
    assert_eq!(script.lines(), asked);
    // Unless the caller says otherwise; a bare list is understood as well.
    let script = Script::start(vec![page(&["inv_1", "inv_2", "inv_3"])]).await;
    let bare = script.client.invitations().list().limit(2).paginated(false).stream();
    assert_eq!(bare.try_collect::<Vec<_>>().await.unwrap().len(), 3);
    assert_eq!(script.lines(), ["GET /v1/invitations?limit=2&paginated=false"]);
    // One page is asked for as it always was.
    script.client.invitations().list().send().await.unwrap();
    assert_eq!(script.lines()[1], "GET /v1/invitations");
}

#[tokio::test]
async fn every_list_with_that_flag_sets_it() {
    let script = Script::start(vec![counted(&[], 0)]).await;
    let client = &script.client;
    assert!(client.sessions().list().stream().next().await.is_none());
    assert!(client.jwt_templates().list().stream().next().await.is_none());
    assert!(client.redirect_urls().list().stream().next().await.is_none());
    assert!(client.allowlist_identifiers().list().stream().next().await.is_none());
    assert!(client.users().oauth_access_tokens("user_1", "google").stream().next().await.is_none());
    assert!(script.lines().iter().all(|line| line.ends_with("?paginated=true&limit=100")), "{:?}", script.lines());
    // Those of billing have a total anyway.
    assert!(client.billing().list_plans().stream().next().await.is_none());
    assert_eq!(script.lines()[5], "GET /v1/billing/plans?limit=100");
}
