//! [`Servers`]: the servers that a URL names, and which of them holds a key.
//!
//! A store talks to one server at a time: the only one, the master that Sentinel names, or the node of a cluster that holds
//! the store's keys, which are all in one slot. When that server fails or loses its role, its commands fail, and the store
//! looks for its successor. So pub/sub, transactions and timeouts are the same for all.

use std::{collections::HashMap, io, time::Duration};

use clerk_core::config::{ConfigError, ConfigErrorKind};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo,
    RedisConnectionInfo, RedisError, RedisResult, aio::MultiplexedConnection, io::tcp::TcpSettings, parse_redis_url,
};
use tokio::{
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};

/// Timeout of a connection attempt, and of one command.
pub(super) const TIMEOUT: Duration = Duration::from_secs(1);

/// Interval between two questions whether the master is still the same.
const SENTINEL_INTERVAL: Duration = Duration::from_secs(2);

const PORT: u16 = 6379;
const SENTINEL_PORT: u16 = 26379;

/// The most redirections to another node, for one command.
const MAX_REDIRECTS: usize = 4;

/// The servers that a URL names.
pub(super) enum Servers {
    /// Nodes of a cluster, each of which knows the others.
    Cluster(Vec<ConnectionInfo>),
    One(Client),
    Sentinel(Sentinel),
}

/// A master whose address Sentinels know.
pub(super) struct Sentinel {
    sentinels: Vec<ConnectionInfo>,
    master: String,
    /// How to connect to the master, whatever its address.
    server: ConnectionInfo,
}

/// What a Sentinel knows of a master.
struct Master {
    /// The number of the fail-over that made it the master.
    failover: u64,
    host: String,
    port: u16,
}

impl Servers {
    /// Reads a URL. Sends nothing yet.
    pub(super) fn parse(url: &str) -> Result<Self, ConfigError> {
        // Without the source error, which may contain the password.
        Self::try_parse(url).ok_or_else(|| {
            ConfigError::new(
                ConfigErrorKind::InvalidSetting,
                "not a Redis URL, such as redis://127.0.0.1:6379, redis+sentinel://host,host/master or \
                 redis+cluster://host,host; rediss needs the feature redis-rustls or redis-native-tls",
            )
        })
    }

    fn try_parse(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (hosts, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if let Some(scheme) = scheme.strip_suffix("+cluster") {
            parse_hosts(scheme, hosts, PORT, path).map(Self::Cluster)
        } else if let Some(scheme) = scheme.strip_suffix("+sentinel") {
            Sentinel::parse(scheme, hosts, path).map(Self::Sentinel)
        } else {
            Client::open(to_connection_info(url)?).ok().map(Self::One)
        }
    }

    /// Finds the server that holds the key of this command. A single server is not asked.
    ///
    /// A master can still turn out to be a replica, which refuses to write.
    pub(super) async fn find(&self, command: &Cmd) -> RedisResult<Client> {
        match self {
            Self::Cluster(nodes) => {
                let mut attempts: JoinSet<_> =
                    nodes.iter().map(|node| follow_redirects(node.clone(), command.clone())).collect();
                let mut failure = None;
                while let Some(attempt) = attempts.join_next().await {
                    match flatten(attempt) {
                        Ok(client) => return Ok(client),
                        Err(error) => failure = Some(error),
                    }
                }
                Err(failure.unwrap_or_else(|| elapsed(())))
            }
            Self::One(client) => Ok(client.clone()),
            Self::Sentinel(sentinel) => sentinel.find_master().await,
        }
    }

    /// Waits until another server is the master, although this one may believe that it is.
    ///
    /// Only a master that Sentinel knows needs this: the nodes of a cluster refuse a key that they have lost.
    pub(super) async fn wait_until_replaced(&self, server: &Client) {
        let Self::Sentinel(sentinel) = self else { return std::future::pending().await };
        loop {
            sleep(SENTINEL_INTERVAL).await;
            let master = sentinel.find_master().await;
            if master.is_ok_and(|master| master.get_connection_info().addr() != server.get_connection_info().addr()) {
                return;
            }
        }
    }
}

impl Sentinel {
    fn parse(scheme: &str, hosts: &str, path: &str) -> Option<Self> {
        // A plus is a plus, as it is before the host.
        let parts = parse_redis_url(&format!("{scheme}://host{}", path.replace('+', "%2B")))?;
        let mut login = RedisConnectionInfo::default();
        for (name, value) in parts.query_pairs() {
            login = match &*name {
                "sentinel_user" => login.set_username(value),
                "sentinel_password" => login.set_password(value),
                _ => return None,
            };
        }
        let path = parts.path().trim_matches('/');
        let (master, database) = path.split_once('/').unwrap_or((path, ""));
        let fragment = parts.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
        let servers = parse_hosts(scheme, hosts, SENTINEL_PORT, &format!("/{database}{fragment}"))?;
        let sentinels = servers.iter().map(|server| server.clone().set_redis_settings(login.clone()));
        let (sentinels, server) = (sentinels.collect(), servers.first()?.clone());
        (!master.is_empty()).then(|| Self { sentinels, master: master.to_owned(), server })
    }

