//! The code of the guide is in `tests/guide`, one module for one or two pages.
