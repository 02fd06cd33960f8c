//! What is said on a socket, in no framework's types.

use clerk_core::{Clerk, SessionEnd};

/// What the server does about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Says this.
    Text(String),
    /// Closes, for this reason.
    Close(&'static str),
}

/// Answers a message: `renew <token>` goes on with a fresh token, everything else comes back.
pub async fn hear(clerk: &Clerk, end: &mut SessionEnd, text: &str) -> Reply {
    let Some(token) = text.strip_prefix("renew ") else { return Reply::Text(text.to_owned()) };
    match clerk.verify_session_token(token).await {
        Ok(session) if end.renew(&session).is_ok() => Reply::Text("renewed".to_owned()),
        _ => Reply::Close("bad token"),
    }
}
