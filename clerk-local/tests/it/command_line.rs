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
fn a_token_is_for_the_app_that_it_is_sent_to() {
    let running = Running::start(&[]);
    let azp = |arguments: &[&str]| {
        let output = running.run(&[&["token", "alice"], arguments].concat()).unwrap();
        let token = output.trim().rsplit("Bearer ").next().unwrap().split('\'').next().unwrap().to_owned();
        claims(&token).get("azp").map(|azp| azp.as_str().unwrap().to_owned())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(azp(&[]), some("http://localhost:3000"));
    assert_eq!(azp(&["--curl", "http://localhost:8080/admin?x=y"]), some("http://localhost:8080"));
    assert_eq!(azp(&["--curl", "https://app.test/me"]), some("https://app.test"));
    assert_eq!(azp(&["--curl", "http://127.0.0.1:80/me"]), some("http://127.0.0.1"));
    assert_eq!(azp(&["--origin", "https://app.test:8443"]), some("https://app.test:8443"));
    assert_eq!(azp(&["--origin", "https://app.test", "--curl", "http://localhost:8080/"]), some("https://app.test"));
    assert_eq!(azp(&["--origin", "none", "--curl", "http://localhost:8080/"]), None);
    assert_eq!(azp(&["--claim", "azp=x", "--curl", "http://localhost:8080/"]), some("x"));
    for wrong in
        [["--curl", "localhost:8080"], ["--curl", "/me"], ["--origin", "https://app.test/x"], ["--origin", "x"]]
    {
        let error = running.run(&[&["token", "alice"][..], &wrong].concat()).unwrap_err();
        assert!(error.contains("http://localhost:3000"), "{wrong:?}: {error}");
    }
}

#[test]
fn answers_fail_and_are_late_on_request() {
    let running = Running::start(&[
        "--latency",
        "1ms",
        "--latency",
        "/v1/client/sign_ins=1200ms",
        "--fail",
        "/v1/environment=503",
    ]);
    let status = |path: &str| {
        let url = format!("{}{path}", running.1["console"].as_str().unwrap());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let begun = std::time::Instant::now();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let status = runtime.block_on(async { client.get(url).send().await.unwrap().status().as_u16() });
        (status, begun.elapsed())
    };
    assert_eq!(status("/v1/environment").0, 503);
    assert_eq!(status("/v1/client").0, 200);
    let (late, took) = status("/v1/client/sign_ins/sia_x");
    assert!(late == 400 && took.as_millis() >= 1200, "{late} after {took:?}");
    assert_eq!(status("/local/users").0, 200);
}

#[test]
fn containers_reach_it_by_its_name() {
    let running = Running::start(&["--listen", "0.0.0.0", "--allow-host", "clerk-local"]);
    let port = running.1["environment"]["CLERK_API_URL"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    let key = running.1["environment"]["CLERK_SECRET_KEY"].as_str().unwrap().to_owned();
    let status = |host: String| {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(format!("http://127.0.0.1:{port}/v1/jwks")).bearer_auth(&key).header("host", host);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async { request.send().await.unwrap().status().as_u16() })
    };
    assert_eq!((status(format!("clerk-local:{port}")), status("Clerk-Local".to_owned())), (200, 200));
    assert_eq!((status("localhost".to_owned()), status("evil.example".to_owned())), (200, 421));
    assert_eq!(status(format!("clerk-local.evil.example:{port}")), 421);
    let output = command().args(["serve", "--listen", "0.0.0.0", "--public-url", "x"]).output().unwrap();
    assert!(!output.status.success());
}

#[test]
fn settings_come_from_the_seed_and_from_flags() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seed.toml");
    std::fs::write(&path, "[settings]\nlegal_consent = true\nphone_number = \"disabled\"").unwrap();
    let seed = path.to_str().unwrap();
    let running = Running::start(&["--seed", seed, "--set", "phone_number=required", "--set", "social=apple"]);
    let url = format!("{}/v1/environment", running.1["console"].as_str().unwrap());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let text = runtime.block_on(async { client.get(url).send().await.unwrap().text().await.unwrap() });
    let settings = &serde_json::from_str::<Value>(&text).unwrap()["user_settings"];
    assert_eq!(settings["sign_up"]["legal_consent_enabled"], true);
    assert_eq!(settings["attributes"]["phone_number"]["required"], true);
    assert_eq!(settings["social"].as_object().unwrap().keys().collect::<Vec<_>>(), ["oauth_apple"]);
    for wrong in [["--set", "legal_concent=true"], ["--set", "phone_number=never"], ["--set", "legal_consent"]] {
        assert!(!command().arg("serve").args(wrong).output().unwrap().status.success(), "{wrong:?}");
    }
    std::fs::write(&path, "[settings]\nlegal_concent = true").unwrap();
    assert!(!command().arg("seed").arg(&path).output().unwrap().status.success());
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
