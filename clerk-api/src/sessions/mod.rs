//! Sessions.

mod operations;

pub use clerk_types::session::{
    RefreshFormat, Session, SessionActivity, SessionRefresh, SessionStatus, SessionTask, SessionToken,
};
pub use operations::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// Sessions.
    Sessions, sessions
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[operations::OPERATIONS];
