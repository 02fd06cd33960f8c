//! The scenario table: each request gets the same response in all three frameworks.

mod browser;
mod table;

use std::{sync::Arc, time::Duration};

use clerk_core::time::{ManualClock, Timestamp};
use clerk_local::{Category, LocalClerk, TokenAlgorithm};
use clerk_tests::{
    client::{self, Response},
    endpoint::{self, Endpoint},
    harness::{FRAMEWORKS, Framework},
};
use serde_json::json;
use table::{CONFIGS, Config, Scenario, Table};

const NOW: Timestamp = Timestamp::from_unix_seconds(1_768_478_400);

fn cookies(token: &str) -> Vec<u8> {
    // A development instance needs the dev browser token, too.
    format!("theme=dark; __session={token}; __client_uat={}; __clerk_db_jwt=dvb_1", NOW.unix_seconds() - 30)
        .into_bytes()
}

/// Both forms that clerk-js writes: without and with the instance's suffix.
fn both_cookies(local: &LocalClerk, plain: &str, suffixed: &str) -> Vec<u8> {
    let (suffix, uat) = (local.publishable_key().cookie_suffix(), NOW.unix_seconds() - 30);
    format!(
        "__session={plain}; __session_{suffix}={suffixed}; __client_uat={uat}; __client_uat_{suffix}={uat}; \
         __clerk_db_jwt=dvb_1; __clerk_db_jwt_{suffix}=dvb_1"
    )
    .into_bytes()
}

fn tampered(token: &str) -> String {
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    format!("{rest}.{flipped}")
}

fn accepted(table: &mut Table) {
    let good = table.token().mint();
    let ago = |seconds| table.token().expired(Duration::from_secs(seconds)).mint();
    let three = ago(3);
    let rows = [
        ("valid", table.token().mint()),
        ("valid with aud, no audience configured", table.token().audience("https://api.example.com").mint()),
        ("exp 3 s ago", three),
        ("exp in 2040", table.token().expires_at(Timestamp::from_unix_seconds(2_208_988_800)).mint()),
        ("fractional exp", table.token().claim("exp", json!(NOW.unix_seconds() as f64 + 30.5)).mint()),
        ("RS384", table.token().algorithm(TokenAlgorithm::Rs512).mint()).clone(),
        ("version 1 claims", table.token().v1().mint()),
        ("impersonated", table.token().impersonated_by("user_support").mint()),
        ("no cat header", table.token().without_header("cat").mint()),
        ("no typ header", table.token().without_header("typ").mint()),
    ];
    for (name, token) in rows {
        // The instance's JWK is for RS256 only.
        let status = if name == "RS384" { 401 } else { 200 };
        table.bearer(status, name, &token);
    }
    for (name, scheme) in
        [("lower case", "bearer "), ("upper case", "BEARER "), ("two spaces", "Bearer  "), ("bare token", "")]
    {
        table.header(200, name, format!("{scheme}{good}"));
    }
    for (name, authorization) in [("Basic and valid cookies", "Basic dXNlcjpwYXNz"), ("empty and valid cookies", "")] {
        table.row(200, name, "/me", vec![("authorization", authorization.into()), ("cookie", cookies(&good))]);
    }
    table.row(200, "cookies alone", "/me", vec![("cookie", cookies(&good))]).answer("cache-control", None);
    table.row(200, "two cookie headers", "/me", vec![("cookie", b"a=b".to_vec()), ("cookie", cookies(&good))]);
    table.row(200, "a cookie in percent signs", "/me", vec![("cookie", cookies(&good.replace('.', "%2E")))]);
    let foreign = table.token().foreign_key().issuer("https://clerk.elsewhere.test").mint();
    let expired = table.token().expired(Duration::from_secs(60)).mint();
    for (status, name, plain, suffixed) in [
        (200, "the same token with and without a suffix", &good, &good),
        (200, "another instance's without the suffix", &foreign, &good),
        (401, "an expired token with the suffix", &foreign, &expired),
        (401, "another instance's with the suffix", &foreign, &foreign),
    ] {
        let both = both_cookies(&table.local, plain, suffixed);
        table.row(status, name, "/me", vec![("cookie", both)]);
    }
    let bob = table.local.token("bob").unwrap().mint();
    for (status, name, plain, suffixed) in [
        (403, "an admin's cookie without the suffix, a member's with it", &good, &bob),
        (200, "a member's cookie without the suffix, an admin's with it", &bob, &good),
    ] {
        table.row(status, name, "/admin", vec![("cookie", both_cookies(&table.local, plain, suffixed))]);
    }
    let no_kid = table.token().without_header("kid").mint();
    table.bearer(200, "no kid with a PEM key", &no_kid).config = Config::Pem;
    let other_algorithm = table.token().algorithm(TokenAlgorithm::Rs384).mint();
    table.bearer(401, "RS384 with a PEM key, which is for RS256", &other_algorithm).config = Config::Pem;
    table.bearer(200, "keys of the Frontend API", &good).config = Config::Public;
    let ours = table.token().authorized_party(table::SITE).mint();
    for config in [Config::Parties, Config::PartiesOrNone] {
        table.bearer(200, "azp among the parties", &ours).answer("x-clerk-auth-reason", None).config = config;
    }
}

