//! Browsers, and the sessions on them.

use serde_json::{Value, json};

use super::{sign_in, sign_up, user};
use crate::{
    frontend_api::session_cookies,
    resource,
    shared::Shared,
    store::{Client, Session, actor_claim},
};

/// The browser with its sessions, sign-in and sign-up; its tokens are issued to the page's origin.
pub(in crate::frontend_api) fn client(shared: &Shared, client: &Client, origin: &str) -> Value {
    let now = shared.clock.now();
    let store = shared.store();
    let sessions: Vec<_> = store.live_sessions_on(&client.id, now).cloned().collect();
    let attempts = &store.attempts;
    // Finished attempts are left out; they can be fetched by id.
    let open_in = attempts.sign_in(&client.id, now).filter(|one| one.created_session_id.is_none());
    let open_up = attempts.sign_up(&client.id, now).filter(|one| one.created_user_id.is_none());
    let sign_in = open_in.map_or(Value::Null, |one| sign_in::sign_in(shared, &store, one));
    let sign_up = open_up.map_or(Value::Null, |one| sign_up::sign_up(shared, one));
    drop(store);
    let sessions: Vec<_> = sessions.iter().map(|one| session(shared, one, origin)).collect();
    json!({
        "object": "client",
        "id": client.id,
        "sessions": sessions,
        "sign_in": sign_in,
        "sign_up": sign_up,
        "last_active_session_id": client.last_active_session_id,
        "last_authentication_strategy": null,
        "cookie_expires_at": null,
        "captcha_bypass": true,
        "created_at": client.created_at,
        "updated_at": client.updated_at,
    })
}

/// A session with its user and a fresh token.
pub(in crate::frontend_api) fn session(shared: &Shared, session: &Session, origin: &str) -> Value {
    let now = shared.clock.now();
    let token = session.is_live(now).then(|| session_cookies::session_token(shared, session, origin)).flatten();
    let store = shared.store();
    let owner = store.user(&session.user_id);
    let status = store.status(session, now);
    let tasks = (status == "pending").then(|| resource::tasks(&store.tasks(session)));
    json!({
        "object": "session",
        "id": session.id,
        "status": status,
        "expire_at": session.expire_at,
        "abandon_at": session.abandon_at(),
        "last_active_at": session.last_active_at,
        "last_active_organization_id": store.active_organization(session),
        "last_active_token": token.map(|jwt| json!({"object": "token", "jwt": jwt})),
        "actor": session.actor.as_deref().map(actor_claim),
        "tasks": tasks,
        "user": owner.map(|owner| user::user(&store, owner, now)),
        "public_user_data": owner.map(user::public_user_data),
        "factor_verification_age": session.factor_ages(now),
        "created_at": session.created_at,
        "updated_at": session.updated_at,
    })
}
