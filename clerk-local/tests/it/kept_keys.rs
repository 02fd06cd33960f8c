//! Signing keys that one run caches for the next.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
};

use clerk_local::LocalClerk;

/// The variable that tells a test that it is the other process.
const OTHER_PROCESS: &str = "CLERK_LOCAL_TEST_OTHER_PROCESS";
/// The variable with the path of the other process's data file.
const DATA_FILE: &str = "CLERK_LOCAL_TEST_DATA_FILE";

/// A process that prints the keys of three instances, with nothing else in its environment.
fn other_process(cache: &Path, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["kept_keys::prints_its_keys", "--exact", "--nocapture"]).env_clear();
    command.env(OTHER_PROCESS, "1").env("XDG_CACHE_HOME", cache).envs(variables.iter().copied());
    command
}

/// The names of the keys in the output, in the order of the starts.
fn keys(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().filter_map(|line| line.split_once("the key is ")).map(|(_, kid)| kid.to_owned()).collect()
}

#[tokio::test]
async fn prints_its_keys() {
    if std::env::var_os(OTHER_PROCESS).is_none() {
        return;
    }
    for _ in 0..3 {
        let local = match std::env::var(DATA_FILE) {
            Ok(path) => LocalClerk::builder().data_file(path).start().await.unwrap(),
            Err(_) => LocalClerk::start().await.unwrap(),
        };
        let jwks = reqwest::get(format!("{}/.well-known/jwks.json", local.frontend_api_url())).await.unwrap();
        let jwks: serde_json::Value = serde_json::from_str(&jwks.text().await.unwrap()).unwrap();
        println!("\nthe key is {}", jwks["keys"][0]["kid"].as_str().unwrap());
        local.shutdown().await;
    }
}

#[test]
fn the_next_run_has_the_keys_of_the_last_one() {
    let cache = tempfile::tempdir().unwrap();
    let first = keys(&other_process(cache.path(), &[]).output().unwrap());
    assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 3, "instances of one process have different keys");
    assert_eq!(keys(&other_process(cache.path(), &[]).output().unwrap()), first);
    let fresh = keys(&other_process(cache.path(), &[("CLERK_LOCAL_FRESH_KEYS", "1")]).output().unwrap());
    assert!(fresh.iter().all(|key| !first.contains(key)), "{fresh:?}");
    let home = cache.path().to_str().unwrap();
    let relative = [("XDG_CACHE_HOME", "cache"), ("HOME", home)];
    let at_home = keys(&other_process(cache.path(), &relative).output().unwrap());
    assert_eq!(keys(&other_process(cache.path(), &relative).output().unwrap()), at_home);
    assert!(cache.path().join(".cache/clerk-local/signing-key-2").is_file());
    let nowhere = [("XDG_CACHE_HOME", ""), ("HOME", "")];
    let [one, other] = [(); 2].map(|()| keys(&other_process(cache.path(), &nowhere).output().unwrap()));
    assert!(one.iter().all(|key| !other.contains(key)), "{one:?} {other:?}");
}

#[test]
fn many_processes_at_once_end_up_with_the_same_keys() {
    let cache = tempfile::tempdir().unwrap();
    let crowd: Vec<_> = (0..8).map(|_| other_process(cache.path(), &[])).collect();
    let crowd: Vec<_> = crowd.into_iter().map(|mut one| std::thread::spawn(move || one.output().unwrap())).collect();
    for process in crowd {
        assert_eq!(keys(&process.join().unwrap()).len(), 3);
    }
    let files = std::fs::read_dir(cache.path().join("clerk-local")).unwrap();
    let names: BTreeSet<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().eq(["signing-key-0", "signing-key-1", "signing-key-2"]), "{names:?}");
    let kept = keys(&other_process(cache.path(), &[]).output().unwrap());
    assert_eq!(keys(&other_process(cache.path(), &[]).output().unwrap()), kept);
}

#[test]
fn keys_of_a_data_file_and_of_the_program_are_not_cached() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    std::fs::create_dir(&cache).unwrap();
    let file = folder.path().join("clerk.sqlite");
    let data = [(DATA_FILE, file.to_str().unwrap())];
    let first = keys(&other_process(&cache, &data).output().unwrap());
    assert_eq!(keys(&other_process(&cache, &data).output().unwrap()), first);
    assert_eq!(first.into_iter().collect::<BTreeSet<_>>().len(), 1, "the file has one key");

    let mut program = Command::new(env!("CARGO_BIN_EXE_clerk-local"));
    program.args(["serve", "--json", "--frontend-port", "0", "--backend-port", "0"]).stdout(Stdio::piped());
    let mut program = program.env("XDG_CACHE_HOME", &cache).env_remove("CLERK_SECRET_KEY").spawn().unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(line.contains("CLERK_SECRET_KEY"), "it has started: {line}");
    assert_eq!(std::fs::read_dir(&cache).unwrap().count(), 0);
}
