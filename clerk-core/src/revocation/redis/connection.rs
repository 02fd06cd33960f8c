//! How Redis is reached, by whatever keeps something there.

use std::time::Duration;

use redis::{
    AsyncConnectionConfig, Client, IntoConnectionInfo, RedisResult, aio::MultiplexedConnection, io::tcp::TcpSettings,
};

use crate::config::{ConfigError, ConfigErrorKind};

/// How long a connection, and one exchange on it, may take.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(1);

/// A client for this URL; nothing is sent yet.
///
/// Its packets leave at once: what is published is a few bytes, which the kernel would hold back for more to come.
pub(crate) fn open(url: &str) -> Result<Client, ConfigError> {
    let settings = TcpSettings::default().set_nodelay(true);
    let client = url.into_connection_info().and_then(|info| Client::open(info.set_tcp_settings(settings)));
    client.map_err(|_| {
        // Not the source, which might repeat the password.
        ConfigError::new(
            ConfigErrorKind::InvalidSetting,
            "not a URL of Redis, such as redis://127.0.0.1:6379; rediss:// needs a TLS feature of the crate redis",
        )
    })
}

/// A connection on which each exchange may take so long.
pub(crate) async fn connect(client: &Client, response: Duration) -> RedisResult<MultiplexedConnection> {
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(TIMEOUT)).set_response_timeout(Some(response));
    client.get_multiplexed_async_connection_with_config(&config).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_none_of_redis_is_refused_without_being_repeated() {
        for url in ["", "127.0.0.1", "http://:hunter2@127.0.0.1", "redis://:hunter2@127.0.0.1:port"] {
            let error = open(url).unwrap_err();
            assert!(!error.to_string().contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{error:?}");
        }
        let client = open("redis://:hunter2@127.0.0.1:6379/3").unwrap();
        assert!(client.get_connection_info().tcp_settings().nodelay());
        assert_eq!(client.get_connection_info().redis_settings().db(), 3);
    }
}
