//! The program, started from the command line.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

struct Running(Child, Value);

impl Running {
    fn start(more: &[&str]) -> Self {
        let mut child = command()
            .args(["serve", "--json", "--frontend-port", "0", "--backend-port", "0"])
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self(child, serde_json::from_str(&line).unwrap())
    }

    /// Runs another command against this instance, and returns its output.
    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let output =
            command().args(arguments).args(["--instance", self.1["console"].as_str().unwrap()]).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clerk-local"));
    command.env_remove("CLERK_PROXY_URL").env_remove("CLERK_SECRET_KEY");
    command
}

fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

#[test]
fn tokens_and_users_of_the_running_instance() {
    let running = Running::start(&[]);
    assert!(running.1["environment"]["CLERK_SECRET_KEY"].as_str().unwrap().starts_with("sk_test_"));
    let token =
        running.run(&["token", "alice@example.com", "--organization", "globex", "--claim", "fva=[12, -1]"]).unwrap();
    let claims = claims(token.trim());
    assert_eq!((&claims["o"]["slg"], &claims["fva"]), (&"globex".into(), &serde_json::json!([12, -1])));
    let curl = running.run(&["token", "alice", "--curl", "http://localhost:3000/me"]).unwrap();
    assert!(
        curl.starts_with("curl -i -H 'Authorization: Bearer ey") && curl.trim().ends_with("'http://localhost:3000/me'")
    );
    assert!(running.run(&["token", "zoe"]).unwrap_err().contains("no \"zoe\""));
    assert!(running.run(&["token", "carol", "--organization", "acme"]).unwrap_err().contains("does not belong"));
    let users = running.run(&["users"]).unwrap();
    assert!(users.lines().any(|line| line.starts_with("bob") && line.ends_with("acme org:member")), "{users}");
    assert_eq!(
        serde_json::from_str::<Value>(&running.run(&["users", "--json"]).unwrap()).unwrap()[0]["username"],
        "alice"
    );
}

#[test]
fn apps_are_told_the_public_address() {
    let app = "http://localhost:3000/sign-in";
    let running = Running::start(&["--public-url", "https://clerk.auth.test", "--app-sign-in-url", app]);
    let environment = &running.1["environment"];
    assert_eq!(environment["CLERK_PROXY_URL"], "https://clerk.auth.test");
    assert_eq!(environment["CLERK_SIGN_IN_URL"], app);
    assert!(running.1["console"].as_str().unwrap().starts_with("http://localhost:"));
    assert!(running.run(&["users"]).unwrap().contains("alice"));
}

#[test]
fn the_instance_follows_its_seed_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seed.toml");
    let write = |text: &str| std::fs::write(&path, text).unwrap();
    write("[[users]]\nusername = \"erin\"");
    let running = Running::start(&["--seed", path.to_str().unwrap()]);
    assert!(running.run(&["users"]).unwrap().starts_with("erin"));
    // On some systems the times of files are coarse, so a change may go unnoticed: repeat until one is seen.
    for names in ["frank", "grace", "frank", "grace"].iter().cycle().take(40) {
        write(&format!("[[users]]\nusername = \"{names}\"\nbroken ="));
        write(&format!("[[users]]\nusername = \"{names}\""));
        std::thread::sleep(std::time::Duration::from_millis(250));
        let users = running.run(&["users"]).unwrap();
        if users.starts_with("frank") || users.starts_with("grace") {
            assert!(!users.contains("erin"), "{users}");
            return;
        }
    }
    panic!("the change was never seen");
}

#[test]
fn mistakes_are_reported_in_one_line() {
    let one_line = |arguments: &[&str]| {
        let output = command().args(arguments).output().unwrap();
        assert!(!output.status.success());
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(text.trim().lines().count(), 1, "{text}");
        text
    };
    assert!(one_line(&["users", "--instance", "http://127.0.0.1:9"]).contains("start clerk-local"));
    assert!(one_line(&["serve", "--seed", "/nowhere/seed.toml"]).contains("/nowhere/seed.toml"));
    assert!(one_line(&["serve", "--public-url", "clerk.auth.test"]).contains("https://clerk.app.test"));
    let output = command().env("CLERK_SECRET_KEY", "sk_live_x").output().unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("live key"));
}

#[test]
fn the_printed_seed_is_valid() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seed.toml");
    std::fs::write(&path, command().arg("seed").output().unwrap().stdout).unwrap();
    let check = |path: &Path| command().arg("seed").arg(path).output().unwrap();
    assert!(check(&path).status.success());
    std::fs::write(&path, "[[users]]\nname = 1").unwrap();
    assert!(!check(&path).status.success());
    let completions = command().args(["completions", "bash"]).output().unwrap().stdout;
    assert!(String::from_utf8(completions).unwrap().contains("complete -F"));
}
