//! Connections to Redis, for all stores that use it.

use std::time::Duration;

use clerk_core::config::{ConfigError, ConfigErrorKind};
use redis::{
    AsyncConnectionConfig, Client, IntoConnectionInfo, RedisResult, aio::MultiplexedConnection, io::tcp::TcpSettings,
};

/// Timeout of a connection attempt, and of one command.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(1);

/// Creates a client for this URL. Sends nothing yet.
///
/// Sets `TCP_NODELAY`: a published message is a few bytes, which the kernel would otherwise delay.
pub(crate) fn open(url: &str) -> Result<Client, ConfigError> {
    let settings = TcpSettings::default().set_nodelay(true);
    let client = url.into_connection_info().and_then(|info| Client::open(info.set_tcp_settings(settings)));
    client.map_err(|_| {
        // Without the source error, which may contain the password.
        ConfigError::new(
            ConfigErrorKind::InvalidSetting,
            "not a Redis URL, such as redis://127.0.0.1:6379; rediss:// needs the feature redis-rustls or redis-native-tls",
        )
    })
}

/// Opens a connection with this timeout for each response.
pub(crate) async fn connect(client: &Client, response: Duration) -> RedisResult<MultiplexedConnection> {
    let config =
        AsyncConnectionConfig::new().set_connection_timeout(Some(TIMEOUT)).set_response_timeout(Some(response));
    client.get_multiplexed_async_connection_with_config(&config).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_url_is_refused_and_not_shown() {
        for url in ["", "127.0.0.1", "http://:hunter2@127.0.0.1", "redis://:hunter2@127.0.0.1:port"] {
            let error = open(url).unwrap_err();
            assert!(!error.to_string().contains("hunter2") && !format!("{error:?}").contains("hunter2"), "{error:?}");
        }
        let client = open("redis://:hunter2@127.0.0.1:6379/3").unwrap();
        assert!(client.get_connection_info().tcp_settings().nodelay());
        assert_eq!(client.get_connection_info().redis_settings().db(), 3);
    }
}
