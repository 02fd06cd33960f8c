//! An instance with a data file is the same one at its next start.

#![cfg(feature = "sqlite")]

use clerk_local::{LocalClerk, StartErrorKind};

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
    assert!(local.user("bob").is_none(), "the seed is for new files alone");
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
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    std::fs::write(&path, "milk, bread, and more than sixteen bytes").unwrap();
    let error = LocalClerk::builder().data_file(&path).start().await.unwrap_err();
    assert_eq!(error.kind(), StartErrorKind::File);
    assert!(error.to_string().contains("notes.txt") && !error.to_string().contains('\n'), "{error}");
    assert_eq!(std::fs::read_to_string(path).unwrap(), "milk, bread, and more than sixteen bytes");
}
