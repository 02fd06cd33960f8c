//! The mistakes that a user makes first, and what the compiler says to them.
//!
//! The texts are one compiler's: with another one than the oldest that we support, the test says that it skipped. Write
//! them anew with `TRYBUILD=overwrite cargo test -p clerk-tests --test compile`.

use std::process::Command;

#[test]
fn mistakes_are_answered_with_what_to_do() {
    let compiler = Command::new("rustc").arg("--version").output().unwrap().stdout;
    let compiler = String::from_utf8(compiler).unwrap();
    let ours = concat!("rustc ", env!("CARGO_PKG_RUST_VERSION"));
    if !compiler.starts_with(ours) {
        println!("skipped: the texts are those of {ours}, and this is {compiler}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/compile/*.rs");
}