fn refused_headers(table: &mut Table) {
    let good = table.token().mint();
    table.row(401, "nothing", "/me", vec![]);
    let mut byte = b"Bearer ".to_vec();
    byte.push(0xFF);
    table.header(401, "byte 0xFF", byte);
    let mut behind = format!("Bearer {good}").into_bytes();
    behind.push(0xFF);
    table.header(401, "byte 0xFF behind a good token", behind);
    for (name, value) in [
        ("Basic alone", "Basic dXNlcjpwYXNz"),
        ("empty Bearer", "Bearer "),
        ("abc", "Bearer abc"),
        ("a.b.c", "Bearer a.b.c"),
        ("M2M token", "Bearer mt_0123456789abcdef"),
        ("API key", "Bearer ak_0123456789abcdef"),
        ("OAuth token", "Bearer oat_0123456789abcdef"),
    ] {
        table.header(401, name, value);
    }
    let twice = ("authorization", format!("Bearer {good}").into_bytes());
    table.row(401, "two Authorization headers", "/me", vec![twice.clone(), twice]);
    let bad = vec![("authorization", b"Bearer abc".to_vec()), ("cookie", cookies(&good))];
    table.row(401, "a bad header does not fall back to good cookies", "/me", bad);
    table.row(401, "non-UTF-8 cookie alone", "/me", vec![("cookie", b"__session=\xff\xfe".to_vec())]);
    let many: Vec<String> = (0..500).map(|i| format!("c{i}=x")).collect();
    table.row(401, "500 cookies without a session", "/me", vec![("cookie", many.join("; ").into_bytes())]);
    let long = table.token().claim("padding", json!("x".repeat(16 * 1024))).mint();
    table.bearer(401, "longer than 16 KiB", &long);
}

