//! Operations on identifiers that may not sign up.

use crate::{
    Page, arguments::Text, blocklist_identifiers::BlocklistIdentifier, common::DeletedObject, define::operations,
};

operations! { BlocklistIdentifiers {
    /// Lists identifiers that may not sign up.
    fn list() -> ListBlocklistIdentifiers: "ListBlocklistIdentifiers" GET "/blocklist_identifiers" => Page<BlocklistIdentifier> {}

    /// Creates an identifier that may not sign up.
    fn create(; body identifier: Text) -> CreateBlocklistIdentifier: "CreateBlocklistIdentifier" POST "/blocklist_identifiers" => BlocklistIdentifier {
        with body {}
    }

    /// Deletes an identifier that may not sign up.
    fn delete(identifier_id) -> DeleteBlocklistIdentifier: "DeleteBlocklistIdentifier" DELETE "/blocklist_identifiers/{identifier_id}" => DeletedObject {}
}}
