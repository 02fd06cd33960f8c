//! The instance, Redis, both apps, and the steps of the demo.

use std::{
    env,
    error::Error,
    io::{self, Write},
    net::TcpListener,
    process::Stdio,
    time::{Duration, Instant},
};

use clerk_local::LocalClerk;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::{sleep, timeout},
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The time limit of one step.
const STEP_TIMEOUT: Duration = Duration::from_secs(15);

/// An app in its own process.
struct App {
    url: String,
    client: reqwest::Client,
    _process: Child,
}

impl App {
    async fn start(local: &LocalClerk, redis_url: &str) -> Outcome<Self> {
        let mut command = Command::new(env::current_exe()?);
        // The app gets only these settings, not the Clerk settings of this process's environment.
        for (variable, _) in clerk_axum::clerk_core::config::ENVIRONMENT_VARIABLES {
            command.env_remove(variable);
        }
        command.arg("app").env("REDIS_URL", redis_url).envs(local.environment());
        let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = process.stdout.take().ok_or("the app has no output")?;
        let line = timeout(STEP_TIMEOUT, BufReader::new(output).lines().next_line()).await??;
        let url = line.ok_or("the app did not start")?;
        Ok(Self { url, client: reqwest::Client::new(), _process: process })
    }

    async fn status(&self, path: &str, token: &str) -> Outcome<u16> {
        Ok(self.client.get(format!("{}{path}", self.url)).bearer_auth(token).send().await?.status().as_u16())
    }

    /// Repeats a request until its status is `expected`. Returns the time that this took.
    async fn wait_for(&self, path: &str, token: &str, expected: u16) -> Outcome<Duration> {
        let start = Instant::now();
        while self.status(path, token).await? != expected {
            if start.elapsed() > STEP_TIMEOUT {
                return Err(format!("{path} never had status {expected}").into());
            }
            sleep(Duration::from_micros(200)).await;
        }
        Ok(start.elapsed())
    }

    async fn sign_out(&self, token: &str) -> Outcome<u16> {
        Ok(self.client.post(format!("{}/sign-out", self.url)).bearer_auth(token).send().await?.status().as_u16())
    }
}

fn start_redis(port: u16) -> Outcome<Child> {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()])
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            format!("redis-server does not start ({error}): install it with `apt-get install redis-server`").into()
        })
}

fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn check(name: &str, status: u16, expected: u16) -> Outcome<()> {
    print(&format!("  {name}: {status}"));
    if status == expected { Ok(()) } else { Err(format!("{name}: {status} instead of {expected}").into()) }
}

pub(super) async fn run() -> Outcome<()> {
    let local = LocalClerk::start().await?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut server = start_redis(port)?;
    let redis_url = format!("redis://127.0.0.1:{port}");
    let (a, b) = (App::start(&local, &redis_url).await?, App::start(&local, &redis_url).await?);
    let sign_in = |session| Ok::<_, Box<dyn Error>>(local.token("alice")?.session_id(session).mint());
    let (token, second, third) = (sign_in("sess_1")?, sign_in("sess_2")?, sign_in("sess_3")?);
    let fourth = sign_in("sess_4")?;
    local.add_webhook_endpoint(&format!("{}/webhooks", a.url))?;

    print("Alice is signed in four times");
    check("B accepts her token", b.status("/payments", &token).await?, 200)?;
    print("Alice ends the first session in A");
    check("A, sign-out", a.sign_out(&token).await?, 204)?;
    let elapsed = b.wait_for("/payments", &token, 401).await?;
    print(&format!("  B: 401 for the same token, {:.1} ms after A's response", elapsed.as_secs_f64() * 1000.0));
    check("B, her second session", b.status("/payments", &second).await?, 200)?;

    print("the fourth session is revoked in Clerk's dashboard, and a webhook reports it to A");
    let start = Instant::now();
    local.revoke_session("sess_4");
    b.wait_for("/payments", &fourth, 401).await?;
    print(&format!("  B: 401 for its token, {:.1} ms later", start.elapsed().as_secs_f64() * 1000.0));

    print("Redis is killed");
    server.kill().await?;
    let elapsed = b.wait_for("/payments", &second, 503).await?;
    print(&format!("  B: 503 for payments, which fail closed, after {:.1} ms", elapsed.as_secs_f64() * 1000.0));
    check("B, articles, which fail open", b.status("/articles", &second).await?, 200)?;
    check("B, articles with the ended session", b.status("/articles", &token).await?, 401)?;
    check("A, sign-out of the second session while Redis is down", a.sign_out(&second).await?, 503)?;

    print("Redis is started again, without its data");
    let _server = start_redis(port)?;
    for (name, app) in [("A", &a), ("B", &b)] {
        let elapsed = app.wait_for("/payments", &third, 200).await?;
        print(&format!("  {name} is connected after {:.1} ms", elapsed.as_secs_f64() * 1000.0));
    }
    let new_app = App::start(&local, &redis_url).await?;
    for (name, app) in [("A", &a), ("B", &b), ("C, started now", &new_app)] {
        check(&format!("{name}, the ended session"), app.status("/payments", &token).await?, 401)?;
        check(&format!("{name}, the session from the webhook"), app.status("/payments", &fourth).await?, 401)?;
    }
    print("every revoked session is still revoked");
    Ok(())
}
