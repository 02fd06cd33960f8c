//! The Backend API's client, and clerk-rs's: ten calls, good answers and bad ones, the time of a call and its lines of code.

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
use server::{Answer, Server, Variant};

use crate::table::{Table, median};

type Call<C> = for<'c> fn(&'c C) -> Pin<Box<dyn Future<Output = Result<(), String>> + 'c>>;

/// The ten calls of one of the two, by name.
macro_rules! ten {
    ($module:ident, $client:ty) => {
        ten!($module, $client, [get_user, list_users, create_user, update_user, delete_user, ban_user, list_sessions,
            revoke_session, list_organizations, create_organization])
    };
    ($module:ident, $client:ty, [$($name:ident),*]) => {
        [$({
            fn call(client: &$client) -> Pin<Box<dyn Future<Output = Result<(), String>> + '_>> {
                Box::pin(async move { said($module::$name(client).await) })
            }
            (stringify!($name), call as Call<$client>)
        }),*]
    };
}

/// What an outcome says about itself.
fn said<T: Debug, E: std::error::Error>(outcome: Result<T, E>) -> Result<(), String> {
    outcome.map(|answer| drop(std::hint::black_box(answer))).map_err(|error| error.to_string())
}

pub async fn run() {
    let server = Server::start().await;
    let key = "sk_test_bench";
    let clerk = clerk_axum::Clerk::builder().secret_key(key.parse().unwrap()).api_url(&server.url).unwrap();
    // Short, so that what hangs does not hang for half a minute.
    let client = Client::from_clerk(&clerk.build().unwrap()).timeout(Duration::from_secs(3));
    let client = client.try_timeout(Duration::from_secs(2));
    let configuration = ::clerk_rs::ClerkConfiguration::new(key).with_base_path(format!("{}/v1", server.url));
    let theirs = ::clerk_rs::clerk::Clerk::new(configuration);
    answers(&server, &client, &theirs).await;
    bad_days(&server, &client, &theirs).await;
    latency(&server, &client, &theirs).await;
    lines();
}

async fn answers(server: &Server, client: &Client, theirs: &::clerk_rs::clerk::Clerk) {
    let mut table = Table::wide(["answers", "ours", "clerk-rs 0.5"].map(str::to_owned).to_vec());
    for (name, variant) in [
        ("all members", Variant::Full),
        ("null wherever it is allowed", Variant::Null),
        ("the required members alone", Variant::Least),
        ("a member of tomorrow", Variant::NewMember),
        ("an enum's value of tomorrow", Variant::NewValue),
        ("lists beside a total, as `paginated=true` has them", Variant::Total),
    ] {
        server.answer([Answer::Good(variant)]);
        let ours = read(&ten!(ours, Client), client).await;
        table.row([name.to_owned(), ours, read(&ten!(clerk_rs, ::clerk_rs::clerk::Clerk), theirs).await]);
    }
    table.print("Answers of Clerk's description that are read, of ten calls");
}

