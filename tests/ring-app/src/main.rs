//! An app with clerk-axum's feature `ring`. With OWN_TLS it also has TLS of its own, as a client of another service has.

use std::{error::Error, io::Write, process::ExitCode};

use axum::{Router, routing::get};
use clerk_axum::{Auth, Clerk, ClerkLayer, UserId};

/// Panics if two providers are compiled in and the process has chosen none.
fn use_own_tls() {
    #[cfg(feature = "aws-lc-rs")]
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let roots = rustls::RootCertStore::empty();
    let _ = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
}

async fn run() -> Result<(), Box<dyn Error>> {
    if std::env::var_os("OWN_TLS").is_some() {
        use_own_tls();
    }
    let me = async |Auth(user): Auth<UserId>| user.to_string();
    let app = Router::new().route("/me", get(me)).layer(ClerkLayer::new(Clerk::from_env()?));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    axum::serve(listener, app).await?;
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let Err(error) = run().await else { return ExitCode::SUCCESS };
    let _ = writeln!(std::io::stderr(), "error: {error}");
    ExitCode::FAILURE
}
