//! Operations on identifiers that may sign up.

use crate::{
    Page,
    allowlist_identifiers::AllowlistIdentifier,
    arguments::{Flag, Integer, Text},
    common::DeletedObject,
    define::{example, operations},
};

operations! { AllowlistIdentifiers {
    /// Lists identifiers that may sign up.
    #[doc = example!(r#"let page = client.allowlist_identifiers().list().send().await?;"#)]
    fn list() -> ListAllowlistIdentifiers: "ListAllowlistIdentifiers" GET "/allowlist_identifiers" => Page<AllowlistIdentifier>, streams AllowlistIdentifier, asking paginated {
        query {
            paginated: Flag,
            /// 1 to 500; `10` unless set.
            limit: Integer,
            /// At least 0; `0` unless set.
            offset: Integer,
        }
    }

    /// Creates an identifier that may sign up.
    #[doc = example!(r#"client.allowlist_identifiers().create("*@example.com").notify(false).send().await?;"#)]
    fn create(; body identifier: Text) -> CreateAllowlistIdentifier: "CreateAllowlistIdentifier" POST "/allowlist_identifiers" => AllowlistIdentifier {
        with body {
            /// `false` unless set.
            notify: Flag,
        }
    }

    /// Deletes an identifier that may sign up.
    #[doc = example!(r#"client.allowlist_identifiers().delete("alid_1").send().await?;"#)]
    fn delete(identifier_id) -> DeleteAllowlistIdentifier: "DeleteAllowlistIdentifier" DELETE "/allowlist_identifiers/{identifier_id}" => DeletedObject {}
}}
