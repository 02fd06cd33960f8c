#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/own-user.md\n")]
#![doc = include_str!("../README.md")]

mod client;
pub mod current_user;
mod define;
mod http;
pub mod m2m;
#[doc(hidden)]
pub mod operation;
mod request;
mod resources;
mod stream;

pub use clerk_types::{self, Mismatch, Null, Page, Secret, Timestamp};
pub use client::{API_VERSION, ClerkExt, Client};
pub use current_user::{CurrentSource, RequestCurrent};
pub use http::{
    error::{ApiError, ApiErrorKind, ErrorDetail},
    rate_limit::RateLimit,
    retry::Retry,
    upload::Upload,
};
pub use operation::Method;
pub use request::{Request, SendFuture};
pub use resources::*;
pub use stream::PageStream;

/// Objects that many responses contain.
pub mod common {
    pub use clerk_types::{common::*, verification::*};
}
