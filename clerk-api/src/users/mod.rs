//! The users of the instance.

mod account;
mod list;
mod model;
mod sign_in;

pub use account::*;
pub use list::*;
pub use model::*;
pub use sign_in::*;

use crate::{define::resource, operation::Operation};

resource! {
    /// The users of the instance.
    Users, users
}

pub(crate) const OPERATIONS: &[&[&Operation]] = &[list::OPERATIONS, account::OPERATIONS, sign_in::OPERATIONS];