fn refused_tokens(table: &mut Table) {
    let good = table.token().mint();
    let later = |seconds| NOW + Duration::from_secs(seconds);
    let t = || table.token();
    let rows = [
        ("tampered signature", tampered(&good)),
        ("foreign key", t().foreign_key().mint()),
        ("exp 10 s ago", t().expired(Duration::from_secs(10)).mint()),
        ("exp 50 s ago", t().expired(Duration::from_secs(50)).mint()),
        ("exp 120 s ago", t().expired(Duration::from_secs(120)).mint()),
        ("nbf in 120 s", t().not_before(later(120)).mint()),
        ("iat in 1 h", t().issued_at(later(3600)).mint()),
        ("missing exp", t().without("exp").mint()),
        ("missing sub", t().without("sub").mint()),
        ("missing sid", t().without("sid").mint()),
        ("exp as a string", t().claim("exp", json!("2208988800")).mint()),
        ("exp out of range", t().claim("exp", json!(1e300)).mint()),
        ("sub as a number", t().claim("sub", json!(5)).mint()),
        ("empty sub", t().claim("sub", json!("")).mint()),
        ("iss of another instance", t().issuer("https://other.clerk.accounts.dev").mint()),
        ("missing iss", t().without("iss").mint()),
        ("pending", t().pending().mint()),
        ("template category", t().category(Category::Template).mint()),
        ("machine category", t().category(Category::Machine).mint()),
        ("unknown category", t().header("cat", json!("cl_other")).mint()),
        ("category that is not a string", t().header("cat", json!(5)).mint()),
        ("typ of another type", t().header("typ", json!("at+jwt")).mint()),
        ("no kid with a JWKS", t().without_header("kid").mint()),
        ("unknown kid", t().kid("ins_unknown").mint()),
        ("kid that is not a string", t().header("kid", json!(["ins_A"])).mint()),
        ("alg none", t().algorithm(TokenAlgorithm::None).mint()),
        ("HS256 keyed with the public PEM", t().algorithm(TokenAlgorithm::Hs256WithPublicKey).mint()),
        ("crit", t().header("crit", json!(["exp"])).mint()),
        (
            "a key in the header",
            t().foreign_key().header("jwk", json!({"kty": "RSA"})).header("jku", json!("http://127.0.0.1:1/")).mint(),
        ),
    ];
    for (name, token) in rows {
        table.bearer(401, name, &token);
    }
    let others = table.token().authorized_party("https://evil.example").mint();
    let without_azp = table.token().without("azp").mint();
    for (status, name, token, config, reason) in [
        (401, "azp of another site", &others, Config::Parties, Some("token-invalid-authorized-parties")),
        (401, "azp of another site, or none", &others, Config::PartiesOrNone, Some("token-invalid-authorized-parties")),
        (401, "missing azp", &without_azp, Config::Parties, Some("token-without-authorized-party")),
        (200, "missing azp, or none", &without_azp, Config::PartiesOrNone, None),
    ] {
        table.bearer(status, name, token).answer("x-clerk-auth-reason", reason).config = config;
    }
    let hmac = table.token().algorithm(TokenAlgorithm::Hs256WithPublicKey).mint();
    table.bearer(401, "HS256 with a PEM key", &hmac).config = Config::Pem;
}

fn permissions(table: &mut Table) {
    let bearer = |token: String| vec![("authorization", format!("Bearer {token}").into_bytes())];
    let alice = table.token();
    let bob = table.local.token("bob").unwrap();
    let carol = table.local.token("carol").unwrap();
    let custom = alice.clone().claim("favourite_number", json!(7)).mint();
    let wrong = alice.clone().claim("favourite_number", json!("seven")).mint();
    let bad = alice.clone().expired(Duration::from_secs(60)).mint();
    table.row(200, "admin", "/admin", bearer(alice.clone().mint()));
    table.row(200, "admin, version 1", "/admin", bearer(alice.clone().v1().mint()));
    table.row(403, "valid but a member", "/admin", bearer(bob.mint()));
    table.row(403, "valid but in no organization", "/admin", bearer(carol.clone().mint()));
    table.row(403, "an organization required, none active", "/organization", bearer(carol.mint()));
    table.row(200, "an organization required", "/organization", bearer(alice.clone().mint()));
    table.row(401, "admin required, no token", "/admin", vec![]);
    table.row(200, "custom claims", "/custom", bearer(custom));
    table.row(500, "custom claims of the wrong shape", "/custom", bearer(wrong));
    table.row(500, "custom claims that are missing", "/custom", bearer(alice.clone().mint()));
    table.row(401, "custom claims required, no token", "/custom", vec![]);
    table.row(200, "maybe, signed out", "/maybe", vec![]);
    table.row(200, "maybe, expired", "/maybe", bearer(bad));
    table.row(200, "maybe, signed in", "/maybe", bearer(alice.clone().mint()));
    for path in ["/unlayered/me", "/unlayered/maybe", "/unlayered/admin"] {
        table.row(500, "layer not mounted", path, bearer(alice.clone().mint()));
    }
}

