//! Operations on redirect URLs.

use crate::{Page, common::DeletedObject, define::operations, redirect_urls::RedirectUrl};

operations! { RedirectUrls {
    /// Lists redirect URLs.
    fn list() -> ListRedirectUrls: "ListRedirectURLs" GET "/redirect_urls" => Page<RedirectUrl>, streams RedirectUrl, flag paginated {
        query {
            paginated: bool,
            /// Default: `10`.
            limit: i64 [1..=500],
            /// Default: `0`.
            offset: i64 [0..],
        }
    }

    /// Creates a redirect URL.
    fn create(; body url: String) -> CreateRedirectUrl: "CreateRedirectURL" POST "/redirect_urls" => RedirectUrl {
        with body {}
    }

    /// Gets a redirect URL by id.
    fn get(id) -> GetRedirectUrl: "GetRedirectURL" GET "/redirect_urls/{id}" => RedirectUrl {}

    /// Deletes a redirect URL.
    fn delete(id) -> DeleteRedirectUrl: "DeleteRedirectURL" DELETE "/redirect_urls/{id}" => DeletedObject {}
}}
