//! Streams of lists, against a scripted server that respects the paging parameters or ignores them.

use std::{
    error::Error as _,
    sync::{Arc, Mutex},
};

use clerk_api::{ApiErrorKind, Client};
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
    let server = ScriptedServer::start(vec![page(&["user_1", "user_2"]), page(&["user_2"])]).await;
    let users: Vec<_> =
        server.client.users().list().limit(2).order_by("-username").stream().try_collect().await.unwrap();
    assert_eq!((users.len(), &*server.lines()[1]), (2, "GET /v1/users?limit=2&order_by=-username&offset=1"));
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
    assert_eq!(organizations(vec![page(&["a", "b"])]).await, (2, 3), "as long as the limit");
    assert_eq!(organizations(vec![page(&["a", "b", "c"])]).await, (3, 1), "longer than the limit: the whole list");
    assert_eq!(organizations(vec![page(&["a"])]).await, (1, 3), "shorter than the limit");
    assert_eq!(organizations(vec![page(&[])]).await, (0, 1));
    assert_eq!(organizations(vec![page_with_total(&["a", "b"], 900)]).await, (2, 3), "despite the total");
    // A server that ignores the cursor.
    let server = ScriptedServer::start(vec![page(&["user_1", "user_2"])]).await;
    let users: Vec<_> = server.client.users().list().limit(2).stream().try_collect().await.unwrap();
    assert_eq!((users.len(), server.lines().len()), (2, 3));
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
        organizations(vec![page_with_total(&["a", "b"], 3), page_with_total(&["b", "c"], 3)]).await,
        (3, 2),
        "pages overlap by one item"
    );
    assert_eq!(
        organizations(vec![page_with_total(&["a", "b"], 5), page_with_total(&[], 0)]).await,
        (2, 3),
        "all items were removed meanwhile"
    );
    assert_eq!(
        organizations(vec![page_with_total(&["a", "b"], 0), page(&["b"])]).await,
        (2, 2),
        "a wrong total is ignored"
    );
    assert_eq!(organizations(vec![page_with_total(&["a", "b"], -1), page(&["b"])]).await, (2, 2));
}

