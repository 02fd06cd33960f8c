//! A cluster of three masters, each with a replica.

use std::process::{Command, Stdio};

use super::{OPTIONS, PASSWORD, Redis, Replicated, free_port, is_installed, wait_until};

/// What a node says of itself or another one.
struct Node {
    id: String,
    port: u16,
    /// The id of the master, if it is a replica.
    master: Option<String>,
}

pub struct Cluster {
    servers: Vec<Redis>,
}

impl Cluster {
    /// Starts it; prints a note and returns `None` if `redis-server` or `redis-cli` is not installed.
    pub fn start() -> Option<Self> {
        if !is_installed("redis-server") || !is_installed("redis-cli") {
            return None;
        }
        let options = format!("{OPTIONS} --cluster-enabled yes --cluster-node-timeout 2000");
        let servers = [(); 6].map(|()| Redis::with(free_port(), &options));
        let this = Self { servers: servers.into() };
        wait_until("all nodes answer", || this.servers.iter().all(|server| server.send("ping").starts_with("PONG")));
        let mut create = Command::new("redis-cli");
        create.args(["-a", PASSWORD, "--no-auth-warning", "--cluster", "create"]);
        create.args(this.servers.iter().map(|server| format!("127.0.0.1:{}", server.port)));
        create.args(["--cluster-replicas", "1", "--cluster-yes"]);
        assert!(create.stdout(Stdio::null()).status().unwrap().success());
        wait_until("all replicas follow", || {
            let replicates = |server: &Redis| server.send("info replication").contains("master_link_status:up");
            this.servers.iter().filter(|server| replicates(server)).count() == 3
        });
        wait_until("all nodes are ready", || {
            this.servers.iter().all(|server| {
                let masters = list(server).iter().filter(|node| node.master.is_none()).count();
                server.send("cluster info").contains("cluster_state:ok") && masters == 3
            })
        });
        Some(this)
    }

    /// The URL of one node that does not hold this key, and whose master does not.
    pub fn url_of_other(&self, key: &str) -> String {
        let owner = self.owner(key);
        let nodes = list(owner);
        let owner_id = &nodes.iter().find(|node| node.port == owner.port).expect("the owner").id;
        let other = nodes.iter().find(|node| node.id != *owner_id && node.master.as_ref() != Some(owner_id));
        to_url(&[other.expect("another node").port])
    }

    /// How many connections to the owner of this key have subscribed to the channel of the same name.
    pub fn subscribers(&self, key: &str) -> usize {
        let answer = self.owner(key).send(&format!("pubsub numsub {key}"));
        answer.lines().nth(1).and_then(|number| number.parse().ok()).expect("a number")
    }

    /// Makes the replica of the master that holds this key the master, while both run.
    pub fn switch_roles(&self, key: &str) {
        let owner = self.owner(key);
        let nodes = list(owner);
        let id = &nodes.iter().find(|node| node.port == owner.port).expect("the owner").id;
        let replica = nodes.iter().find(|node| node.master.as_ref() == Some(id)).expect("a replica").port;
        let replica = self.servers.iter().find(|server| server.port == replica).expect("a server");
        owner.wait_until_replicated();
        assert_eq!(replica.send("cluster failover takeover").trim(), "OK");
        wait_until("the master follows its replica", || owner.send("role").starts_with("slave"));
    }

    /// Moves the slot of this key, with all its keys, to another master.
    pub fn move_slot(&self, key: &str) {
        let owner = self.owner(key);
        let nodes = list(owner);
        let source = nodes.iter().find(|node| node.port == owner.port).expect("the owner");
        let target = nodes.iter().find(|node| node.master.is_none() && node.id != source.id).expect("another master");
        let target_server = self.servers.iter().find(|server| server.port == target.port).expect("a server");
        let slot = owner.send(&format!("cluster keyslot {key}")).trim().to_owned();
        target_server.send(&format!("cluster setslot {slot} importing {}", source.id));
        owner.send(&format!("cluster setslot {slot} migrating {}", target.id));
        for key in owner.send(&format!("cluster getkeysinslot {slot} 1000")).lines() {
            let moved = owner.send(&format!("migrate 127.0.0.1 {} {key} 0 5000 auth {PASSWORD}", target.port));
            assert_eq!(moved.trim(), "OK");
        }
        for server in [target_server, owner] {
            assert_eq!(server.send(&format!("cluster setslot {slot} node {}", target.id)).trim(), "OK");
        }
        assert_eq!(self.owner(key).port, target.port);
    }

    fn owner(&self, key: &str) -> &Redis {
        let holds = |server: &&Redis| {
            let answer = server.send(&format!("exists {key}"));
            answer.starts_with(['0', '1'])
        };
        self.servers.iter().filter(|server| server.server.is_some()).find(holds).expect("a node that holds the key")
    }
}

impl Replicated for Cluster {
    fn url(&self) -> String {
        to_url(&self.servers.iter().map(|server| server.port).collect::<Vec<_>>())
    }

    fn kill_master(&mut self, key: &str) {
        let owner = self.owner(key);
        owner.wait_until_replicated();
        let port = owner.port;
        self.servers.iter_mut().filter(|server| server.port == port).for_each(Redis::kill);
    }

    fn restart(&mut self) {
        self.servers.iter_mut().filter(|server| server.server.is_none()).for_each(Redis::restart);
    }
}

/// The nodes that this one knows.
fn list(server: &Redis) -> Vec<Node> {
    let text = server.send("cluster nodes");
    let nodes = text.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split(' ').collect();
        let [id, address, _, master, ..] = *fields else { return None };
        let port = address.split('@').next()?.rsplit(':').next()?.parse().ok()?;
        Some(Node { id: id.to_owned(), port, master: (master != "-").then(|| master.to_owned()) })
    });
    nodes.collect()
}

fn to_url(ports: &[u16]) -> String {
    let hosts: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    format!("redis+cluster://service:service-password@{}", hosts.join(","))
}
