//! The allowlist: identifiers that may sign up.

use clerk_types::common::DeletedObject;
pub use clerk_types::restriction::{AllowlistIdentifier, IdentifierType};

use crate::define::{example, resource};

resource! {
/// The allowlist: identifiers that may sign up.
AllowlistIdentifiers, allowlist_identifiers {
    /// Lists the allowlist's identifiers.
    #[doc = example!(r#"let page = client.allowlist_identifiers().list().send().await?;"#)]
    GET "/allowlist_identifiers" ListAllowlistIdentifiers
    list() ?{ ..paged, paginated: bool } => Page<AllowlistIdentifier>, flag paginated;

    /// Adds an identifier to the allowlist.
    #[doc = example!(r#"client.allowlist_identifiers().create("*@example.com").notify(false).send().await?;"#)]
    POST "/allowlist_identifiers" CreateAllowlistIdentifier
    create(; identifier: String) {
        /// Default: `false`.
        notify: bool,
    } -> AllowlistIdentifier;

    /// Removes an identifier from the allowlist.
    #[doc = example!(r#"client.allowlist_identifiers().delete("alid_1").send().await?;"#)]
    DELETE "/allowlist_identifiers/{identifier_id}" DeleteAllowlistIdentifier
    delete(identifier_id) -> DeletedObject;
}}
