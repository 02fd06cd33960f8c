//! `clerk-local users`: lists the users of the running instance.

use std::{
    error::Error,
    io::{self, Write},
};

use serde_json::Value;

use crate::client::InstanceClient;

#[derive(Debug, clap::Args)]
pub(crate) struct Users {
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    client: InstanceClient,
}

pub(crate) async fn run(arguments: Users) -> Result<(), Box<dyn Error>> {
    let answer = arguments.client.get("/local/users").await?;
    let mut out = io::stdout();
    if arguments.json {
        writeln!(out, "{answer}")?;
        return Ok(());
    }
    for user in answer.as_array().map(Vec::as_slice).unwrap_or_default() {
        let text = |name: &str| user[name].as_str().unwrap_or_default();
        let address = user["email_addresses"][0]["email_address"].as_str().unwrap_or_default();
        let places = user["organizations"].as_object().into_iter().flatten();
        let places: Vec<_> =
            places.map(|(slug, role)| format!("{slug} {}", role.as_str().unwrap_or_default())).collect();
        let marks = ["banned", "locked"].into_iter().filter(|mark| user[mark] == Value::Bool(true));
        let rest = places.into_iter().chain(marks.map(str::to_owned)).collect::<Vec<_>>().join(", ");
        writeln!(out, "{:<12} {:<28} {:<33} {rest}", text("username"), address, text("id"))?;
    }
    Ok(())
}
