//! Public corpora beside a developer's checkout, which are not part of the project.

use std::path::PathBuf;

/// Reads a file; prints that the test is skipped and returns `None` if it is missing.
pub fn file(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: ../shared/{name} is missing; it is not part of the project");
    }
    text
}
