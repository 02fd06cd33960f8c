//! Requests, calls with tokens, and the setup check: no token, cookie or key reaches the log or a metric's labels.

use std::time::Duration;

use clerk_core::{
    Authenticator, TokenType,
    observe::{AuditEvent, AuditSink},
};
use clerk_local::LocalClerk;
use clerk_tests::{
    client,
    harness::FRAMEWORKS,
    log::Log,
    recorder::Recorder,
    switch::{Behaviour, Switch},
};
use clerk_tower::m2m::{M2mTokenFormat, M2mTokenLayer, M2mTokenSource};
use serde_json::json;

/// The value of a custom claim in an M2M token.
const CLAIM: &str = "a-private-claim-of-the-calling-machine";

/// If this many characters of a secret appear in a row, the secret has leaked.
const WINDOW: usize = 20;

/// Logs audit events in every form that an application may choose.
struct LoggedAudit;

impl AuditSink for LoggedAudit {
    fn record(&self, event: &AuditEvent<'_>) {
        tracing::info!(?event, json = serde_json::to_string(event).unwrap(), "an audit event");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_logged_at_any_level() {
    let (log, recorder) = (Log::listen().await, Recorder::install());
    let local = LocalClerk::start().await.unwrap();
    let good = local.token("alice").unwrap().claim("email", "alice@private.example".into()).mint();
    let expired = local.token("alice").unwrap().expired(Duration::from_secs(60)).mint();
    let unknown = local.token("alice").unwrap().kid("ins_unknown").mint();
    let foreign = local.token("alice").unwrap().foreign_key().mint();
    let garbage = "c29tZXRoaW5nLXRoYXQtaXMtbm8tdG9rZW4tYnV0LWEtc2VjcmV0".to_owned();
    let tokens = [good, expired, unknown, foreign, garbage];
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().audit(LoggedAudit).build().unwrap();
        tracing::info!(?clerk, ?local, secret_key = ?local.secret_key(), "logged by an application");
        let address = framework.serve(clerk.clone()).await;
        for token in &tokens {
            let bearer = ("authorization", format!("Bearer {token}").into_bytes());
            let cookie = ("cookie", format!("__session={token}; __client_uat=1").into_bytes());
            for path in ["/me", "/maybe", "/admin", "/custom", "/unlayered/me"] {
                client::get(address, path, std::slice::from_ref(&bearer)).await;
                client::get(address, path, std::slice::from_ref(&cookie)).await;
            }
            match clerk.verify_session_token(token).await {
                Ok(session) => tracing::info!(?session, "logged by an application"),
                Err(error) => tracing::info!(?error, %error, "logged by an application"),
            }
        }
        let wrong = local.clerk_builder().unwrap().secret_key("sk_test_wrongwrongwrongwrong".parse().unwrap());
        tracing::info!(?wrong, "logged by an application");
        let wrong = wrong.build().unwrap();
        tracing::info!(error = ?wrong.warm_up().await, "logged by an application");
        for clerk in [&clerk, &wrong] {
            let report = clerk.check().await;
            tracing::info!(?report, %report, "logged by an application");
        }
    }
    // Credentials of pages and of machines. Each is looked up with the Backend API, which knows only some of them.
    let browser = [
        "rt_c2VjcmV0LXJlZnJlc2gtdG9rZW4tb2YtYWxpY2U".to_owned(),
        "hsn_c2VjcmV0LW5vbmNlLW9mLWEtaGFuZHNoYWtl".to_owned(),
        "dvb_c2VjcmV0LWRldmVsb3BtZW50LWJyb3dzZXI".to_owned(),
        local
            .token("alice")
            .unwrap()
            .claim("handshake", vec!["__session=secret-directive-of-a-handshake"].into())
            .mint(),
    ];
    let machines = [
        local.api_key("user_alice").name("job").create(),
        local.api_key("user_alice").revoked().create(),
        local.m2m_token("mch_worker").create(),
        local.oauth_token("user_alice").create(),
        local.oauth_token("user_alice").jwt(),
        "ak_c2VjcmV0LWtleS10aGF0LW5vYm9keS1rbm93cw".to_owned(),
    ];
    let [refresh, nonce, browser_token, handshake] = &browser;
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().audit(LoggedAudit).build().unwrap();
        let pages = framework.serve(Authenticator::new(clerk.clone()).pages().unwrap()).await;
        for session in [&tokens[0], &tokens[1], &tokens[2]] {
            let cookie =
                format!("__session={session}; __client_uat=1; __refresh={refresh}; __clerk_db_jwt={browser_token}");
            let document = [
                ("cookie", format!("{cookie}; __clerk_handshake_nonce={nonce}").into_bytes()),
                ("sec-fetch-dest", b"document".to_vec()),
                ("accept", b"text/html".to_vec()),
            ];
            client::get(pages, "/me", &document).await;
            client::get(pages, &format!("/me?__clerk_handshake_nonce={nonce}"), &document).await;
            client::get(pages, &format!("/me?__clerk_handshake={handshake}&__clerk_db_jwt={browser_token}"), &document)
                .await;
        }
        let any =
            Authenticator::new(clerk).accepts_tokens([TokenType::ApiKey, TokenType::M2mToken, TokenType::OAuthToken]);
        tracing::info!(?any, "logged by an application");
        let address = framework.serve(any.unwrap()).await;
        for token in &machines {
            client::get(address, "/machine", &[("authorization", format!("Bearer {token}").into_bytes())]).await;
        }
    }
    // Tokens that a calling machine creates, and the cache of the service that it calls.
    let mut created = Vec::new();
    for format in [M2mTokenFormat::Opaque, M2mTokenFormat::Jwt] {
        let clerk = local.clerk_builder().and_then(|builder| builder.machine_token_cache(Duration::from_secs(60)));
        let clerk = clerk.unwrap().build().unwrap();
        let builder = M2mTokenSource::builder(&clerk).format(format).claims(&json!({ "note": CLAIM })).unwrap();
        tracing::info!(?builder, "logged by an application");
        let source = builder.build().unwrap();
        let token = source.token().await.unwrap();
        let layer = M2mTokenLayer::new(source.clone(), ["http://localhost"]).unwrap();
        let client = reqwest::Client::new();
        let request = client.get("http://127.0.0.1:1/").bearer_auth(token.expose());
        tracing::info!(?source, ?token, ?layer, ?request, "logged by an application");
        drop(request.send().await);
        let service = Authenticator::new(clerk.clone()).accepts_tokens(TokenType::M2mToken).unwrap();
        let address = FRAMEWORKS[0].serve(service).await;
        for _ in 0..2 {
            let bearer = format!("Bearer {}", token.expose()).into_bytes();
            client::get(address, "/machine", &[("authorization", bearer)]).await;
        }
        clerk.forget_machine_token(token.id());
        tracing::info!(?clerk, "logged by an application");
        created.push(token.expose().to_owned());
    }
    for api in [Behaviour::status(401), Behaviour::status(500), Behaviour::Resets] {
        let api = Switch::start(api).await;
        let clerk = local.clerk_builder().and_then(|builder| builder.api_url(api.url())).unwrap().build().unwrap();
        let error = M2mTokenSource::new(&clerk).unwrap().token().await.unwrap_err();
        tracing::info!(?error, %error, "logged by an application");
    }
    // The publishable key is public, and a part of it equals a part of each token: the encoded issuer.
    let text = log.text().replace(local.publishable_key().as_str(), "") + &recorder.keys().join("\n");
    assert!(text.contains("authenticate{status=") && text.contains("clerk::audit") && text.contains("an audit event"));
    assert!(text.contains("clerk_authentications_total") && text.contains("secret-key-refused"));
    assert!(text.contains("signed-in") && text.contains("token-invalid") && text.contains("fix="), "{text}");
    let secrets = [&tokens[..], &browser, &machines, &created].concat().into_iter().chain(
        [local.secret_key().expose(), local.machine_secret_key().expose(), "sk_test_wrongwrongwrongwrong"]
            .map(str::to_owned),
    );
    for secret in secrets {
        for start in 0..=secret.len() - WINDOW {
            let window = &secret[start..start + WINDOW];
            assert!(!text.contains(window), "{window} of a secret was logged");
        }
    }
    assert!(!text.contains("alice@private.example"), "a claim was logged");
    assert!(!text.contains(CLAIM), "a claim of a created token was logged");
    assert!(!text.contains("secret-directive"), "a handshake's directive was logged");
    println!("no secret in {} bytes of log", text.len());
}
