//! Compares clerk-api with clerk-rs: ten calls, good and bad responses, the time of a call and its lines of code.

mod clerk_rs;
mod ours;
mod server;

use std::{
    fmt::Debug,
    future::Future,
    pin::Pin,
    time::{Duration, Instant},
};

use clerk_api::Client;
use server::{Reply, Server, Variant};

use crate::table::{Table, median};

type Call<C> = for<'c> fn(&'c C) -> Pin<Box<dyn Future<Output = Result<(), String>> + 'c>>;

/// The ten calls of one client, by name.
macro_rules! ten {
    ($module:ident, $client:ty) => {
        ten!($module, $client, [get_user, list_users, create_user, update_user, delete_user, ban_user, list_sessions,
            revoke_session, list_organizations, create_organization])
    };
    ($module:ident, $client:ty, [$($name:ident),*]) => {
        [$({
            fn call(client: &$client) -> Pin<Box<dyn Future<Output = Result<(), String>> + '_>> {
                Box::pin(async move { to_text($module::$name(client).await) })
            }
            (stringify!($name), call as Call<$client>)
        }),*]
    };
}

/// The outcome with its error as text.
fn to_text<T: Debug, E: std::error::Error>(outcome: Result<T, E>) -> Result<(), String> {
    outcome.map(|response| drop(std::hint::black_box(response))).map_err(|error| error.to_string())
}

pub async fn run() {
    let server = Server::start().await;
    let key = "sk_test_bench";
    let clerk = clerk_axum::Clerk::builder().secret_key(key.parse().unwrap()).api_url(&server.url).unwrap();
    // Short, so that a call without a response ends soon.
    let client = Client::from_clerk(&clerk.build().unwrap()).timeout(Duration::from_secs(3));
    let client = client.try_timeout(Duration::from_secs(2));
    let configuration = ::clerk_rs::ClerkConfiguration::new(key).with_base_path(format!("{}/v1", server.url));
    let theirs = ::clerk_rs::clerk::Clerk::new(configuration);
    compare_good_responses(&server, &client, &theirs).await;
    compare_errors(&server, &client, &theirs).await;
    measure_latency(&server, &client, &theirs).await;
    count_lines();
}

async fn compare_good_responses(server: &Server, client: &Client, theirs: &::clerk_rs::clerk::Clerk) {
    let mut table = Table::wide(["responses", "ours", "clerk-rs 0.5"].map(str::to_owned).to_vec());
    for (name, variant) in [
        ("all members", Variant::Full),
        ("null where it is allowed", Variant::Null),
        ("only the required members", Variant::Required),
        ("an unknown member", Variant::NewMember),
        ("an unknown enum value", Variant::NewValue),
        ("lists with a total, as with `paginated=true`", Variant::Total),
    ] {
        server.set_replies([Reply::Good(variant)]);
        let ours = count_reads(&ten!(ours, Client), client).await;
        table.row([name.to_owned(), ours, count_reads(&ten!(clerk_rs, ::clerk_rs::clerk::Clerk), theirs).await]);
    }
    table.print("Responses that are read, of ten calls");
}

async fn count_reads<C>(calls: &[(&str, Call<C>)], client: &C) -> String {
    let mut failed = Vec::new();
    for (name, call) in calls {
        if call(client).await.is_err() {
            failed.push(*name);
        }
    }
    match failed.len() {
        0 => calls.len().to_string(),
        count => format!("{}, not {}", calls.len() - count, failed.join(", ")),
    }
}