    /// Asks all Sentinels, and believes the one that knows of the latest fail-over.
    async fn find_master(&self) -> RedisResult<Client> {
        let mut answers: JoinSet<_> =
            self.sentinels.iter().map(|sentinel| ask(sentinel.clone(), self.master.clone())).collect();
        let mut known = Vec::new();
        while let Some(answer) = answers.join_next().await {
            known.push(flatten(answer));
        }
        let Master { host, port, .. } = choose_latest(known)?;
        Client::open(set_address(&self.server, &host, port))
    }
}

/// Opens a connection with this timeout for each response.
pub(super) async fn connect(client: &Client, response: Duration) -> RedisResult<MultiplexedConnection> {
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(TIMEOUT)).set_response_timeout(Some(response));
    client.get_multiplexed_async_connection_with_config(&config).await
}

pub(super) fn elapsed<E>(_: E) -> RedisError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}

/// Asks one Sentinel for this master.
async fn ask(sentinel: ConnectionInfo, master: String) -> RedisResult<Master> {
    let ask = async {
        let mut connection = connect(&Client::open(sentinel)?, TIMEOUT).await?;
        // The number first: an old number with a new address does no harm.
        let mut questions = redis::pipe();
        questions.cmd("SENTINEL").arg("MASTER").arg(&master);
        questions.cmd("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(&master);
        let (fields, address): (HashMap<String, String>, Option<(String, u16)>) =
            questions.query_async(&mut connection).await?;
        let failover = fields.get("config-epoch").and_then(|number| number.parse().ok());
        let (failover, (host, port)) = failover.zip(address).ok_or((ErrorKind::UnexpectedReturnType, "no master"))?;
        Ok(Master { failover, host, port })
    };
    timeout(TIMEOUT, ask).await.map_err(elapsed)?
}

/// Returns the master of the latest fail-over, or why there is none.
fn choose_latest(answers: Vec<RedisResult<Master>>) -> RedisResult<Master> {
    let mut failure = elapsed(());
    let known = answers.into_iter().filter_map(|answer| answer.map_err(|error| failure = error).ok());
    let latest = known.max_by_key(|master| master.failover);
    latest.ok_or(failure)
}

/// Sends the command to this node of a cluster and to those that it names, until one carries it out.
async fn follow_redirects(mut node: ConnectionInfo, command: Cmd) -> RedisResult<Client> {
    let mut redirects = 0;
    loop {
        let client = Client::open(node.clone())?;
        let Err(error) = command.exec_async(&mut connect(&client, TIMEOUT).await?).await else { return Ok(client) };
        let address = error.redirect_node().and_then(|(address, _)| address.rsplit_once(':'));
        let Some((host, Ok(port))) = address.map(|(host, port)| (host, port.parse())) else { return Err(error) };
        redirects += 1;
        if redirects > MAX_REDIRECTS {
            return Err(error);
        }
        node = match node.addr() {
            // A node that does not know its own host means the one at which it was reached.
            ConnectionAddr::Tcp(known, _) | ConnectionAddr::TcpTls { host: known, .. } if matches!(host, "" | "?") => {
                set_address(&node, known, port)
            }
            _ => set_address(&node, host, port),
        };
    }
}

/// Reads `user:password@host,host:port`; the user counts for all, the port for those without one.
fn parse_hosts(scheme: &str, hosts: &str, port: u16, path: &str) -> Option<Vec<ConnectionInfo>> {
    let (user, hosts) = hosts.split_at(hosts.rfind('@').map_or(0, |at| at + 1));
    let servers = hosts.split(',').map(|host| {
        let has_port = host.rsplit(']').next().is_some_and(|end| end.contains(':'));
        let port = if has_port { String::new() } else { format!(":{port}") };
        let server = to_connection_info(&format!("{scheme}://{user}{host}{port}{path}"))?;
        (!matches!(server.addr(), ConnectionAddr::Unix(_))).then_some(server)
    });
    servers.collect()
}

/// Sets `TCP_NODELAY`: a published message is a few bytes, which the kernel would otherwise delay.
fn to_connection_info(url: &str) -> Option<ConnectionInfo> {
    Some(url.into_connection_info().ok()?.set_tcp_settings(TcpSettings::default().set_nodelay(true)))
}

/// Keeps everything else: TLS, user, password and database.
fn set_address(server: &ConnectionInfo, host: &str, port: u16) -> ConnectionInfo {
    let host = host.to_owned();
    let address = match server.addr().clone() {
        ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
            ConnectionAddr::TcpTls { host, port, insecure, tls_params }
        }
        _ => ConnectionAddr::Tcp(host, port),
    };
    server.clone().set_addr(address)
}

