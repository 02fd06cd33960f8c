//! An instance with a data file continues at its next start.

use clerk_local::{LocalClerk, StartErrorKind};
use reqwest::Method;
use serde_json::{Value, json};

/// Sends a request to the Backend API, with the secret key or with this key.
async fn send(local: &LocalClerk, method: Method, path: &str, body: Value, key: Option<&str>) -> Value {
    let request = reqwest::Client::new().request(method, format!("{}/v1{path}", local.backend_api_url()));
    let request = request.bearer_auth(key.unwrap_or_else(|| local.secret_key().expose()));
    let request = request.header("content-type", "application/json").body(body.to_string());
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn keys_users_and_sessions_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let start = || LocalClerk::builder().data_file(folder.path().join("clerk.sqlite")).start();
    let local = start().await.unwrap();
    local.create_user("erin", "Erin Evans");
    local.delete_user("bob").unwrap();
    local.add_member("erin", "acme", "org:admin", &[]).unwrap();
    let session = local.sign_in("erin").unwrap();
    let token = local.token("erin").unwrap().session_id(&session).mint();
    let environment = local.environment();
    let own = |(name, _): &&(&str, String)| name.ends_with("KEY") || name.ends_with("SECRET");
    local.shutdown().await;

    let local = start().await.unwrap();
    assert!(local.environment().iter().filter(own).eq(environment.iter().filter(own)), "the app's .env still holds");
    assert!(local.user("bob").is_none(), "the seed is for new files only");
    assert_eq!(local.memberships("erin")[0].role, "org:admin");
    let clerk = local.clerk_builder().unwrap().build().unwrap();
    assert_eq!(clerk.verify_session_token(&token).await.unwrap().session_id().as_str(), session);
    let url = format!("{}/v1/sessions/{session}", local.backend_api_url());
    let known = reqwest::Client::new().get(url).bearer_auth(local.secret_key().expose()).send().await.unwrap();
    assert!(known.text().await.unwrap().contains(r#""status":"active""#));

    let rotated = {
        local.rotate_key().unwrap();
        local.jwt_key_pem()
    };
    local.shutdown().await;
    assert_eq!(start().await.unwrap().jwt_key_pem(), rotated);
}

#[tokio::test]
async fn tokens_of_machines_outlive_the_process_and_stay_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let start = || LocalClerk::builder().data_file(folder.path().join("clerk.sqlite")).start();
    let local = start().await.unwrap();
    let kinds = [
        ("/api_keys/verify", "secret"),
        ("/m2m_tokens/verify", "token"),
        ("/oauth_applications/access_tokens/verify", "access_token"),
    ];
    let machine_id = local.machine_id().to_owned();
    let make = || {
        [
            local.api_key("user_alice").name("mine").scopes(["a:b"]).create(),
            local.m2m_token(&machine_id).claims(json!({"team": 7})).create(),
            local.oauth_token("user_alice").scopes(["email"]).client_id("client_1").create(),
        ]
    };
    let (good, revoked) = (make(), make());
    let mut before = Vec::new();
    for ((path, name), (good, revoked)) in kinds.iter().zip(good.iter().zip(&revoked)) {
        let id = send(&local, Method::POST, path, json!({*name: revoked}), None).await["id"].clone();
        assert!(local.revoke_machine_token(id.as_str().unwrap()));
        before.push(send(&local, Method::POST, path, json!({*name: good}), None).await);
    }
    let secret_key = format!("/machines/{machine_id}/secret_key");
    let rotate = format!("{secret_key}/rotate");
    send(&local, Method::POST, &rotate, json!({"previous_token_ttl": 0}), None).await;
    let machine_key = send(&local, Method::GET, &secret_key, Value::Null, None).await["secret"].clone();
    local.shutdown().await;

    let local = start().await.unwrap();
    for (((path, name), (good, revoked)), before) in kinds.iter().zip(good.iter().zip(&revoked)).zip(before) {
        let after = send(&local, Method::POST, path, json!({*name: good}), None).await;
        assert_eq!((&after, &after["revoked"]), (&before, &json!(false)));
        assert_eq!(send(&local, Method::POST, path, json!({*name: revoked}), None).await["revoked"], true);
    }
    assert_eq!(local.machine_secret_key().expose(), machine_key.as_str().unwrap(), "the rotated key");
    let own = send(&local, Method::POST, "/m2m_tokens", json!({}), machine_key.as_str()).await;
    assert_eq!(own["subject"], machine_id);
}

#[tokio::test]
async fn what_was_sent_ended_and_registered_outlives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let start = || LocalClerk::builder().data_file(folder.path().join("clerk.sqlite")).start();
    let local = start().await.unwrap();
    for number in 0..3 {
        let address = format!("{number}@example.com");
        send(&local, Method::POST, "/invitations", json!({"email_address": address}), None).await;
    }
    let outbox = local.outbox();
    assert_eq!(outbox.len(), 3);
    let by_hand = "sess_of_a_token_that_was_made_by_hand";
    local.revoke_session(by_hand);
    let path = format!("/sessions/{by_hand}");
    let ended = send(&local, Method::GET, &path, Value::Null, None).await;
    let body = json!({"redirect_uris": ["http://localhost:3000/callback"]}).to_string();
    let client = reqwest::Client::new();
    let register = client.post(format!("{}/oauth/register", local.frontend_api_url()));
    let registered = register.header("content-type", "application/json").body(body).send().await.unwrap();
    let registered: Value = serde_json::from_str(&registered.text().await.unwrap()).unwrap();
    local.shutdown().await;

    let local = start().await.unwrap();
    assert_eq!(local.outbox(), outbox);
    assert_eq!(send(&local, Method::GET, &path, Value::Null, None).await, ended);
    let page = url::Url::parse_with_params(
        &format!("{}/oauth/authorize", local.frontend_api_url()),
        [("client_id", registered["client_id"].as_str().unwrap()), ("redirect_uri", "http://localhost:3000/callback")],
    );
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let page = client.get(page.unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 303, "the application is known, and gets the error in the rest");
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_rejected_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "milk, bread, and more than sixteen bytes").unwrap();
    let error = LocalClerk::builder().data_file(&path).start().await.unwrap_err();
    assert_eq!(error.kind(), StartErrorKind::File);
    assert!(error.to_string().contains("notes.txt") && !error.to_string().contains('\n'), "{error}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "milk, bread, and more than sixteen bytes");
}

