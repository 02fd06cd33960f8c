//! Real Redis servers, if `redis-server` is installed: one, a master with a replica and Sentinels, or a cluster.

mod cluster;
mod sentinel;

use std::{
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

pub use cluster::Cluster;
pub use sentinel::{Sentinel, Sentinels};

/// The password of the operator, who may do everything.
const PASSWORD: &str = "operator-password";

/// Options of a server at which a service may do only what the stores need.
const OPTIONS: &str = "--requirepass operator-password --masterauth operator-password --repl-diskless-sync-delay 0 \
    --user service on >service-password ~clerk:* &clerk:* +zadd +zrangebyscore +zremrangebyscore +pexpire +publish \
    +subscribe +multi +exec +get +set +del +eval";

/// How long servers may take for what should take a few seconds.
const DEADLINE: Duration = Duration::from_secs(60);

/// Servers of which a replica becomes the master when the master is killed.
pub trait Replicated {
    fn url(&self) -> String;

    /// Kills the master that holds this key, when its replica has all data.
    fn kill_master(&mut self, key: &str);

    /// Starts the servers again that were killed, without their data.
    fn restart(&mut self);
}

/// A server without persistence; it is killed on drop.
pub struct Redis {
    port: u16,
    /// Whatever follows the name of the program.
    arguments: Vec<String>,
    folder: PathBuf,
    server: Option<Child>,
}

impl Redis {
    /// Starts a server on a free port; prints a note and returns `None` if `redis-server` is not installed.
    pub fn start() -> Option<Self> {
        is_installed("redis-server").then(|| Self::with(free_port(), ""))
    }

    /// Starts a server on this port, with more options.
    fn with(port: u16, options: &str) -> Self {
        let folder = create_folder(port);
        let mut arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"].map(String::from).to_vec();
        arguments.extend(["--port".to_owned(), port.to_string(), "--dir".to_owned(), folder.display().to_string()]);
        arguments.extend(options.split_whitespace().map(String::from));
        Self::run(port, arguments, folder)
    }

    fn run(port: u16, arguments: Vec<String>, folder: PathBuf) -> Self {
        let mut this = Self { port, arguments, folder, server: None };
        this.restart();
        this
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts it again, on the same port and without its data.
    pub fn restart(&mut self) {
        self.kill();
        let mut command = Command::new("redis-server");
        command.args(&self.arguments);
        self.server = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    }

    /// Kills it without a shutdown, as a power failure does.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    /// Suspends it while its connections stay open, or resumes it.
    pub fn suspend(&self, suspended: bool) {
        let id = self.server.as_ref().expect("a running server").id().to_string();
        let signal = if suspended { "-STOP" } else { "-CONT" };
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    /// Sends a command as the operator, and returns the answer as text, also if it is an error or a lost connection.
    fn send(&self, command: &str) -> String {
        let mut client = Command::new("redis-cli");
        client.args(["-p", &self.port.to_string(), "-a", PASSWORD, "--no-auth-warning"]);
        let output = client.args(command.split_whitespace()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Waits until a replica has everything that was written so far.
    fn wait_until_replicated(&self) {
        let read = |text: &str, name: &str| -> Option<u64> {
            let (_, value) = text.split_once(name)?;
            value.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        let written = read(&self.send("info replication"), "master_repl_offset:").expect("a master");
        wait_until("a replica has all data", || {
            read(&self.send("info replication"), ",offset=").is_some_and(|offset| offset >= written)
        });
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Waits until the condition holds.
pub async fn eventually(name: &str, mut condition: impl AsyncFnMut() -> bool) {
    let until = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(DEADLINE, until).await.unwrap_or_else(|_| panic!("not within {DEADLINE:?}: {name}"));
}

/// Waits until the condition holds, and blocks the thread meanwhile.
fn wait_until(name: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < DEADLINE, "not within {DEADLINE:?}: {name}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Prints a note if it is not.
fn is_installed(program: &str) -> bool {
    let installed = Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !installed {
        println!("skipped: {program} is not installed");
    }
    installed
}

/// A port for clients that is free, as is the one 10 000 higher, at which the nodes of a cluster speak to each other. The
/// system gives neither to a client, so that a server can be started again.
fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut candidates = std::iter::repeat_with(|| {
        let number = std::process::id().wrapping_mul(97).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
        10_000 + u16::try_from(number % 12_000).expect("a small number")
    });
    let is_free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    candidates.find(|&port| is_free(port) && is_free(port + 10_000)).expect("an endless iterator")
}

/// Creates a folder for the server on this port.
fn create_folder(port: u16) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("clerk-redis-{}-{port}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
