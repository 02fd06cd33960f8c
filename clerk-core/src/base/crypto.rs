//! The few primitives of cryptography besides signatures.

/// Compares in a time that does not depend on where the texts differ.
#[must_use]
pub fn constant_time_eq(one: &[u8], other: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}

/// Fills a buffer with random bytes that no one can predict.
///
/// # Errors
/// When the operating system has none.
pub fn fill_random(buffer: &mut [u8]) -> Result<(), NoRandom> {
    aws_lc_rs::rand::fill(buffer).map_err(|_| NoRandom)
}

/// The operating system has no random bytes.
#[derive(Debug, Clone, Copy)]
pub struct NoRandom;
