//! Requests per second over loopback HTTP: 64 connections, server and clients on the same cores.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    fixture::{Credentials, Fixture},
    ours, peers,
    picture::Bar,
    table::{Table, median, nanoseconds},
};

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 7;
const TIME: Duration = Duration::from_millis(500);

/// Prints the table. Returns the share of the row without authentication that each row reaches, in percent.
pub async fn run(fixture: &Fixture) -> Vec<Bar> {
    // Shared by all connections: separate copies would push the server's memory out of the processor's caches, which
    // real clients on other machines do not do.
    let reused: Arc<Vec<Vec<u8>>> =
        Arc::new((0..200).map(|number| message(&Credentials::bearer(&fixture.token(number)))).collect());
    let serve = async |router: axum::Router| {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let jwt_authorizer = listener.local_addr().unwrap();
    let router = peers::jwt_authorizer(fixture).await;
    tokio::spawn(async move { axum07::serve(listener, router).await.unwrap() });
    let rows = [
        ("axum without auth", serve(ours::axum_without_auth()).await),
        ("axum with its own Extension layer and extractor", serve(ours::axum_with_extension()).await),
        ("**ours: 200 tokens, reused**", serve(ours::axum_router(ours::clerk(fixture))).await),
        ("**ours: cache off**", serve(ours::axum_router(ours::clerk_without_cache(fixture))).await),
        (peers::JWT_AUTHORIZER, jwt_authorizer),
        (peers::CLERK_RS, serve(peers::clerk_rs_router(fixture)).await),
        (peers::AXUM_JWT_AUTH, serve(peers::axum_jwt_auth_router(fixture).await).await),
        (peers::DIOXUS_CLERK, serve(peers::dioxus_clerk_router(fixture)).await),
    ];
    let mut table = Table::new(["loopback HTTP", "requests per second", "of no auth"]);
    let (mut accepting, mut refusing) = (Vec::new(), Vec::new());
    for (name, address) in rows {
        match status(address, &reused[0]).await {
            200 => accepting.push((name, address)),
            status => refusing.push(format!("{name}: not measured, its status was {status}")),
        }
    }
    let rows = accepting;
    let mut samples = vec![Vec::new(); rows.len()];
    for round in 0..ROUNDS {
        for index in 0..rows.len() {
            let index = (index + round) % rows.len();
            samples[index].push(rate(rows[index].1, &reused).await);
        }
    }
    // Compared round by round, because other load on the machine affects all rows of a round alike.
    let base = samples[0].clone();
    let mut bars = Vec::new();
    for ((name, _), samples) in rows.iter().zip(&mut samples) {
        let mut shares: Vec<f64> = samples.iter().zip(&base).map(|(one, base)| 100.0 * one / base).collect();
        let share = median(&mut shares);
        table.row([(*name).to_owned(), nanoseconds(median(samples)), format!("{share:.0} %")]);
        bars.push(Bar { name: (*name).to_owned(), value: share });
    }
    refusing.into_iter().for_each(|row| table.row([row]));
    table.print(&format!("Throughput: {CONNECTIONS} connections, medians of {ROUNDS} interleaved rounds"));
    bars
}

/// The status of the response to one request.
async fn status(address: SocketAddr, message: &[u8]) -> u16 {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(message).await.unwrap();
    let mut status = [0; "HTTP/1.1 200".len()];
    stream.read_exact(&mut status).await.unwrap();
    std::str::from_utf8(&status[9..]).unwrap().parse().unwrap()
}

async fn rate(address: SocketAddr, messages: &Arc<Vec<Vec<u8>>>) -> f64 {
    let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|client| {
            tokio::spawn(run_connection(address, Arc::clone(messages), client, Arc::clone(&stop), Arc::clone(&count)))
        })
        .collect();
    // Opens connections and fills caches before the measurement.
    tokio::time::sleep(TIME / 5).await;
    let before = count.load(Ordering::Relaxed);
    let start = std::time::Instant::now();
    tokio::time::sleep(TIME).await;
    let rate = (count.load(Ordering::Relaxed) - before) as f64 / start.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    rate
}

fn message(credentials: &Credentials) -> Vec<u8> {
    let mut message = b"GET /me HTTP/1.1\r\n".to_vec();
    for (name, value) in credentials.all() {
        message.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
    }
    message.extend(b"\r\n");
    message
}

/// One keep-alive connection that sends its next request after the response to the last one.
async fn run_connection(
    address: SocketAddr,
    messages: Arc<Vec<Vec<u8>>>,
    client: usize,
    stop: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut buffer = [0; 4096];
    for next in client.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        stream.write_all(&messages[next % messages.len()]).await.unwrap();
        // The responses are small enough to arrive in one read.
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&buffer[..length]));
        count.fetch_add(1, Ordering::Relaxed);
    }
}
