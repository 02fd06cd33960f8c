//! No token, cookie or key ever reaches a log. A file of its own: the subscriber listens to the whole process.

use std::time::Duration;

use clerk_local::LocalClerk;
use clerk_tests::{client, harness::FRAMEWORKS, log::Log};

/// Any run of this many characters of a secret counts as the secret.
const WINDOW: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_secret_is_logged_at_any_level() {
    let log = Log::of_the_process();
    let local = LocalClerk::start().await.unwrap();
    let good = local.token("alice").unwrap().claim("email", "alice@private.example".into()).mint();
    let expired = local.token("alice").unwrap().expired(Duration::from_secs(60)).mint();
    let unknown = local.token("alice").unwrap().kid("ins_unknown").mint();
    let foreign = local.token("alice").unwrap().foreign_key().mint();
    let garbage = "c29tZXRoaW5nLXRoYXQtaXMtbm8tdG9rZW4tYnV0LWEtc2VjcmV0".to_owned();
    let tokens = [good, expired, unknown, foreign, garbage];
    for framework in FRAMEWORKS {
        let clerk = local.clerk_builder().unwrap().build().unwrap();
        tracing::info!(?clerk, ?local, secret_key = ?local.secret_key(), "what a user might log");
        let address = framework.serve(clerk.clone()).await;
        for token in &tokens {
            let bearer = ("authorization", format!("Bearer {token}").into_bytes());
            let cookie = ("cookie", format!("__session={token}; __client_uat=1").into_bytes());
            for path in ["/me", "/maybe", "/admin", "/custom", "/unlayered/me"] {
                client::get(address, path, std::slice::from_ref(&bearer)).await;
                client::get(address, path, std::slice::from_ref(&cookie)).await;
            }
            match clerk.verify_session_token(token).await {
                Ok(session) => tracing::info!(?session, "what a user might log"),
                Err(error) => tracing::info!(?error, %error, "what a user might log"),
            }
        }
        let wrong = local.clerk_builder().unwrap().secret_key("sk_test_wrongwrongwrongwrong".parse().unwrap());
        tracing::info!(?wrong, "what a user might log");
        let wrong = wrong.build().unwrap();
        tracing::info!(error = ?wrong.warm_up().await, "what a user might log");
    }
    // The publishable key is public, and a stretch of it reads like the issuer inside a token.
    let text = log.text().replace(local.publishable_key().as_str(), "");
    assert!(text.contains("signed-in") && text.contains("token-invalid") && text.contains("fix="), "{text}");
    let secrets =
        tokens.iter().map(String::as_str).chain([local.secret_key().expose(), "sk_test_wrongwrongwrongwrong"]);
    for secret in secrets {
        for start in 0..=secret.len() - WINDOW {
            // The header's start is the same for every token in the world, and so tells nothing.
            let window = &secret[start..start + WINDOW];
            assert!(!text.contains(window), "{window} of a secret was logged");
        }
    }
    assert!(!text.contains("alice@private.example"), "a claim was logged");
    println!("{} bytes of log hold no secret", text.len());
}
