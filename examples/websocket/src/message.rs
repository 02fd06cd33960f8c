//! Messages on a socket, independent of a framework.

use clerk_core::{Clerk, browser::SessionEnd};

/// The server's reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Sends this text.
    Text(String),
    /// Closes the socket for this reason.
    Close(&'static str),
}

/// Handles a message: `renew <token>` renews the session's token, any other text is sent back.
pub async fn reply_to(clerk: &Clerk, end: &mut SessionEnd, text: &str) -> Reply {
    let Some(token) = text.strip_prefix("renew ") else { return Reply::Text(text.to_owned()) };
    match clerk.verify_session_token(token).await {
        Ok(session) if end.renew(&session).is_ok() => Reply::Text("renewed".to_owned()),
        _ => Reply::Close("bad token"),
    }
}