async fn compare_errors(server: &Server, client: &Client, theirs: &::clerk_rs::clerk::Clerk) {
    const JSON: (&str, &str) = ("content-type", "application/json");
    let good = || Reply::Good(Variant::Full);
    let busy = |wait| {
        Reply::Raw(
            429,
            ("retry-after", wait),
            r#"{"errors":[{"code":"too_many_requests","message":"slow down","long_message":"slow down"}]}"#,
        )
    };
    let page = || Reply::Raw(502, ("content-type", "text/html"), "<html>bad gateway</html>");
    let invalid = r#"{"errors":[{"code":"form_param_invalid","message":"is invalid","meta":{"param_name":"first_name"}}],"clerk_trace_id":"trace_1"}"#;
    let missing = r#"{"errors":[{"code":"resource_not_found","message":"not found","long_message":"not found"}]}"#;
    let mut table = Table::wide(["`get_user`, when the server", "ours", "clerk-rs 0.5"].map(str::to_owned).to_vec());
    for (name, replies) in [
        ("sends 429 with `Retry-After: 1` once", vec![busy("1"), good()]),
        ("sends 429 with `Retry-After: 60`", vec![busy("60")]),
        ("sends 502 with an HTML page once", vec![page(), good()]),
        ("sends 502 with an HTML page", vec![page()]),
        ("sends 404", vec![Reply::Raw(404, JSON, missing)]),
        ("is a gateway that sends 404", vec![Reply::Raw(404, JSON, r#"{"message":"no route"}"#)]),
        ("sends 422 without `long_message`", vec![Reply::Raw(422, JSON, invalid)]),
        ("sends 200 with an HTML page", vec![Reply::Raw(200, ("content-type", "text/html"), "<html>sign in</html>")]),
        ("redirects", vec![Reply::Raw(302, ("location", "/elsewhere"), "{}")]),
        ("sends nothing", vec![Reply::Silence]),
    ] {
        server.set_replies(replies.clone());
        let ours = describe_outcome(server, ours::get_user(client)).await;
        server.set_replies(replies);
        table.row([name.to_owned(), ours, describe_outcome(server, clerk_rs::get_user(theirs)).await]);
    }
    let shows_key = |shown: String| if shown.contains("sk_test_bench") { "yes" } else { "no" }.to_owned();
    table.row([
        "`{:?}` shows the secret key".to_owned(),
        shows_key(format!("{client:?}")),
        shows_key(format!("{theirs:?}")),
    ]);
    server.set_replies([good()]);
    // `DELETE /organizations/org_1/memberships/..` is `DELETE /organizations/org_1/`.
    let ours = describe_outcome(server, client.organization_memberships().delete("org_1", "..").send()).await;
    server.set_replies([good()]);
    let deleted =
        ::clerk_rs::apis::organization_memberships_api::delete_organization_membership(&theirs.config, "org_1", "..");
    table.row([
        "`delete_organization_membership` of the user `..`".to_owned(),
        ours,
        describe_outcome(server, deleted).await,
    ]);
    table.print("Errors");
}

async fn describe_outcome<T, E: std::error::Error>(
    server: &Server,
    call: impl Future<Output = Result<T, E>>,
) -> String {
    const MAX_WAIT: Duration = Duration::from_secs(10);
    let start = Instant::now();
    let outcome = tokio::time::timeout(MAX_WAIT, call).await;
    let (elapsed, requests) = (start.elapsed().as_secs_f64(), server.requests());
    let result = match outcome {
        Err(_) => "no result".to_owned(),
        Ok(Ok(_)) => "good".to_owned(),
        Ok(Err(error)) => format!("`{}`", error.to_string().replace('|', "/")),
    };
    format!("{result}; requests: {requests}, {elapsed:.1} s")
}

async fn measure_latency(server: &Server, client: &Client, theirs: &::clerk_rs::clerk::Clerk) {
    const ROUNDS: usize = 2000;
    server.set_replies([Reply::Good(Variant::Full)]);
    let bare = reqwest::Client::new();
    let url = format!("{}/v1/users/user_1", server.url);
    let mut times = [const { Vec::new() }; 3];
    for round in 0..ROUNDS + 100 {
        let mut taken = [0.0; 3];
        let start = Instant::now();
        std::hint::black_box(ours::get_user(client).await.unwrap());
        taken[0] = start.elapsed().as_secs_f64();
        let start = Instant::now();
        std::hint::black_box(clerk_rs::get_user(theirs).await.unwrap());
        taken[1] = start.elapsed().as_secs_f64();
        let start = Instant::now();
        std::hint::black_box(bare.get(&url).send().await.unwrap().bytes().await.unwrap());
        taken[2] = start.elapsed().as_secs_f64();
        if round >= 100 {
            times.iter_mut().zip(taken).for_each(|(times, taken)| times.push(taken * 1e6));
        }
    }
    let mut table = Table::new(["`get_user` over keep-alive", "median, microseconds", "99th percentile"]);
    for (name, times) in ["**ours**", "clerk-rs 0.5", "reqwest alone, response not read"].into_iter().zip(&mut times) {
        let median = median(times);
        times.sort_by(f64::total_cmp);
        table.row([name.to_owned(), format!("{median:.0}"), format!("{:.0}", times[times.len() * 99 / 100])]);
    }
    table.print("Time of a call, loopback");
}

/// Counts the lines in the bodies of the functions.
fn count_lines() {
    let mut table = Table::new(["call", "ours", "clerk-rs 0.5"]);
    let mut sums = [0, 0];
    for (name, _) in ten!(ours, Client) {
        let counts = [include_str!("ours.rs"), include_str!("clerk_rs.rs")].map(|source| {
            let body = source.split_once(&format!("fn {name}(")).unwrap().1.split_once("> {\n").unwrap().1;
            body.split_once("\n}\n").unwrap().0.lines().count()
        });
        sums = [sums[0] + counts[0], sums[1] + counts[1]];
        table.row([name.to_owned(), counts[0].to_string(), counts[1].to_string()]);
    }
    table.row(["all".to_owned(), sums[0].to_string(), sums[1].to_string()]);
    table.print("Lines of code of a call");
}
