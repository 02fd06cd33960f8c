//! The code of the guide is in `tests/guide`, one module for one or two pages.

#[cfg(doctest)]
#[doc = include_str!("../../../skills/clerk-rust/SKILL.md")]
mod skill {}