fn flatten<T>(outcome: Result<RedisResult<T>, JoinError>) -> RedisResult<T> {
    outcome.map_err(io::Error::from)?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(nodes: &[ConnectionInfo]) -> Vec<String> {
        nodes.iter().map(|node| node.addr().to_string()).collect()
    }

    #[test]
    fn an_invalid_url_is_refused_and_not_shown() {
        for url in [
            "",
            "127.0.0.1",
            "http://:hunter2@127.0.0.1",
            "redis://:hunter2@127.0.0.1:port",
            "http+cluster://:hunter2@127.0.0.1",
            "redis+cluster://:hunter2@127.0.0.1,",
            "redis+cluster://:hunter2@127.0.0.1,127.0.0.2:port",
            "redis+cluster://:hunter2@127.0.0.1/database",
            "redis+unix+cluster:///hunter2",
            "unix+sentinel:///hunter2",
            "redis+sentinel://:hunter2@127.0.0.1",
            "redis+sentinel://:hunter2@127.0.0.1/",
            "redis+sentinel://:hunter2@127.0.0.1/main/database",
            "redis+sentinel://:hunter2@/main",
            "redis+sentinel://127.0.0.1/main?password=hunter2",
            "redis+other://:hunter2@127.0.0.1",
        ] {
            let Err(error) = Servers::parse(url) else { panic!("{url}") };
            assert!(!error.to_string().contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }

    #[test]
    fn a_url_names_one_server() {
        let Ok(Servers::One(client)) = Servers::parse("redis://:hunter2@127.0.0.1:6379/3") else { panic!() };
        assert!(client.get_connection_info().tcp_settings().nodelay());
        assert_eq!(client.get_connection_info().redis_settings().db(), 3);
    }

    #[test]
    fn a_url_names_nodes_of_a_cluster() {
        let Ok(Servers::Cluster(nodes)) = Servers::parse("redis+cluster://service:hunter,2@one,two:7000,[::1]:7001")
        else {
            panic!()
        };
        assert_eq!(addresses(&nodes), ["one:6379", "two:7000", "::1:7001"]);
        for node in nodes {
            assert!(node.tcp_settings().nodelay());
            assert_eq!(node.redis_settings().username(), Some("service"));
            assert_eq!(node.redis_settings().password(), Some("hunter,2"));
        }
        let Ok(Servers::Cluster(nodes)) = Servers::parse("valkey+cluster://one/") else { panic!() };
        assert_eq!(addresses(&nodes), ["one:6379"]);
    }

    #[test]
    fn a_url_names_sentinels_with_a_login_of_their_own() {
        let url = "redis+sentinel://service:hunter,2@one,two:7000,[::1],[::1]:7001/main/3";
        let Ok(Servers::Sentinel(found)) = Servers::parse(url) else { panic!() };
        assert_eq!(addresses(&found.sentinels), ["one:26379", "two:7000", "::1:26379", "::1:7001"]);
        assert_eq!(found.master, "main");
        assert_eq!(found.server.redis_settings().db(), 3);
        assert_eq!(found.server.redis_settings().username(), Some("service"));
        let login = found.sentinels[0].redis_settings();
        assert_eq!((login.username(), login.password(), login.db()), (None, None, 0));

        let url = "redis+sentinel://:hunter2@one/main?sentinel_user=watcher&sentinel_password=1+1%252";
        let Ok(Servers::Sentinel(found)) = Servers::parse(url) else { panic!() };
        assert_eq!(found.master, "main");
        let login = found.sentinels[0].redis_settings();
        assert_eq!((login.username(), login.password()), (Some("watcher"), Some("1+1%2")));
        let master = set_address(&found.server, "10.0.0.1", 6380);
        assert_eq!(master.addr().to_string(), "10.0.0.1:6380");
        assert_eq!(master.redis_settings().password(), Some("hunter2"));
        assert!(master.tcp_settings().nodelay());
    }

    #[test]
    fn the_latest_failover_counts() {
        let master = |failover, host: &str| Ok(Master { failover, host: host.to_owned(), port: 6379 });
        let error = || Err(elapsed(()));
        assert!(choose_latest(vec![error(), error()]).is_err());
        for answers in [
            vec![master(2, "new"), master(1, "old"), error()],
            vec![error(), master(1, "old"), master(2, "new")],
            vec![master(1, "old"), error(), master(2, "new"), master(0, "older")],
        ] {
            assert_eq!(choose_latest(answers).unwrap().host, "new");
        }
    }

    #[cfg(any(feature = "redis-rustls", feature = "redis-native-tls"))]
    #[test]
    fn servers_that_are_found_are_reached_with_tls() {
        let Ok(Servers::Sentinel(found)) = Servers::parse("rediss+sentinel://one/main") else { panic!() };
        let Ok(Servers::Cluster(nodes)) = Servers::parse("rediss+cluster://one") else { panic!() };
        for known in found.sentinels.iter().chain([&found.server]).chain(&nodes) {
            let server = set_address(known, "two", 7000);
            assert!(matches!(server.addr(), ConnectionAddr::TcpTls { host, insecure: false, .. } if host == "two"));
        }
    }

    #[cfg(not(any(feature = "redis-rustls", feature = "redis-native-tls")))]
    #[test]
    fn tls_needs_its_feature() {
        for url in ["rediss://one", "rediss+sentinel://one/main", "rediss+cluster://one"] {
            assert!(Servers::parse(url).is_err(), "{url}");
        }
    }
}
