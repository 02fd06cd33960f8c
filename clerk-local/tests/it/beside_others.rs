//! The crate as a development dependency of an app that has SQLite bindings of its own.

use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};

/// Resolves an app with this dependency beside this crate, which needs the registry.
fn resolve(folder: &Path, dependency: &str) -> Output {
    let here = env!("CARGO_MANIFEST_DIR").replace('\\', "/");
    let manifest = format!(
        "[package]\nname = \"app\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependency}\n\n\
         [dev-dependencies]\nclerk-local = {{ path = \"{here}\" }}\n"
    );
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "").unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    Command::new(cargo).arg("generate-lockfile").current_dir(folder).output().unwrap()
}

#[test]
fn it_resolves_beside_other_bindings_of_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    for dependency in [
        "sqlx = \"0.8\"",
        "sea-orm = { version = \"1.1\", features = [\"sqlx-sqlite\"] }",
        "diesel = { version = \"2.2\", features = [\"sqlite\"] }",
        "rusqlite = \"0.37\"",
    ] {
        let output = resolve(&folder.path().join(dependency.split(' ').next().unwrap()), dependency);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_answer = output.status.success() || text.contains("failed to select a version");
        if !is_answer {
            eprintln!("skipped: the registry did not answer for {dependency}: {text}");
            return;
        }
        assert!(output.status.success(), "{dependency}: {text}");
    }
}
