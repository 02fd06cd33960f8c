//! Page "Organizations".

use crate::running::{Outcome, Running};

// ANCHOR: active
use axum::{Router, routing::get};
use clerk_axum::{Auth, Clerk, ClerkLayer, ConfigError, OrgId, Organization, Session};

async fn projects(Auth(organization): Auth<Organization>) -> String {
    format!("projects of {}, for a {}", organization.id(), organization.role().unwrap_or("member"))
}

/// The personal account and organizations in one handler.
async fn files(Auth(session): Auth<Session>) -> String {
    match session.org_id() {
        Some(organization) => format!("files of {organization}"),
        None => format!("files of {}", session.user_id()),
    }
}
// ANCHOR_END: active

// ANCHOR: path
use axum::{extract::Path, http::StatusCode};

/// The path names the organization, and the token says which one the user acts for.
async fn project(Auth(active): Auth<OrgId>, Path(wanted): Path<String>) -> Result<String, StatusCode> {
    if active.as_str() != wanted {
        return Err(StatusCode::FORBIDDEN);
    }
    Ok(format!("the projects of {wanted}"))
}
// ANCHOR_END: path

// ANCHOR: sync
use clerk_axum::{Authenticator, clerk_core::browser::OrganizationSync};

fn layer(clerk: Clerk) -> Result<ClerkLayer, ConfigError> {
    let sync = OrganizationSync::new()
        .organization_patterns(["/orgs/:slug", "/orgs/:slug/(.*)"])?
        .personal_account_patterns(["/me", "/me/(.*)"])?
        .refuse_others(); // 403 where the caller acts for another organization
    Ok(ClerkLayer::new(Authenticator::new(clerk).pages()?.organization_sync(sync)))
}
// ANCHOR_END: sync

fn app(clerk: Clerk) -> Result<Router, ConfigError> {
    let pages = Router::new()
        .route("/orgs/{slug}", get(async |Auth(id): Auth<OrgId>| format!("home of {id}")))
        .layer(layer(clerk.clone())?);
    Ok(Router::new()
        .route("/projects", get(projects))
        .route("/files", get(files))
        .route("/api/orgs/{id}", get(project))
        .layer(ClerkLayer::new(clerk))
        .merge(pages))
}

#[tokio::test]
async fn the_active_organization_decides() -> Outcome {
    let running = Running::start(app).await?;
    let (alice, carol) = (running.token("alice")?, running.token("carol")?);
    assert_eq!(running.status("/projects", &alice).await?, 200);
    assert_eq!(running.status("/projects", &carol).await?, 403);
    assert_eq!(running.status("/projects", "").await?, 401);
    assert!(running.get("/files", &carol).await?.body.starts_with("files of user_"));
    let globex = running.local.token("alice")?.organization("globex").authorized_party(running.app.origin()).mint();
    let (acme_files, globex_files) = (running.get("/files", &alice).await?, running.get("/files", &globex).await?);
    assert_ne!(acme_files.body, globex_files.body, "one user, two organizations");

    let acme = acme_files.body.trim_start_matches("files of ").to_owned();
    assert_eq!(running.status(&format!("/api/orgs/{acme}"), &alice).await?, 200);
    assert_eq!(running.status(&format!("/api/orgs/{acme}"), &globex).await?, 403);
    Ok(())
}

#[tokio::test]
async fn a_page_of_another_organization_switches_and_a_script_is_refused() -> Outcome {
    let running = Running::start(app).await?;
    let (local, app) = (&running.local, &running.app);
    let cookies = local.browser_cookies("alice", app.origin())?;
    let other = app.get("/orgs/globex").page().cookies(&cookies).send().await?;
    assert_eq!(other.status, 307, "{other:?}");
    let script = app.get("/orgs/globex").cookies(&cookies).send().await?;
    assert_eq!(script.status, 403, "{script:?}");
    Ok(())
}
