//! Types that many responses share.

mod model;

pub use model::*;
