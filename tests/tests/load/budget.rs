//! The table of calls in ARCHITECTURE.md, run: what strangers can cause, beside users who must not notice.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use clerk_core::{Authenticator, TokenType};
use clerk_local::LocalClerk;
use clerk_tests::{browser::Browser, client, harness::Framework, slow};
use tokio::task::JoinSet;

const HOSTILE_REQUESTS: usize = 1000;
const HOSTILE_CONNECTIONS: usize = 100;
const GOOD_REQUESTS: usize = 200;
const GOOD_CONNECTIONS: usize = 20;

/// How long Clerk takes for each call.
const CALL: Duration = Duration::from_millis(300);

type Headers = Vec<(&'static str, Vec<u8>)>;

/// A request of a stranger, by its number.
type Hostile = fn(&Scene, usize) -> (String, Headers);

/// What strangers send, one row for each call that they can cause.
const ROWS: [(&str, Hostile); 8] = [
    ("opaque tokens that do not exist", |_, n| bearer("/machine", &format!("ak_junk{n}"))),
    ("one opaque token that does not exist", |_, _| bearer("/machine", "ak_junk")),
    ("opaque tokens of no possible form", |_, n| bearer("/machine", &format!("ak_{}.{n}", "x".repeat(4000)))),
    ("handshake nonces", |_, n| document(&format!("/maybe?__clerk_handshake_nonce=junk{n}"), "")),
    ("handshake tokens of an unknown key", |scene, n| {
        document("/maybe", &format!("__clerk_handshake={}", scene.of_unknown_key(n)))
    }),
    ("session tokens of an unknown key", |scene, n| bearer("/me", &scene.of_unknown_key(n))),
    ("an expired token with refresh cookies that do not exist", |scene, n| {
        let Scene { suffix, expired, .. } = scene;
        let cookies = format!("__session_{suffix}={expired}; __client_uat_{suffix}=1; __refresh_{suffix}=junk{n}");
        document("/maybe", &format!("{cookies}; __clerk_db_jwt_{suffix}=dvb_1"))
    }),
    ("one user with many requests to a route that asks Clerk", |scene, _| bearer("/me", &scene.sessions[0])),
];

struct Scene {
    local: LocalClerk,
    app: SocketAddr,
    suffix: String,
    /// Tokens of sessions, of which only the first is a stranger's.
    sessions: Vec<String>,
    api_key: String,
    expired: String,
    unknown: String,
}

fn bearer(path: &str, token: &str) -> (String, Headers) {
    (path.to_owned(), vec![("authorization", format!("Bearer {token}").into_bytes())])
}

fn document(path: &str, cookies: &str) -> (String, Headers) {
    let headers = vec![
        ("cookie", cookies.as_bytes().to_vec()),
        ("sec-fetch-dest", b"document".to_vec()),
        ("accept", b"text/html".to_vec()),
    ];
    (path.to_owned(), headers)
}

impl Scene {
    async fn start(framework: Framework) -> Self {
        let local = LocalClerk::start().await.unwrap();
        let api = slow::start(local.backend_api_url(), CALL).await;
        let clerk = local.clerk_builder().unwrap().api_url(&api).unwrap().build().unwrap();
        clerk.warm_up().await.unwrap();
        let suffix = clerk.publishable_key().unwrap().cookie_suffix();
        let authenticator = Authenticator::new(clerk).pages().unwrap();
        let authenticator = authenticator.accepts_tokens([TokenType::SessionToken, TokenType::ApiKey]).unwrap();
        let authenticator = authenticator.check_session_with_clerk(Duration::from_secs(1)).unwrap();
        let app = framework.serve(authenticator).await;
        let alice = || local.token("alice").unwrap().lifetime(Duration::from_secs(600));
        let sessions = (0..=GOOD_REQUESTS).map(|n| alice().session_id(&format!("sess_{n}")).mint()).collect();
        let expired = local.token("alice").unwrap().session_id("sess_0").expired(Duration::from_secs(60)).mint();
        let unknown = alice().kid("ins_unknown").mint();
        let api_key = local.api_key("user_1").create();
        Self { local, app, suffix, sessions, api_key, expired, unknown }
    }

    /// A token that no key verifies; its number is its signature.
    fn of_unknown_key(&self, number: usize) -> String {
        let (signed, _) = self.unknown.rsplit_once('.').unwrap();
        format!("{signed}.{}", format!("{number:0>8}").repeat(4))
    }

    /// A request that must succeed.
    async fn send_good(&self, number: usize) -> u16 {
        match number % 10 {
            0 => {
                let me = format!("http://localhost:{}/me", self.app.port());
                let form = format!("user_id=alice&redirect_url={}", me.replace(':', "%3A").replace('/', "%2F"));
                Browser::default().submit(&format!("{}/sign-in", self.local.frontend_api_url()), &form).await.status
            }
            1..4 => self.send(&bearer("/machine", &self.api_key)).await,
            _ => self.send(&bearer("/me", &self.sessions[1 + number])).await,
        }
    }

    async fn send(&self, (path, headers): &(String, Headers)) -> u16 {
        client::get(self.app, path, headers).await.status
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cost_others_nothing() {
    for (number, (name, hostile)) in ROWS.into_iter().enumerate() {
        let framework = [Framework::Axum, Framework::Actix, Framework::Tower][number % 3];
        let scene = Arc::new(Scene::start(framework).await);
        // A machine is known once its token was accepted.
        assert_eq!(scene.send(&bearer("/machine", &scene.api_key)).await, 200);
        let (sent, good_done) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut strangers = JoinSet::new();
        for _ in 0..HOSTILE_CONNECTIONS {
            let (scene, sent, good_done) = (Arc::clone(&scene), Arc::clone(&sent), Arc::clone(&good_done));
            strangers.spawn(async move {
                let mut statuses = BTreeMap::<u16, usize>::new();
                loop {
                    let number = sent.fetch_add(1, SeqCst);
                    // For as long as good requests run, and not fewer than these.
                    if number >= HOSTILE_REQUESTS && good_done.load(SeqCst) == GOOD_REQUESTS {
                        return statuses;
                    }
                    *statuses.entry(scene.send(&hostile(&scene, number)).await).or_default() += 1;
                }
            });
        }
        let next = Arc::new(AtomicUsize::new(0));
        let mut users = JoinSet::new();
        for _ in 0..GOOD_CONNECTIONS {
            let (scene, next, done) = (Arc::clone(&scene), Arc::clone(&next), Arc::clone(&good_done));
            users.spawn(async move {
                let mut answers = Vec::new();
                loop {
                    let number = next.fetch_add(1, SeqCst);
                    if number >= GOOD_REQUESTS {
                        return answers;
                    }
                    let begun = Instant::now();
                    answers.push((number, scene.send_good(number).await, begun.elapsed()));
                    done.fetch_add(1, SeqCst);
                }
            });
        }
        let mut good: Vec<_> = users.join_all().await.into_iter().flatten().collect();
        good.sort_by_key(|(_, _, took)| *took);
        let mut hostile_statuses = BTreeMap::<u16, usize>::new();
        for (status, count) in strangers.join_all().await.into_iter().flatten() {
            *hostile_statuses.entry(status).or_default() += count;
        }
        let p99 = good[GOOD_REQUESTS * 99 / 100].2;
        println!(
            "{name} ({framework:?}): strangers {hostile_statuses:?}, 99 % of {GOOD_REQUESTS} good ones in {p99:?}"
        );
        let failed: Vec<_> = good.iter().filter(|(_, status, _)| *status != 200).collect();
        assert!(failed.is_empty(), "{name}: {failed:?}");
    }
}
