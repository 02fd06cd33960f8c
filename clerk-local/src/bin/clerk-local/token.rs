//! `clerk-local token`: a session token of a user of the running instance.

use std::{
    error::Error,
    io::{self, Write},
};

use serde_json::{Map, Value, json};
use url::Url;

use crate::client::InstanceClient;

#[derive(Debug, clap::Args)]
pub(crate) struct Token {
    /// Username, id, e-mail address or phone number
    user: String,
    /// The active organization, by slug or id, or `none`; default: the user's first one
    #[arg(long, value_name = "SLUG")]
    organization: Option<String>,
    /// Add a claim, or change its value: --claim department=sales, --claim 'fva=[12, -1]'
    #[arg(long, value_name = "NAME=VALUE", value_parser = claim)]
    claim: Vec<(String, Value)>,
    /// Lifetime of the token, in seconds
    #[arg(long, value_name = "SECONDS")]
    lifetime: Option<u64>,
    /// The app's origin, the `azp` claim, or `none`; default: that of --curl, or else http://localhost:3000
    #[arg(long, value_name = "ORIGIN")]
    origin: Option<String>,
    /// Print a curl command for this address with the token in it
    #[arg(long, value_name = "URL", conflicts_with = "json")]
    curl: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    client: InstanceClient,
}

/// The value is JSON, or else a text.
fn claim(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("a claim has the form NAME=VALUE")?;
    Ok((name.to_owned(), serde_json::from_str(value).unwrap_or_else(|_| value.into())))
}

/// The origin of an address.
fn origin(address: &str) -> Result<String, String> {
    let url = Url::parse(address).map_err(|_| format!("{address} is not an address such as http://localhost:3000/"))?;
    Ok(url.origin().ascii_serialization())
}

pub(crate) async fn run(arguments: Token) -> Result<(), Box<dyn Error>> {
    let claims: Map<String, Value> = arguments.claim.into_iter().collect();
    let origin_of_app = arguments.curl.as_deref().map(origin).transpose()?;
    let request = json!({
        "user": arguments.user,
        "organization": arguments.organization,
        "claims": claims,
        "lifetime": arguments.lifetime,
        "origin": arguments.origin.or(origin_of_app),
    });
    let answer = arguments.client.post("/local/tokens", &request).await?;
    let token = answer["token"].as_str().ok_or("the instance answered without a token")?;
    let mut out = io::stdout();
    match (&arguments.curl, arguments.json) {
        (_, true) => writeln!(out, "{answer}")?,
        (Some(url), _) => {
            writeln!(out, "curl -i -H 'Authorization: Bearer {token}' '{}'", url.replace('\'', "%27"))?;
        }
        (None, false) => writeln!(out, "{token}")?,
    }
    Ok(())
}
