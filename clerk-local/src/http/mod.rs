//! What all APIs and pages share: errors, HTML pages, cookies and redirects.

mod browser;
mod error;
mod page;
mod short_message;

pub(crate) use browser::{check_same_site, cookie, see_other};
pub(crate) use error::{ApiError, error_response, json_response};
pub(crate) use page::{Forms, PageError, document, render_page};
pub(crate) use short_message::short_message;
