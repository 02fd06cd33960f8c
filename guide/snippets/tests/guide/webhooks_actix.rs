//! Page "Webhooks and a users table", actix.

use clerk_local::{LocalApp, LocalClerk};

use super::{Outcome, Row, Users};

// ANCHOR: handler
use actix_web::{App, HttpResponse, HttpServer, web};
use clerk_actix::webhook::{Event, EventData, Webhook, WebhookEndpoint, WebhookMiddleware};

async fn sync(users: web::Data<Users>, Webhook(event): Webhook<Event>) -> HttpResponse {
    match event.data {
        EventData::UserCreated(user) | EventData::UserUpdated(user) => {
            let email = user.primary_email_address().map(|email| email.email_address.clone());
            users.keep(user.id.as_ref(), Row { email, updated_at: Some(user.updated_at), deleted: false });
        }
        EventData::UserDeleted(user) => user.id.iter().for_each(|id| users.forget(id.as_ref())),
        _ => {}
    }
    HttpResponse::NoContent().finish()
}

fn serve(
    listener: std::net::TcpListener,
    endpoint: WebhookEndpoint,
    users: Users,
) -> std::io::Result<actix_web::dev::Server> {
    let app = move || {
        let webhooks = web::resource("/webhooks/clerk").wrap(WebhookMiddleware::new(endpoint.clone())).post(sync);
        App::new().app_data(web::Data::new(users.clone())).service(webhooks)
    };
    Ok(HttpServer::new(app).workers(1).listen(listener)?.run())
}
// ANCHOR_END: handler

#[actix_web::test]
async fn webhooks_keep_the_table_in_step() -> Outcome {
    let (local, app, users) = (LocalClerk::start().await?, LocalApp::bind()?, Users::default());
    let endpoint = WebhookEndpoint::new(&local.clerk_builder()?.build()?)?;
    let server = serve(app.listener()?, endpoint, users.clone())?;
    let handle = server.handle();
    actix_web::rt::spawn(server);
    local.add_webhook_endpoint(&app.url("/webhooks/clerk"))?;
    let erin = local.create_user("erin", "Erin Evans").id;
    assert!(local.wait_for_webhooks().await, "{:?}", local.webhook_messages());
    assert!(users.row(&erin).is_some_and(|row| !row.deleted));
    assert_eq!(app.post("/webhooks/clerk").send().await?.status, 400, "without a signature");
    handle.stop(false).await;
    Ok(())
}
