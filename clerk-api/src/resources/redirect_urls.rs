//! Redirect URLs.

use clerk_types::common::DeletedObject;
pub use clerk_types::instance::RedirectUrl;

use crate::define::resource;

resource! {
/// Redirect URLs.
RedirectUrls, redirect_urls {
    /// Lists redirect URLs.
    GET "/redirect_urls" ListRedirectUrls = "ListRedirectURLs"
    list() ?{ ..paged, paginated: bool } => Page<RedirectUrl>, flag paginated;

    /// Creates a redirect URL.
    POST "/redirect_urls" CreateRedirectUrl = "CreateRedirectURL"
    create(; url: String) -> RedirectUrl;

    /// Gets a redirect URL by id.
    GET "/redirect_urls/{id}" GetRedirectUrl = "GetRedirectURL"
    get(id) -> RedirectUrl;

    /// Deletes a redirect URL.
    DELETE "/redirect_urls/{id}" DeleteRedirectUrl = "DeleteRedirectURL"
    delete(id) -> DeletedObject;
}}