async fn read<C>(calls: &[(&str, Call<C>)], client: &C) -> String {
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

async fn bad_days(server: &Server, client: &Client, theirs: &::clerk_rs::clerk::Clerk) {
    const JSON: (&str, &str) = ("content-type", "application/json");
    let good = || Answer::Good(Variant::Full);
    let busy = |wait| {
        Answer::Raw(
            429,
            ("retry-after", wait),
            r#"{"errors":[{"code":"too_many_requests","message":"slow down","long_message":"slow down"}]}"#,
        )
    };
    let page = || Answer::Raw(502, ("content-type", "text/html"), "<html>bad gateway</html>");
    let invalid = r#"{"errors":[{"code":"form_param_invalid","message":"is invalid","meta":{"param_name":"first_name"}}],"clerk_trace_id":"trace_1"}"#;
    let missing = r#"{"errors":[{"code":"resource_not_found","message":"not found","long_message":"not found"}]}"#;
    let mut table = Table::wide(["`get_user`, when the server", "ours", "clerk-rs 0.5"].map(str::to_owned).to_vec());
    for (name, answers) in [
        ("answers 429 with `Retry-After: 1` once", vec![busy("1"), good()]),
        ("answers 429 with `Retry-After: 60`", vec![busy("60")]),
        ("answers 502 with a page once", vec![page(), good()]),
        ("answers 502 with a page", vec![page()]),
        ("answers 404", vec![Answer::Raw(404, JSON, missing)]),
        ("is a gateway that answers 404", vec![Answer::Raw(404, JSON, r#"{"message":"no route"}"#)]),
        ("answers 422 without `long_message`", vec![Answer::Raw(422, JSON, invalid)]),
        ("answers 200 with a page", vec![Answer::Raw(200, ("content-type", "text/html"), "<html>sign in</html>")]),
        ("redirects", vec![Answer::Raw(302, ("location", "/elsewhere"), "{}")]),
        ("says nothing", vec![Answer::Silence]),
    ] {
        server.answer(answers.clone());
        let ours = outcome(server, ours::get_user(client)).await;
        server.answer(answers);
        table.row([name.to_owned(), ours, outcome(server, clerk_rs::get_user(theirs)).await]);
    }
    let shows = |shown: String| if shown.contains("sk_test_bench") { "yes" } else { "no" }.to_owned();
    table.row(["`{:?}` shows the secret key".to_owned(), shows(format!("{client:?}")), shows(format!("{theirs:?}"))]);
    server.answer([good()]);
    // `DELETE /organizations/org_1/memberships/..` is `DELETE /organizations/org_1/`.
    let ours = outcome(server, client.organization_memberships().delete("org_1", "..").send()).await;
    server.answer([good()]);
    let deleted =
        ::clerk_rs::apis::organization_memberships_api::delete_organization_membership(&theirs.config, "org_1", "..");
    table.row(["`delete_organization_membership` of the user `..`".to_owned(), ours, outcome(server, deleted).await]);
    table.print("Bad days");
}

async fn outcome<T, E: std::error::Error>(server: &Server, call: impl Future<Output = Result<T, E>>) -> String {
    const PATIENCE: Duration = Duration::from_secs(10);
    let began = Instant::now();
    let outcome = tokio::time::timeout(PATIENCE, call).await;
    let (took, requests) = (began.elapsed().as_secs_f64(), server.requests());
    let said = match outcome {
        Err(_) => "still waits".to_owned(),
        Ok(Ok(_)) => "good".to_owned(),
        Ok(Err(error)) => format!("`{}`", error.to_string().replace('|', "/")),
    };
    format!("{said}; requests: {requests}, {took:.1} s")
}

async fn latency(server: &Server, client: &Client, theirs: &::clerk_rs::clerk::Clerk) {
    const ROUNDS: usize = 2000;
    server.answer([Answer::Good(Variant::Full)]);
    let bare = reqwest::Client::new();
    let url = format!("{}/v1/users/user_1", server.url);
    let mut times = [const { Vec::new() }; 3];
    for round in 0..ROUNDS + 100 {
        let mut taken = [0.0; 3];
        let began = Instant::now();
        std::hint::black_box(ours::get_user(client).await.unwrap());
        taken[0] = began.elapsed().as_secs_f64();
        let began = Instant::now();
        std::hint::black_box(clerk_rs::get_user(theirs).await.unwrap());
        taken[1] = began.elapsed().as_secs_f64();
        let began = Instant::now();
        std::hint::black_box(bare.get(&url).send().await.unwrap().bytes().await.unwrap());
        taken[2] = began.elapsed().as_secs_f64();
        if round >= 100 {
            times.iter_mut().zip(taken).for_each(|(times, taken)| times.push(taken * 1e6));
        }
    }
    let mut table = Table::new(["`get_user` over keep-alive", "median, microseconds", "99 of 100 take less"]);
    for (name, times) in ["**ours**", "clerk-rs 0.5", "reqwest alone, nothing read"].into_iter().zip(&mut times) {
        let median = median(times);
        times.sort_by(f64::total_cmp);
        table.row([name.to_owned(), format!("{median:.0}"), format!("{:.0}", times[times.len() * 99 / 100])]);
    }
    table.print("Time of a call, loopback");
}

/// Lines in the bodies of the functions, as they stand here.
fn lines() {
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
