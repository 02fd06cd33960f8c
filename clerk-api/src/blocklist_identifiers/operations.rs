//! Operations on the blocklist.

use crate::{Page, blocklist_identifiers::BlocklistIdentifier, common::DeletedObject, define::operations};

operations! { BlocklistIdentifiers {
    /// Lists the blocklist's identifiers.
    fn list() -> ListBlocklistIdentifiers: "ListBlocklistIdentifiers" GET "/blocklist_identifiers" => Page<BlocklistIdentifier> {}

    /// Adds an identifier to the blocklist.
    fn create(; body identifier: String) -> CreateBlocklistIdentifier: "CreateBlocklistIdentifier" POST "/blocklist_identifiers" => BlocklistIdentifier {
        with body {}
    }

    /// Removes an identifier from the blocklist.
    fn delete(identifier_id) -> DeleteBlocklistIdentifier: "DeleteBlocklistIdentifier" DELETE "/blocklist_identifiers/{identifier_id}" => DeletedObject {}
}}
