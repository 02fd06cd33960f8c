//! The compiler's messages about common mistakes: see `tests/messages.rs`.
