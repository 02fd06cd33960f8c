//! What many answers hold.

mod model;

pub use model::*;
