//! Page "Machines".

use crate::running::{Outcome, Running};

// ANCHOR: accept
use axum::{Router, routing::get};
use clerk_axum::{ApiKey, Auth, Authenticator, Caller, Clerk, ClerkLayer, ConfigError, M2mToken, TokenType};

/// Who calls? A user in a browser, or a program with an API key of theirs.
async fn invoices(Auth(caller): Auth<Caller>) -> String {
    match caller {
        Caller::Session(session) => format!("invoices of {}", session.user_id()),
        Caller::ApiKey(key) => format!("invoices of {}, for the key {}", key.subject(), key.id()),
        _ => "no such caller is accepted here".to_owned(),
    }
}

async fn key_only(Auth(key): Auth<ApiKey>) -> String {
    format!("on behalf of {}", key.subject())
}

async fn job(Auth(machine): Auth<M2mToken>) -> String {
    format!("hello {}", machine.machine_id())
}
// ANCHOR_END: accept

// ANCHOR: routes
use clerk_axum::{Policy, RequireAuthLayer};

fn app(clerk: Clerk, own_machine: &str) -> Result<Router, ConfigError> {
    let both = Authenticator::new(clerk.clone()).accepts_tokens([TokenType::SessionToken, TokenType::ApiKey])?;
    let machines = Authenticator::new(clerk).accepts_tokens(TokenType::M2mToken)?;
    let read = Policy::permission("org:invoices:read").or(Policy::scope("invoices:read"));
    let people_and_keys = Router::new()
        .route("/invoices", get(invoices).route_layer(RequireAuthLayer::new(read)))
        .route("/key", get(key_only))
        .layer(ClerkLayer::new(both));
    let services = Router::new()
        .route("/job", get(job).route_layer(RequireAuthLayer::new(Policy::scope(own_machine))))
        .layer(ClerkLayer::new(machines));
    Ok(people_and_keys.merge(services))
}
// ANCHOR_END: routes

// ANCHOR: call
use clerk_axum::m2m::M2mTokenSource;

/// One source for the process: it keeps a token, and renews it before it expires.
async fn call(source: &M2mTokenSource, client: &reqwest::Client, url: &str) -> Result<u16, Box<dyn std::error::Error>> {
    let token = source.token().await?;
    let response = client.get(url).bearer_auth(token.expose()).send().await?;
    if response.status() == 401 {
        source.discard(&token); // revoked, for example: the next call gets another one
    }
    Ok(response.status().as_u16())
}
// ANCHOR_END: call

#[tokio::test]
async fn each_route_accepts_its_tokens_alone() -> Outcome {
    let running = Running::start(|clerk| app(clerk, "mch_own")).await?;
    let local = &running.local;
    let alice = local.user("alice").ok_or("no user")?.id;
    let key = local.api_key(&alice).scopes(["invoices:read"]).create();
    let weak = local.api_key(&alice).scopes(["other"]).create();
    let machine = local.m2m_token("mch_caller").scopes(["mch_own"]).create();
    let stranger = local.m2m_token("mch_caller").scopes(["mch_other"]).create();
    for (path, token, status) in [
        ("/invoices", &*key, 200),
        ("/invoices", &*weak, 403),
        ("/invoices", "", 401),
        ("/invoices", &*machine, 401),
        ("/key", &*key, 200),
        ("/job", &*machine, 200),
        ("/job", &*stranger, 403),
        ("/job", &*key, 401),
        ("/job", "", 401),
    ] {
        assert_eq!(running.status(path, token).await?, status, "{path} {token}");
    }
    Ok(())
}

#[tokio::test]
async fn a_service_calls_another_with_its_token() -> Outcome {
    let running = Running::start(|clerk| {
        let machines = Authenticator::new(clerk).accepts_tokens(TokenType::M2mToken)?;
        Ok::<_, ConfigError>(Router::new().route("/job", get(job)).layer(ClerkLayer::new(machines)))
    })
    .await?;
    let local = &running.local;
    let caller =
        Clerk::builder().machine_secret_key(local.machine_secret_key().clone()).api_url(local.backend_api_url())?;
    let source = M2mTokenSource::new(&caller.build()?)?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    for _ in 0..3 {
        assert_eq!(call(&source, &client, &running.app.url("/job")).await?, 200);
    }
    assert_eq!(local.create_requests(), 1, "one token for all calls");
    Ok(())
}
