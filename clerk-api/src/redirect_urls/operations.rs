//! Operations on redirect URLs.

use crate::{
    Page,
    arguments::{Flag, Integer, Text},
    common::DeletedObject,
    define::operations,
    redirect_urls::RedirectUrl,
};

operations! { RedirectUrls {
    /// Lists redirect URLs.
    fn list() -> ListRedirectUrls: "ListRedirectURLs" GET "/redirect_urls" => Page<RedirectUrl>, streams RedirectUrl, flag paginated {
        query {
            paginated: Flag,
            /// Default: `10`.
            limit: Integer [1..=500],
            /// Default: `0`.
            offset: Integer [0..],
        }
    }

    /// Creates a redirect URL.
    fn create(; body url: Text) -> CreateRedirectUrl: "CreateRedirectURL" POST "/redirect_urls" => RedirectUrl {
        with body {}
    }

    /// Gets a redirect URL by id.
    fn get(id) -> GetRedirectUrl: "GetRedirectURL" GET "/redirect_urls/{id}" => RedirectUrl {}

    /// Deletes a redirect URL.
    fn delete(id) -> DeleteRedirectUrl: "DeleteRedirectURL" DELETE "/redirect_urls/{id}" => DeletedObject {}
}}