#[tokio::test]
async fn a_stream_asks_for_the_total_of_a_list_that_has_a_flag_for_it() {
    let server =
        ScriptedServer::start(vec![page_with_total(&["inv_1", "inv_2"], 3), page_with_total(&["inv_2", "inv_3"], 3)])
            .await;
    let found: Vec<_> = server.client.invitations().list().limit(2).stream().try_collect().await.unwrap();
    assert_eq!(found.len(), 3);
    let expected =
        ["GET /v1/invitations?limit=2&paginated=true", "GET /v1/invitations?limit=2&paginated=true&offset=1"];
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

/// A server with this many things. `limit` counts up to `max_limit`; a larger one is taken for 10. It refuses a cursor
/// whose item is gone, and deletes.
async fn things(count: usize, max_limit: usize, has_total: bool) -> ScriptedServer {
    let ids: Arc<Mutex<Vec<String>>> = Arc::new(Mutex::new((0..count).map(|at| format!("thing_{at}")).collect()));
    ScriptedServer::with(move |request| {
        let mut ids = ids.lock().expect("not poisoned");
        let (method, address) = request.line.split_once(' ').expect("a method");
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        if method != "GET" {
            let id = path.split('/').find(|part| part.starts_with("thing_")).expect("an id");
            ids.retain(|one| one != id);
            return json(200, "", &format!(r#"{{"object":"thing","id":"{id}","deleted":true}}"#));
        }
        let parameter = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        let number = |name: &str| parameter(name).map_or(0, |value| value.parse().expect("a number"));
        let limit = if (1..=max_limit).contains(&number("limit")) { number("limit") } else { 10 };
        let start = match parameter("starting_after") {
            Some(cursor) => match ids.iter().position(|id| id == cursor) {
                Some(at) => at + 1,
                None => return json(422, "", r#"{"errors":[{"code":"form_param_value_invalid"}]}"#),
            },
            None => number("offset"),
        };
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let found: Vec<_> = ids.iter().copied().skip(start).take(limit).collect();
        if has_total { page_with_total(&found, ids.len() as i64) } else { page(&found) }
    })
    .await
}

#[tokio::test]
async fn a_limit_that_the_api_does_not_have_is_not_sent() {
    let server = things(37, 500, false).await;
    for limit in [501, 0, -1, 1000] {
        let found: Vec<_> = server.client.users().list().limit(limit).stream().collect().await;
        let error = found.into_iter().next().unwrap().unwrap_err();
        assert_eq!(error.kind(), ApiErrorKind::InvalidRequest);
        let expected = "GetUserList: the request is invalid and was not sent: limit is out of range: 1..=500";
        assert_eq!(error.to_string(), expected);
    }
    assert_eq!(server.lines(), Vec::<String>::new());
    for limit in [1, 2, 10, 36, 37, 38, 500] {
        let found = server.client.users().list().limit(limit).stream().try_collect::<Vec<_>>().await.unwrap().len();
        assert_eq!(found, 37, "{limit}");
    }
}

#[tokio::test]
async fn a_short_page_is_not_the_end_if_the_server_has_a_smaller_limit() {
    for has_total in [true, false] {
        // The largest limit is 25, and more counts as 10.
        let client = things(37, 25, has_total).await.client;
        for limit in [10, 25, 26, 100, 500] {
            assert_eq!(client.users().list().limit(limit).stream().try_collect::<Vec<_>>().await.unwrap().len(), 37);
            let by_name = client.users().list().order_by("username").limit(limit).stream();
            assert_eq!(by_name.try_collect::<Vec<_>>().await.unwrap().len(), 37);
            let organizations = client.organizations().list().limit(limit).stream();
            assert_eq!(organizations.try_collect::<Vec<_>>().await.unwrap().len(), 37);
        }
    }
}

/// The ids of the stream's items; `remove` removes some of them as they come.
macro_rules! read_and_remove {
    ($stream:expr, $remove:expr) => {{
        let (mut stream, mut ids) = ($stream, Vec::new());
        while let Some(item) = stream.try_next().await.unwrap() {
            let id = item.id;
            $remove(id.clone(), ids.len()).await;
            ids.push(id);
        }
        ids
    }};
}

#[tokio::test]
async fn a_stream_goes_on_while_its_items_are_removed() {
    let expected: Vec<_> = (0..95).map(|at| format!("thing_{at}")).collect();
    for has_total in [true, false] {
        for keep_each in [1, 3] {
            let client = || async { things(95, 500, has_total).await.client };
            let delete_user = |client: &Client| {
                let users = client.users();
                move |id: String, at: usize| {
                    let users = users.clone();
                    async move {
                        if keep_each == 1 || at % keep_each != 0 {
                            users.delete(id).send().await.unwrap();
                        }
                    }
                }
            };
            let one = client().await;
            assert_eq!(read_and_remove!(one.users().list().limit(10).stream(), delete_user(&one)), expected);
            let one = client().await;
            let by_name = one.users().list().order_by("username").limit(10).stream();
            assert_eq!(read_and_remove!(by_name, delete_user(&one)), expected);
            let one = client().await;
            assert_eq!(read_and_remove!(one.organizations().list().limit(10).stream(), delete_user(&one)), expected);
            let one = client().await;
            assert_eq!(read_and_remove!(one.invitations().list().limit(1).stream(), delete_user(&one)), expected);
        }
    }
}

#[tokio::test]
async fn an_odd_record_names_its_place_and_does_not_end_the_stream() {
    let odd =
        list(&["user_1", "user_2", "user_3"]).replace(r#""user_2","#, r#""user_2","email_addresses":[{"id":7}],"#);
    for body in [odd.clone(), format!(r#"{{"data":{odd},"total_count":3}}"#)] {
        let server = ScriptedServer::start(vec![json(200, "", &body), page(&[])]).await;
        let expected = "GetUserList: the response differs from Clerk's description of the API: data[1].email_addresses[0].id is not text";
        let error = server.client.users().list().send().await.unwrap_err();
        assert_eq!(error.to_string(), format!("{expected}, status 200"));
        assert_eq!(error.source().unwrap().to_string(), "data[1].email_addresses[0].id is not text");
        let server = ScriptedServer::start(vec![json(200, "", &body), page(&[])]).await;
        let found: Vec<_> = server.client.users().list().stream().collect().await;
        assert_eq!(found.len(), 3);
        assert_eq!(found[1].as_ref().unwrap_err().to_string(), expected);
        assert_eq!((&*found[0].as_ref().unwrap().id, &*found[2].as_ref().unwrap().id), ("user_1", "user_3"));
    }
    let user = r#"{"id":"user_1","banned":false,"locked":"7777"}"#;
    let server = ScriptedServer::start(vec![json(200, "", user)]).await;
    let error = server.client.users().get("user_1").send().await.unwrap_err().to_string();
    assert!(error.contains("API: locked is not true or false, status 200") && !error.contains("7777"), "{error}");
}
