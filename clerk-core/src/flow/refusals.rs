//! How a layer's refusals look, where they do not look as usual.

use std::{fmt, sync::Arc};

use super::decision::Answer;
use crate::denied::Denied;

/// What an application adds to refusals or sends instead.
#[derive(Clone, Default)]
pub(crate) struct Refusals {
    pub(crate) replace: Option<Arc<Replace>>,
    /// The URL in the `resource_metadata` of each challenge.
    pub(crate) resource_metadata: Option<Arc<str>>,
}

/// Makes the answer to a refused request; `None` leaves it as it is.
pub(crate) type Replace = dyn Fn(&Denied) -> Option<Answer> + Send + Sync;

impl Refusals {
    pub(super) fn answer(&self, refusal: &Denied) -> Option<Answer> {
        self.replace.as_ref()?(refusal)
    }

    /// The challenge that says where to learn how to get a token
    /// ([RFC 9728, section 5.1](https://www.rfc-editor.org/rfc/rfc9728#section-5.1)).
    pub(super) fn challenge(&self, refusal: &Denied) -> Option<String> {
        refusal.challenge_with("resource_metadata", self.resource_metadata.as_deref()?)
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusals")
            .field("replace", &self.replace.is_some())
            .field("resource_metadata", &self.resource_metadata)
            .finish()
    }
}
