//! The instance, Redis, both apps, and what happens to them.

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

/// Longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(15);

/// An app that runs as a process of its own.
struct App {
    url: String,
    client: reqwest::Client,
    _process: Child,
}

impl App {
    async fn start(local: &LocalClerk, redis_url: &str) -> Outcome<Self> {
        let mut command = Command::new(env::current_exe()?);
        // Whatever this terminal's environment says, the app has these settings and nothing else.
        for (variable, _) in clerk_core::config::ENVIRONMENT_VARIABLES {
            command.env_remove(variable);
        }
        command.arg("app").env("REDIS_URL", redis_url).envs(local.environment());
        let mut process = command.stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let output = process.stdout.take().ok_or("the app says nothing")?;
        let line = timeout(PATIENCE, BufReader::new(output).lines().next_line()).await??;
        let url = line.ok_or("the app did not start")?;
        Ok(Self { url, client: reqwest::Client::new(), _process: process })
    }

    async fn status(&self, path: &str, token: &str) -> Outcome<u16> {
        Ok(self.client.get(format!("{}{path}", self.url)).bearer_auth(token).send().await?.status().as_u16())
    }

    /// Asks again and again until the answer is this one; for how long.
    async fn until(&self, path: &str, token: &str, expected: u16) -> Outcome<Duration> {
        let start = Instant::now();
        while self.status(path, token).await? != expected {
            if start.elapsed() > PATIENCE {
                return Err(format!("{path} never answered {expected}").into());
            }
            sleep(Duration::from_micros(200)).await;
        }
        Ok(start.elapsed())
    }

    async fn sign_out(&self, token: &str) -> Outcome<u16> {
        Ok(self.client.post(format!("{}/sign-out", self.url)).bearer_auth(token).send().await?.status().as_u16())
    }
}

fn redis(port: u16) -> Outcome<Child> {
    Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()])
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| {
            format!("redis-server does not start ({error}): install it, `apt-get install redis-server`").into()
        })
}

fn say(text: &str) {
    let _ = writeln!(io::stdout(), "{text}");
}

fn expect(what: &str, status: u16, expected: u16) -> Outcome<()> {
    say(&format!("  {what}: {status}"));
    if status == expected { Ok(()) } else { Err(format!("{what}: {status}, and not {expected}").into()) }
}

pub(super) async fn run() -> Outcome<()> {
    let local = LocalClerk::start().await?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut server = redis(port)?;
    let redis_url = format!("redis://127.0.0.1:{port}");
    let (a, b) = (App::start(&local, &redis_url).await?, App::start(&local, &redis_url).await?);
    let sign_in = |session| Ok::<_, Box<dyn Error>>(local.token("alice")?.session_id(session).mint());
    let (token, second, third) = (sign_in("sess_1")?, sign_in("sess_2")?, sign_in("sess_3")?);
    let fourth = sign_in("sess_4")?;
    local.add_webhook_endpoint(&format!("{}/webhooks", a.url))?;

    say("alice is signed in four times");
    expect("B lets her in", b.status("/payments", &token).await?, 200)?;
    say("she ends the first session in A");
    expect("A", a.sign_out(&token).await?, 204)?;
    let took = b.until("/payments", &token, 401).await?;
    say(&format!("  B: 401 for the same token, {:.1} ms after A's answer", took.as_secs_f64() * 1000.0));
    expect("B, her second session", b.status("/payments", &second).await?, 200)?;

    say("somebody revokes the fourth session in Clerk's dashboard, of which a webhook tells A");
    let start = Instant::now();
    local.revoke_session("sess_4");
    b.until("/payments", &fourth, 401).await?;
    say(&format!("  B: 401 for its token, {:.1} ms later", start.elapsed().as_secs_f64() * 1000.0));

    say("Redis is killed");
    server.kill().await?;
    let took = b.until("/payments", &second, 503).await?;
    say(&format!("  B: 503 for payments, which fail closed, after {:.1} ms", took.as_secs_f64() * 1000.0));
    expect("B, articles, which fail open", b.status("/articles", &second).await?, 200)?;
    expect("B, articles with the ended session", b.status("/articles", &token).await?, 401)?;
    expect("A, ending the second session while nobody can be told", a.sign_out(&second).await?, 503)?;

    say("Redis is started again, and has forgotten everything");
    let _server = redis(port)?;
    for (name, app) in [("A", &a), ("B", &b)] {
        let took = app.until("/payments", &third, 200).await?;
        say(&format!("  {name} is in touch after {:.1} ms", took.as_secs_f64() * 1000.0));
    }
    let late = App::start(&local, &redis_url).await?;
    for (name, app) in [("A", &a), ("B", &b), ("C, started since", &late)] {
        expect(&format!("{name}, the ended session"), app.status("/payments", &token).await?, 401)?;
        expect(&format!("{name}, the one that Clerk told of"), app.status("/payments", &fourth).await?, 401)?;
    }
    say("nothing that was revoked came back");
    Ok(())
}
