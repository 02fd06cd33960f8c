//! A master with a replica, and the Sentinels that replace the master when it fails.

use super::{OPTIONS, PASSWORD, Redis, Replicated, create_folder, free_port, is_installed, wait_until};

/// A Sentinel that watches a master named `clerk`.
pub struct Sentinel(Redis);

impl Sentinel {
    /// Starts one that decides alone, and knows of this many fail-overs; prints a note and returns `None` if `redis-server`
    /// or `redis-cli` is not installed.
    pub fn start(master: &Redis, failovers: u64) -> Option<Self> {
        (is_installed("redis-server") && is_installed("redis-cli")).then(|| Self::with(master, failovers, 1))
    }

    fn with(master: &Redis, failovers: u64, quorum: usize) -> Self {
        let (port, master) = (free_port(), master.port);
        let folder = create_folder(port);
        let file = folder.join("sentinel.conf");
        let settings = format!(
            "bind 127.0.0.1\nport {port}\ndir {}\nrequirepass {PASSWORD}\n\
             sentinel monitor clerk 127.0.0.1 {master} {quorum}\n\
             sentinel auth-pass clerk {PASSWORD}\n\
             sentinel down-after-milliseconds clerk 1000\n\
             sentinel failover-timeout clerk 5000\n\
             sentinel config-epoch clerk {failovers}\n",
            folder.display()
        );
        std::fs::write(&file, settings).unwrap();
        Self(Redis::run(port, vec![file.display().to_string(), "--sentinel".to_owned()], folder))
    }

    /// The URL of a master that has no password.
    pub fn to_url(sentinels: &[&Self]) -> String {
        to_url("", sentinels)
    }

    /// Makes it name another master.
    pub fn watch(&self, master: &Redis) {
        self.0.send("sentinel remove clerk");
        self.0.send(&format!("sentinel monitor clerk 127.0.0.1 {} 1", master.port));
        wait_until("Sentinel names the master", || self.master() == Some(master.port));
    }

    fn master(&self) -> Option<u16> {
        self.0.send("sentinel get-master-addr-by-name clerk").lines().nth(1)?.parse().ok()
    }

    fn is_ready(&self) -> bool {
        let replicas = self.0.send("sentinel replicas clerk");
        let mut lines = replicas.lines().skip_while(|line| *line != "master-link-status");
        self.0.send("sentinel ckquorum clerk").starts_with("OK 3 ") && lines.nth(1) == Some("ok")
    }
}

/// A master, a replica, and three Sentinels.
pub struct Sentinels {
    servers: [Redis; 2],
    sentinels: [Sentinel; 3],
}

impl Sentinels {
    /// Starts them; prints a note and returns `None` if `redis-server` or `redis-cli` is not installed.
    pub fn start() -> Option<Self> {
        if !is_installed("redis-server") || !is_installed("redis-cli") {
            return None;
        }
        let master = Redis::with(free_port(), OPTIONS);
        let replica = Redis::with(free_port(), &format!("{OPTIONS} --replicaof 127.0.0.1 {}", master.port));
        wait_until("the replica follows", || replica.send("info replication").contains("master_link_status:up"));
        let sentinels = [(); 3].map(|()| Sentinel::with(&master, 0, 2));
        wait_until("the Sentinels know all others", || sentinels.iter().all(Sentinel::is_ready));
        Some(Self { servers: [master, replica], sentinels })
    }

    fn master(&self) -> u16 {
        self.sentinels[0].master().expect("a master")
    }
}

impl Replicated for Sentinels {
    fn url(&self) -> String {
        to_url("service:service-password@", &self.sentinels.each_ref())
    }

    fn kill_master(&mut self, _: &str) {
        let master = self.master();
        let server = self.servers.iter_mut().find(|server| server.port == master).expect("one of the servers");
        server.wait_until_replicated();
        server.kill();
    }

    fn restart(&mut self) {
        self.servers.iter_mut().filter(|server| server.server.is_none()).for_each(Redis::restart);
    }
}

fn to_url(user: &str, sentinels: &[&Sentinel]) -> String {
    let hosts: Vec<String> = sentinels.iter().map(|sentinel| format!("127.0.0.1:{}", sentinel.0.port)).collect();
    format!("redis+sentinel://{user}{}/clerk?sentinel_password={PASSWORD}", hosts.join(","))
}