/// Checks the status, and the parts of a refusal that are the same in all frameworks.
fn check(scenario: &str, framework: Framework, response: &Response, status: u16) {
    let context = format!("{scenario} in {framework:?}: {response:?}");
    check_head(&context, response, status);
    if status < 400 {
        return;
    }
    assert_eq!(response.header("content-type"), Some("application/json"), "{context}");
    let code = match status {
        401 => "unauthenticated",
        403 => "forbidden",
        503 => "unavailable",
        _ => "internal",
    };
    let body: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!(body["errors"][0]["code"], code, "{context}");
}

fn check_head(context: &str, response: &Response, status: u16) {
    assert_eq!(response.status, status, "{context}");
    assert_eq!(response.header("www-authenticate").is_some(), status == 401, "{context}");
    assert_eq!(response.header("retry-after").is_some(), status == 503, "{context}");
    if status >= 300 {
        assert_eq!(response.header("cache-control"), Some("no-store"), "{context}");
    }
}

/// Checks all that a row says.
fn check_row(row: &Scenario, framework: Framework, response: &Response) {
    let name = format!("{} ({} {})", row.name, row.method, row.path);
    let context = format!("{name} in {framework:?}: {response:?}");
    if row.body.is_empty() {
        check(&name, framework, response, row.status);
    } else {
        check_head(&context, response, row.status);
        assert!(response.body.contains(row.body), "{context}");
    }
    for (header, part) in &row.answers {
        let value = response.header(header);
        let is_right = part.map_or(value.is_none(), |part| value.is_some_and(|value| value.contains(part)));
        assert!(is_right, "{header} is not {part:?}: {context}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_gets_the_same_response_in_all_frameworks() {
    let clock = Arc::new(ManualClock::new(NOW));
    let local = LocalClerk::builder().clock(clock.clone()).start().await.unwrap();
    let mut table = Table { local, rows: Vec::new() };
    accepted(&mut table);
    refused_headers(&mut table);
    refused_tokens(&mut table);
    permissions(&mut table);
    browser::rows(&mut table);
    let mut requests = 0;
    for framework in FRAMEWORKS {
        for config in CONFIGS {
            let address = framework.serve(config.authenticator(&table.local, &clock)).await;
            for row in table.rows.iter().filter(|row| row.config == config) {
                // The second request finds the token in the cache and gets the same response.
                for _ in 0..2 {
                    let response = client::send(address, row.method, row.path, &row.headers).await;
                    check_row(row, framework, &response);
                    requests += 1;
                }
            }
        }
    }
    println!("{} scenarios, {requests} requests", table.rows.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_without_a_credential_carries_no_error_code() {
    let local = LocalClerk::start().await.unwrap();
    for framework in FRAMEWORKS {
        let address = framework.serve(local.clerk_builder().unwrap().build().unwrap()).await;
        let nothing = client::get(address, "/me", &[]).await;
        assert_eq!(nothing.header("www-authenticate"), Some("Bearer"));
        let garbage = client::get(address, "/me", &[("authorization", b"Bearer abc".to_vec())]).await;
        assert_eq!(garbage.header("www-authenticate"), Some(r#"Bearer error="invalid_token""#));
        assert_eq!(nothing.body, garbage.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_key_the_response_is_503() {
    let local = LocalClerk::start().await.unwrap();
    let token = local.token("alice").unwrap().mint();
    let garbage = Endpoint::json("<html>not a key</html>").await;
    let empty = Endpoint::json(r#"{"keys":[]}"#).await;
    let hanging = Endpoint::start(None).await;
    for framework in FRAMEWORKS {
        for (name, url) in [
            ("dead", endpoint::unused_url().await),
            ("garbage", garbage.url()),
            ("no keys", empty.url()),
            ("hanging", hanging.url()),
        ] {
            let builder = local.clerk_builder().unwrap().api_url(&url).unwrap();
            let clerk = builder.http_timeout(Duration::from_millis(300)).build().unwrap();
            let address = framework.serve(clerk).await;
            let headers = [("authorization", format!("Bearer {token}").into_bytes())];
            check(name, framework, &client::get(address, "/me", &headers).await, 503);
            check(name, framework, &client::get(address, "/maybe", &headers).await, 503);
            check(name, framework, &client::get(address, "/me", &[]).await, 401);
        }
    }
}