#[tokio::test]
async fn the_active_organization_is_the_same_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    // The ids are random, so that one file could be right by chance.
    for number in 0..8 {
        let start = || LocalClerk::builder().data_file(folder.path().join(format!("{number}.sqlite"))).start();
        let seen = async |local: &LocalClerk| {
            let clerk = local.clerk_builder().unwrap().build().unwrap();
            let session = clerk.verify_session_token(&local.token("alice").unwrap().mint()).await.unwrap();
            let organizations: Vec<_> = local.memberships("alice").into_iter().map(|one| one.organization_id).collect();
            let users: Vec<_> = local.users().into_iter().map(|user| user.id).collect();
            (session.organization().unwrap().slug().map(str::to_owned), organizations, users)
        };
        let local = start().await.unwrap();
        local.create_organization("initech", "Initech");
        local.add_member("alice", "initech", "org:member", &[]).unwrap();
        let before = seen(&local).await;
        assert_eq!(before.0.as_deref(), Some("acme"));
        local.shutdown().await;
        assert_eq!(seen(&start().await.unwrap()).await, before);
    }
}

#[tokio::test]
async fn settings_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let start = || LocalClerk::builder().data_file(folder.path().join("clerk.sqlite")).start();
    let local = start().await.unwrap();
    let mut settings = local.settings();
    assert_eq!(settings, clerk_local::Settings::default());
    settings.legal_consent = true;
    local.set_settings(settings.clone());
    local.shutdown().await;
    assert_eq!(start().await.unwrap().settings(), settings);
}
