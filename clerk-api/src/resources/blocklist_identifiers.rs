//! The blocklist: identifiers that may not sign up.

pub use clerk_types::restriction::BlocklistIdentifier;
use clerk_types::{Page, common::DeletedObject};

use crate::define::resource;

resource! {
/// The blocklist: identifiers that may not sign up.
BlocklistIdentifiers, blocklist_identifiers {
    /// Lists the blocklist's identifiers.
    GET "/blocklist_identifiers" ListBlocklistIdentifiers
    list() -> Page<BlocklistIdentifier>;

    /// Adds an identifier to the blocklist.
    POST "/blocklist_identifiers" CreateBlocklistIdentifier
    create(; identifier: String) -> BlocklistIdentifier;

    /// Removes an identifier from the blocklist.
    DELETE "/blocklist_identifiers/{identifier_id}" DeleteBlocklistIdentifier
    delete(identifier_id) -> DeletedObject;
}}
