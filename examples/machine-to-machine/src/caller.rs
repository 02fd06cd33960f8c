//! The calling process. It has only a machine's secret key.

use std::{
    error::Error,
    io::{self, Write},
    time::{Duration, Instant},
};

use clerk_axum::{
    Clerk,
    m2m::{M2mTokenFormat, M2mTokenSource},
};

const CALLS: u32 = 12;

pub(super) async fn run(url: &str) -> Result<(), Box<dyn Error>> {
    let clerk = Clerk::from_env()?; // CLERK_MACHINE_SECRET_KEY
    // A lifetime of 4 s, so that the demo shows a renewal; an hour is usual.
    let builder = M2mTokenSource::builder(&clerk).format(M2mTokenFormat::Opaque).lifetime(Duration::from_secs(4));
    let source = builder.build()?;
    let client = reqwest::Client::new();
    let mut last = None;
    for call in 1..=CALLS {
        let start = Instant::now();
        let request = client.get(url).bearer_auth(source.token().await?.expose());
        let elapsed = start.elapsed();
        let response = request.send().await?;
        let (status, body) = (response.status(), response.text().await?);
        let token = source.token().await?.id().to_owned();
        let note = match &last {
            None => "created",
            Some(last) if *last == token => "reused",
            Some(_) => "renewed",
        };
        writeln!(
            io::stdout(),
            "[caller {}] {call:2}: {status}, {}; token {token} ({note}) after {elapsed:.0?}",
            std::process::id(),
            body.trim_end()
        )?;
        last = Some(token);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}
