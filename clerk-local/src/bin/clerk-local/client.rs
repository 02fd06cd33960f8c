//! [`InstanceClient`]: sends requests to the running instance.

use std::{error::Error, time::Duration};

use clerk_core::internal::local_client;
use serde_json::Value;

/// How long the instance may take: to hash a password, some seconds on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The client of the running instance.
#[derive(Debug, clap::Args)]
pub(crate) struct InstanceClient {
    /// Frontend API of the running instance
    #[arg(long, value_name = "URL", default_value = "http://localhost:4400", env = "CLERK_PROXY_URL")]
    instance: String,
}

impl InstanceClient {
    pub(crate) async fn get(&self, path: &str) -> Result<Value, Box<dyn Error>> {
        self.send(|client, url| client.get(url), path).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, Box<dyn Error>> {
        let with_body = |client: &reqwest::Client, url| {
            client.post(url).header("content-type", "application/json").body(body.to_string())
        };
        self.send(with_body, path).await
    }

    async fn send(
        &self,
        request: impl FnOnce(&reqwest::Client, String) -> reqwest::RequestBuilder,
        path: &str,
    ) -> Result<Value, Box<dyn Error>> {
        let base = self.instance.trim_end_matches('/');
        let client = local_client(TIMEOUT).map_err(|error| -> Box<dyn Error> { error })?;
        let response = request(&client, format!("{base}{path}")).send().await;
        let response = response
            .map_err(|_| format!("cannot connect to {base}: start clerk-local, or give its address with --instance"))?;
        let ok = response.status().is_success();
        let text = response.text().await?;
        let answer: Value =
            serde_json::from_str(&text).map_err(|_| format!("the server at {base} is not clerk-local"))?;
        if ok {
            return Ok(answer);
        }
        let message = answer["errors"][0]["long_message"].as_str().unwrap_or("the instance refused");
        Err(message.to_owned().into())
    }
}
