//! Operations on the allowlist.

use crate::{
    Page,
    allowlist_identifiers::AllowlistIdentifier,
    common::DeletedObject,
    define::{example, operations},
};

operations! { AllowlistIdentifiers {
    /// Lists the allowlist's identifiers.
    #[doc = example!(r#"let page = client.allowlist_identifiers().list().send().await?;"#)]
    fn list() -> ListAllowlistIdentifiers: "ListAllowlistIdentifiers" GET "/allowlist_identifiers" => Page<AllowlistIdentifier>, streams AllowlistIdentifier, flag paginated {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Adds an identifier to the allowlist.
    #[doc = example!(r#"client.allowlist_identifiers().create("*@example.com").notify(false).send().await?;"#)]
    fn create(; body identifier: String) -> CreateAllowlistIdentifier: "CreateAllowlistIdentifier" POST "/allowlist_identifiers" => AllowlistIdentifier {
        with body {
            /// Default: `false`.
            notify: bool,
        }
    }

    /// Removes an identifier from the allowlist.
    #[doc = example!(r#"client.allowlist_identifiers().delete("alid_1").send().await?;"#)]
    fn delete(identifier_id) -> DeleteAllowlistIdentifier: "DeleteAllowlistIdentifier" DELETE "/allowlist_identifiers/{identifier_id}" => DeletedObject {}
}}
