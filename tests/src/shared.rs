//! Public corpora that lie beside a developer's checkout, and are not part of the project.

use std::path::PathBuf;

/// The file, or `None` after saying that the test was skipped, and why.
pub fn file(name: &str) -> Option<String> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: ../shared/{name} is not here; it is no part of the project");
    }
    text
}
