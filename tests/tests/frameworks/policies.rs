//! Each policy with each kind of caller, in all three frameworks.

use clerk_core::{Authenticator, token::AcceptsToken};
use clerk_local::LocalClerk;
use clerk_tests::{
    client,
    harness::{FRAMEWORKS, policies},
};
use serde_json::{Value, json};

/// The expected refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    /// 401: no token, or a token of another type.
    Unauthenticated,
    /// 403.
    Forbidden,
    /// 403 with a challenge that names these scopes.
    Scopes(&'static str),
    /// 403 with the body that clerk-js reads; it names this reverification.
    Reverification(&'static str),
}

use Refused::{Forbidden, Reverification, Scopes, Unauthenticated};

struct Row {
    policy: &'static str,
    caller: &'static str,
    token: String,
    refused: Option<Refused>,
}

#[derive(Default)]
struct Table(Vec<Row>);

impl Table {
    fn add(&mut self, policy: &'static str, caller: &'static str, token: &str, refused: Option<Refused>) {
        self.0.push(Row { policy, caller, token: token.to_owned(), refused });
    }
}

fn sessions(local: &LocalClerk, table: &mut Table) {
    let token = |user: &str| local.token(user).unwrap();
    let (admin, member, alone) = (token("alice").mint(), token("bob").mint(), token("carol").mint());
    let version_1 = token("bob").v1().mint();
    for (policy, of_admin, of_member, of_alone) in [
        ("signed-in", None, None, None),
        ("organization", None, None, Some(Forbidden)),
        ("role", None, Some(Forbidden), Some(Forbidden)),
        ("permission", None, None, Some(Forbidden)),
        ("permission-or-scope", None, None, Some(Forbidden)),
        ("all", None, None, Some(Forbidden)),
        ("custom", None, None, Some(Forbidden)),
        ("claim", Some(Forbidden), Some(Forbidden), Some(Forbidden)),
        ("scope", Some(Unauthenticated), Some(Unauthenticated), Some(Unauthenticated)),
        ("api-key", Some(Unauthenticated), Some(Unauthenticated), Some(Unauthenticated)),
        ("not-impersonated", None, None, None),
        ("not-an-agent", None, None, None),
    ] {
        table.add(policy, "admin", &admin, of_admin);
        table.add(policy, "member", &member, of_member);
        table.add(policy, "member, version 1", &version_1, of_member);
        table.add(policy, "user without organization", &alone, of_alone);
        table.add(policy, "signed out", "", Some(Unauthenticated));
        table.add(policy, "pending session", &token("alice").pending().mint(), Some(Unauthenticated));
    }
    for (metadata, refused) in [
        (json!({"role": "staff"}), None),
        (json!({"role": "Staff"}), Some(Forbidden)),
        (json!({"role": ["staff"]}), Some(Forbidden)),
        (json!("staff"), Some(Forbidden)),
    ] {
        table.add("claim", "metadata", &token("carol").claim("metadata", metadata).mint(), refused);
    }
    let entitled = |fea: Value, pla: Value| token("carol").claim("fea", fea).claim("pla", pla).mint();
    for (caller, token, of_organization, of_user) in [
        ("organization's feature and plan", entitled(json!("o:invoices"), json!("o:pro")), None, Some(Forbidden)),
        ("user's feature and plan", entitled(json!("u:invoices"), json!("u:pro")), Some(Forbidden), None),
        ("both", entitled(json!("uo:invoices"), json!("ou:pro")), None, None),
    ] {
        for (policies, refused) in [
            (["feature", "plan"], None),
            (["organization-feature", "organization-plan"], of_organization),
            (["user-feature", "user-plan"], of_user),
        ] {
            policies.into_iter().for_each(|policy| table.add(policy, caller, &token, refused));
        }
    }
    for malformed in [json!("invoices"), json!(["o:invoices"]), json!(7), json!(null), json!("o:invoicesx,u:pr")] {
        let token = entitled(malformed.clone(), malformed);
        ["feature", "plan", "user-plan", "organization-feature"]
            .into_iter()
            .for_each(|policy| table.add(policy, "malformed entitlements", &token, Some(Forbidden)));
    }
    let acted = |act: Value| token("alice").claim("act", act).mint();
    for (caller, token, impersonated, agent) in [
        ("support", token("alice").impersonated_by("user_support").mint(), Some(Forbidden), None),
        ("agent", acted(json!({"sub": "agent_1", "type": "agent"})), Some(Forbidden), Some(Forbidden)),
        ("malformed actor", acted(json!("user_support")), Some(Forbidden), Some(Forbidden)),
    ] {
        table.add("not-impersonated", caller, &token, impersonated);
        table.add("all", caller, &token, impersonated);
        table.add("not-an-agent", caller, &token, agent);
        table.add("signed-in", caller, &token, None);
    }
}

fn reverifications(local: &LocalClerk, table: &mut Table) {
    const NAMES: [(&str, &str); 5] = [
        ("strict-mfa", r#""strict_mfa""#),
        ("strict", r#""strict""#),
        ("moderate", r#""moderate""#),
        ("lax", r#""lax""#),
        ("first-factor", r#"{"afterMinutes":30,"level":"first_factor"}"#),
    ];
    for (caller, ages, satisfied) in [
        ("fresh", Some((0, 0)), [true; 5]),
        ("fresh, without a second factor", Some((9, -1)), [true; 5]),
        ("ten minutes ago", Some((10, 10)), [false, false, true, true, true]),
        ("second factor an hour ago", Some((10, 60)), [false, false, false, true, true]),
        ("a day ago", Some((1440, 1440)), [false; 5]),
        ("first factor unknown", Some((-1, 5)), [false, true, true, true, false]),
        ("never", Some((-1, -1)), [false; 5]),
        ("no fva claim", None, [false; 5]),
    ] {
        let token = local.token("alice").unwrap();
        let token = match ages {
            Some((first, second)) => token.factor_ages(first, second),
            None => token.without("fva"),
        }
        .mint();
        for ((policy, name), satisfied) in NAMES.into_iter().zip(satisfied) {
            table.add(policy, caller, &token, (!satisfied).then_some(Reverification(name)));
        }
    }
    let aged = |user: &str| local.token(user).unwrap().factor_ages(100, 100).mint();
    table.add("strict-admin", "admin whose factors are old", &aged("alice"), Some(Reverification(r#""strict""#)));
    table.add("strict-admin", "member, who has not the role either", &aged("bob"), Some(Forbidden));
}

fn machines(local: &LocalClerk, table: &mut Table) {
    let key = |scopes: &[&str]| local.api_key("user_1").scopes(scopes.iter().copied()).create();
    let (none, read, both) = (key(&[]), key(&["read"]), key(&["write", "read"]));
    for (policy, of_none, of_read, of_both) in [
        ("scope", Some(Scopes("read")), None, None),
        ("two-scopes", Some(Scopes("read write")), Some(Scopes("write")), None),
        ("permission-or-scope", Some(Scopes("read")), None, None),
        ("api-key", None, None, None),
        ("not-impersonated", None, None, None),
        ("signed-in", Some(Unauthenticated), Some(Unauthenticated), Some(Unauthenticated)),
        ("permission", Some(Unauthenticated), Some(Unauthenticated), Some(Unauthenticated)),
        ("strict", Some(Unauthenticated), Some(Unauthenticated), Some(Unauthenticated)),
    ] {
        table.add(policy, "key without scopes", &none, of_none);
        table.add(policy, "key to read", &read, of_read);
        table.add(policy, "key to write and read", &both, of_both);
    }
    for (caller, token) in [
        ("machine", local.m2m_token("mch_1").scopes(["read"]).jwt()),
        ("machine, opaque", local.m2m_token("mch_1").scopes(["read"]).create()),
        ("application", local.oauth_token("user_1").scopes(["read"]).jwt()),
        ("application, opaque", local.oauth_token("user_1").scopes(["read"]).create()),
    ] {
        table.add("scope", caller, &token, None);
        table.add("two-scopes", caller, &token, Some(Scopes("write")));
        table.add("api-key", caller, &token, Some(Unauthenticated));
        table.add("permission", caller, &token, Some(Unauthenticated));
    }
}

fn bearer(token: &str) -> Vec<(&'static str, Vec<u8>)> {
    if token.is_empty() { Vec::new() } else { vec![("authorization", format!("Bearer {token}").into_bytes())] }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_policy_gives_the_same_result_in_all_frameworks() {
    let local = LocalClerk::start().await.unwrap();
    let mut table = Table::default();
    sessions(&local, &mut table);
    reverifications(&local, &mut table);
    machines(&local, &mut table);
    let table = table.0;
    let mut requests = 0;
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let any_token = Authenticator::new(clerk).accepts_tokens(AcceptsToken::Any).unwrap();
        let address = framework.serve(any_token).await;
        for row in &table {
            let response = client::get(address, &format!("/policy/{}", row.policy), &bearer(&row.token)).await;
            let context = format!("{} by {} in {framework:?}: {response:?}", row.policy, row.caller);
            let challenge = response.header("www-authenticate");
            let status = match row.refused {
                None => 200,
                Some(Unauthenticated) => 401,
                Some(Forbidden | Scopes(_) | Reverification(_)) => 403,
            };
            assert_eq!(response.status, status, "{context}");
            match row.refused {
                None => assert_eq!(response.body, "allowed", "{context}"),
                Some(Unauthenticated) => assert!(challenge.is_some(), "{context}"),
                Some(Forbidden) => assert_eq!(challenge, None, "{context}"),
                Some(Scopes(scopes)) => {
                    let expected = format!(r#"Bearer error="insufficient_scope", scope="{scopes}""#);
                    assert_eq!(challenge, Some(&*expected), "{context}");
                }
                Some(Reverification(name)) => {
                    let expected = format!(
                        r#"{{"clerk_error":{{"metadata":{{"reverification":{name}}},"reason":"reverification-error","type":"forbidden"}}}}"#
                    );
                    assert_eq!(response.body, expected, "{context}");
                }
            }
            requests += 1;
        }
    }
    for (policy, _) in policies().iter().filter(|(policy, _)| *policy != "preflights") {
        assert!(table.iter().any(|row| row.policy == *policy), "no row for {policy}");
    }
    println!("{} rows, {requests} requests", table.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_token_types_can_be_extracted_as_a_caller() {
    let local = LocalClerk::start().await.unwrap();
    let tokens = [
        ("session_token", local.token("alice").unwrap().mint()),
        ("api_key", local.api_key("user_1").create()),
        ("m2m_token", local.m2m_token("mch_1").jwt()),
        ("oauth_token", local.oauth_token("user_1").create()),
    ];
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let address = framework.serve(Authenticator::new(clerk).accepts_tokens(AcceptsToken::Any).unwrap()).await;
        for (kind, token) in &tokens {
            let response = client::get(address, "/caller", &bearer(token)).await;
            assert_eq!((response.status, &*response.body), (200, *kind), "{framework:?}");
        }
        assert_eq!(client::get(address, "/caller", &[]).await.status, 401, "{framework:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn preflights_pass_only_where_they_are_allowed() {
    let local = LocalClerk::start().await.unwrap();
    let preflight = [("origin", b"https://a.test".to_vec()), ("access-control-request-method", b"PUT".to_vec())];
    for framework in FRAMEWORKS {
        let address = framework.serve(local.clerk_builder().unwrap().build().unwrap()).await;
        for (path, method, headers, status) in [
            ("/policy/preflights", "OPTIONS", &preflight[..], 200),
            ("/policy/preflights", "OPTIONS", &preflight[..1], 401),
            ("/policy/preflights", "GET", &preflight[..], 401),
            ("/policy/signed-in", "OPTIONS", &preflight[..], 401),
        ] {
            let response = client::send(address, method, path, headers).await;
            assert_eq!(response.status, status, "{method} {path} in {framework:?}: {response:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_can_replace_the_responses_of_refusals() {
    use clerk_core::{adapter::HttpResponse, auth::DeniedKind};

    let local = LocalClerk::start().await.unwrap();
    let token = local.token("bob").unwrap().mint();
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        let authenticator = Authenticator::new(clerk).refusals(|denied| match denied.kind() {
            DeniedKind::Forbidden => {
                Some(HttpResponse::new(404).with_header("x-mine", "yes").with_body("nothing here"))
            }
            DeniedKind::Unauthenticated(_) => {
                Some(HttpResponse::new(401).with_header("not a name", "x").with_body("who?"))
            }
            _ => None,
        });
        let address = framework.serve(authenticator).await;
        for (path, token, status, body) in [
            ("/policy/role", &*token, 404, "nothing here"),
            ("/admin", &token, 404, "nothing here"),
            ("/me", "", 401, "who?"),
            ("/policy/signed-in", "", 401, "who?"),
        ] {
            let response = client::get(address, path, &bearer(token)).await;
            assert_eq!((response.status, &*response.body), (status, body), "{path} in {framework:?}: {response:?}");
            assert_eq!(response.header("x-mine").is_some(), status == 404, "{path} in {framework:?}");
            assert_eq!(response.header("x-clerk-auth-status").is_some(), token.is_empty(), "{path} in {framework:?}");
        }
        let reverification = client::get(address, "/policy/strict", &bearer(&token)).await;
        assert_eq!(reverification.status, 200, "unchanged: {reverification:?}");
    }
}

/// In development a refusal says what was wanted; in production no client learns it.
#[tokio::test(flavor = "multi_thread")]
async fn in_development_a_header_says_why_a_signed_in_user_is_refused() {
    let local = LocalClerk::start().await.unwrap();
    let token = |user: &str| local.token(user).unwrap();
    let rows = [
        (
            "/admin",
            token("bob").mint(),
            403,
            None,
            "the policy wants the role org:admin; the session has org:member in org_",
        ),
        ("/admin", token("bob").no_organization().mint(), 403, None, "the session has no active organization"),
        ("/me", token("bob").pending().mint(), 401, Some("session-pending"), "a task to complete"),
    ];
    for framework in FRAMEWORKS {
        let clerk = || local.clerk_builder().unwrap().build().unwrap();
        let address = framework.serve(clerk()).await;
        let silent = Authenticator::new(clerk()).message_header(false).reason_header(false);
        let silent = framework.serve(silent).await;
        for (path, token, status, reason, message) in &rows {
            let headers = [("authorization", format!("Bearer {token}").into_bytes())];
            let refused = client::get(address, path, &headers).await;
            assert_eq!(refused.status, *status, "{path} {framework:?}");
            assert_eq!(refused.header("x-clerk-auth-reason"), *reason, "{path} {framework:?}");
            let text = refused.header("x-clerk-auth-message").unwrap_or_default();
            assert!(text.contains(message), "{path} {framework:?}: {text}");
            let refused = client::get(silent, path, &headers).await;
            assert_eq!(refused.status, *status, "{path} {framework:?}");
            for name in ["x-clerk-auth-reason", "x-clerk-auth-message"] {
                assert_eq!(refused.header(name), None, "{path} {framework:?}");
            }
        }
    }
}
