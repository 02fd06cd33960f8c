//! The app fetches its keys over HTTPS, whatever providers of TLS are compiled in.

use std::{error::Error, net::SocketAddr, path::Path, process::Stdio, sync::Arc};

use clerk_local::LocalClerk;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    process::Command,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// Starts a TLS server in front of this address; writes the certificate of its authority to the file.
async fn serve_tls(target: SocketAddr, authority_file: &Path) -> Result<u16> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    std::fs::write(authority_file, authority.pem())?;
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["localhost".to_owned()])?.signed_by(&key, &authority)?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await?;
                tokio::io::copy_bidirectional(&mut stream, &mut TcpStream::connect(target).await?).await
            });
        }
    });
    Ok(port)
}

/// Sends a signed-in request to a new process of the app.
async fn respond(variables: &[(&str, &str)]) -> Result<String> {
    let local = LocalClerk::start().await?;
    let folder = tempfile::tempdir()?;
    let authority_file = folder.path().join("authority.pem");
    let backend = local.backend_api_url().trim_start_matches("http://").parse()?;
    let port = serve_tls(backend, &authority_file).await?;
    let mut app = Command::new(env!("CARGO_BIN_EXE_ring-app"))
        .envs(local.environment())
        .env("CLERK_API_URL", format!("https://localhost:{port}"))
        .env("SSL_CERT_FILE", &authority_file)
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let stdout = app.stdout.take().ok_or("no output")?;
    let address = BufReader::new(stdout).lines().next_line().await?.ok_or("the app ended")?;
    let mut stream = TcpStream::connect(&address).await?;
    let token = local.token("alice")?.mint();
    let request =
        format!("GET /me HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    Ok(response)
}

#[tokio::test]
async fn the_app_has_no_tls_of_its_own() {
    let response = respond(&[]).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
}

/// With the feature `aws-lc-rs` it has installed that as the process's default.
#[tokio::test]
async fn the_app_has_tls_of_its_own() {
    let response = respond(&[("OWN_TLS", "1")]).await.unwrap();
    assert!(response.starts_with("HTTP/1.1 200 OK\r\n"), "{response}");
}
