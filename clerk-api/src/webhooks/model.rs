//! Response types of webhooks.

use crate::{Secret, model::model};

model! {
    /// `SvixURL` in Clerk's description of the API.
    SvixUrl {
        svix_url: Secret,
    }
}
