#![cfg_attr(docsrs, feature(doc_cfg))]
// The first definition of a link counts: in these docs the README's relative one would lead nowhere.
#![doc = concat!("[guide]: ", env!("CARGO_PKG_REPOSITORY"), "/blob/main/guide/src/webhooks.md\n")]
#![doc = include_str!("../README.md")]

#[cfg(feature = "objects")]
mod argument;
mod conversions;
#[cfg(feature = "objects")]
mod field;
#[cfg(feature = "objects")]
mod json;
#[cfg(feature = "objects")]
mod mismatch;
#[cfg(feature = "objects")]
mod model;
#[cfg(feature = "objects")]
mod objects;
#[cfg(feature = "objects")]
mod other;
#[cfg(feature = "objects")]
mod page;
#[cfg(feature = "objects")]
mod reading;
#[cfg(feature = "objects")]
mod secret;
#[cfg(feature = "objects")]
mod shape;
mod timestamp;

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "chrono", feature = "jiff", feature = "time"))))]
pub use timestamp::OutOfRange;
pub use timestamp::Timestamp;
#[cfg(feature = "objects")]
pub use {
    argument::{Argument, Null, OpenEnum},
    field::Field,
    json::parse_json,
    mismatch::Mismatch,
    objects::*,
    other::OtherFields,
    page::Page,
    reading::Reading,
    secret::Secret,
    shape::{Member, ModelInfo, Shape},
};
