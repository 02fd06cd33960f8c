//! How each crate responds to odd requests: status codes, or a panic.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use clerk_local::{Category, TokenAlgorithm};
use serde_json::json;

use crate::{
    fixture::{Credentials, Fixture, header},
    ours, peers,
    subject::Subject,
    table::Table,
};

pub async fn run(fixture: &Fixture) {
    let mut subjects: Vec<(&str, Box<dyn Subject>)> = vec![
        ("**ours**", ours::axum(ours::axum_router(ours::clerk(fixture)))),
        ("**ours, actix**", ours::actix(ours::clerk(fixture)).await),
    ];
    subjects.extend(peers::all(fixture).await.into_iter().filter(|(name, _)| *name != peers::KEYCLOAK));
    subjects.push((peers::HTTPAUTH, peers::httpauth(fixture).await));
    subjects.push(("clerk-rs, actix", peers::clerk_rs_actix(fixture).await));
    let head = ["request"].into_iter().chain(subjects.iter().map(|(name, _)| *name)).map(str::to_owned);
    let mut table = Table::wide(head.collect());
    // A panic is a result here, so its message is not printed.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    for (name, credentials) in requests(fixture) {
        let mut cells = vec![name.to_owned()];
        for (_, subject) in &subjects {
            let call = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| subject.call(credentials.clone())));
            cells.push(match call {
                Err(_) => "PANIC".to_owned(),
                Ok(call) => match tokio::task::spawn_local(call).await {
                    Ok(status) => status.to_string(),
                    Err(_) => "PANIC".to_owned(),
                },
            });
        }
        table.row(cells);
    }
    std::panic::set_hook(hook);
    table.print("Odd requests");
}

fn requests(fixture: &Fixture) -> Vec<(&'static str, Credentials)> {
    let good = fixture.token(0);
    let mint = |change: &dyn Fn(clerk_local::TokenBuilder) -> clerk_local::TokenBuilder| {
        Credentials::bearer(&change(fixture.builder(0)).mint())
    };
    let authorization = |value: &[u8]| Credentials::header("authorization", value);
    let expired = |seconds| mint(&|token| token.expired(Duration::from_secs(seconds)));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() as i64;
    let at = |seconds: i64| clerk_axum::clerk_core::time::Timestamp::from_unix_seconds(now + seconds);
    let mut tampered = good.clone();
    let end = tampered.len() - 10;
    tampered.replace_range(end..end + 1, if &tampered[end..end + 1] == "A" { "B" } else { "A" });
    let parts: Vec<&str> = good.split('.').collect();
    let mut none = header(&good);
    none["alg"] = json!("none");
    let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(none.to_string()), parts[1]);
    let many: String = (0..500).map(|index| format!("c{index}=x; ")).collect();
    let suffix = fixture.local.publishable_key().cookie_suffix();
    let suffixed = format!("__client_uat_{suffix}=1; __clerk_db_jwt_{suffix}=d; __session_{suffix}={good}");
    let cookie = String::from_utf8(Credentials::cookie(&good).headers[0].1.clone()).unwrap();
    vec![
        ("valid", Credentials::bearer(&good)),
        ("valid with `aud`", mint(&|token| token.audience("someone"))),
        ("no header", Credentials::default()),
        ("`bearer` in lower case", authorization(format!("bearer {good}").as_bytes())),
        ("two spaces after Bearer", authorization(format!("Bearer  {good}").as_bytes())),
        ("token without scheme", authorization(good.as_bytes())),
        ("Basic", authorization(b"Basic dXNlcjpwYXNz")),
        ("empty Bearer", authorization(b"Bearer ")),
        ("header byte 0xFF", authorization(b"Bearer \xff")),
        ("`abc`", Credentials::bearer("abc")),
        ("`a.b.c`", Credentials::bearer("a.b.c")),
        ("`mt_...`", Credentials::bearer("mt_abc")),
        ("tampered signature", Credentials::bearer(&tampered)),
        ("expired 3 s ago", expired(3)),
        ("expired 10 s ago", expired(10)),
        ("expired 50 s ago", expired(50)),
        ("expired 120 s ago", expired(120)),
        ("`nbf` in 120 s", mint(&|token| token.not_before(at(120)))),
        ("`iat` in 1 h", mint(&|token| token.issued_at(at(3600)).expires_at(at(7200)))),
        ("`iss` of another instance", mint(&|token| token.issuer("https://clerk.other.example"))),
        ("`sts` pending", mint(&|token| token.pending())),
        (
            "exp in 2040",
            mint(&|token| token.expires_at(clerk_axum::clerk_core::time::Timestamp::from_unix_seconds(2_208_988_800))),
        ),
        ("float exp", mint(&|token| token.claim("exp", json!(now as f64 + 60.5)))),
        ("no kid", mint(&|token| token.no_kid())),
        ("unknown kid", mint(&|token| token.kid("ins_unknown"))),
        ("signed by another key", mint(&|token| token.foreign_key())),
        ("machine category", mint(&|token| token.category(Category::Machine))),
        ("`alg` none", Credentials::bearer(&none)),
        ("HS256 keyed with the public PEM", mint(&|token| token.algorithm(TokenAlgorithm::Hs256WithPublicKey))),
        ("empty Authorization and a valid cookie", authorization(b"").and("cookie", cookie.as_bytes())),
        ("Basic and a valid cookie", authorization(b"Basic dXNlcjpwYXNz").and("cookie", cookie.as_bytes())),
        ("valid cookie alone", Credentials::cookie(&good)),
        ("suffixed cookie alone", Credentials::header("cookie", suffixed.as_bytes())),
        ("two Authorization headers", Credentials::bearer(&good).and("authorization", b"Bearer abc")),
        ("two `__session` cookies", Credentials::header("cookie", format!("{cookie}; __session=abc").as_bytes())),
        ("a token of 1 MB", Credentials::bearer(&"a".repeat(1 << 20))),
        ("500 cookies and a good one", Credentials::header("cookie", format!("{many}{cookie}").as_bytes())),
        ("a cookie that is not UTF-8", Credentials::header("cookie", &[b"a=\xff; ", cookie.as_bytes()].concat())),
    ]
}
