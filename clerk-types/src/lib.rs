#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

mod conversions;
mod timestamp;

#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "chrono", feature = "jiff", feature = "time"))))]
pub use timestamp::OutOfRange;
pub use timestamp::Timestamp;
