//! Common mistakes, and the compiler's messages about them.
//!
//! The messages are those of the oldest supported compiler; with any other compiler, the test is skipped. Rewrite them
//! with `TRYBUILD=overwrite cargo test -p clerk-message-tests`.

use std::process::Command;

#[test]
fn compiler_messages_name_the_remedy() {
    let compiler = Command::new("rustc").arg("--version").output().unwrap().stdout;
    let compiler = String::from_utf8(compiler).unwrap();
    let ours = concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"));
    if !compiler.starts_with(ours) {
        println!("skipped: the messages are those of {ours}, and this is {compiler}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/cases/*.rs");
}
