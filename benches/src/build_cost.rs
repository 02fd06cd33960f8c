//! What our crates and the peers add to the build of a hello world: crates, time and size.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use crate::table::Table;

const AXUM: &str = r#"axum = { version = "0.8", default-features = false, features = ["http1", "tokio"] }"#;
const TOKIO: &str = r#"tokio = { version = "1", features = ["macros", "net", "rt-multi-thread"] }"#;

const HELLO: &str = r#"
#[tokio::main]
async fn main() {
    let app = axum::Router::new().route("/", axum::routing::get(async || "hello"));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await.unwrap(), app).await.unwrap();
}
"#;

const OURS: &str = r#"
use clerk_axum::{Auth, Clerk, ClerkLayer, UserId};

#[tokio::main]
async fn main() {
    let app = axum::Router::new()
        .route("/", axum::routing::get(async |Auth(user): Auth<UserId>| user.to_string()))
        .layer(ClerkLayer::new(Clerk::from_env().unwrap()));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await.unwrap(), app).await.unwrap();
}
"#;

const CLERK_RS: &str = r#"
use clerk_rs::{ClerkConfiguration, clerk::Clerk, validators::{axum::ClerkLayer, jwks::MemoryCacheJwksProvider}};

#[tokio::main]
async fn main() {
    let clerk = Clerk::new(ClerkConfiguration::new(None, None, Some("sk_test_x".to_string()), None));
    let app = axum::Router::new()
        .route("/", axum::routing::get(async || "hello"))
        .layer(ClerkLayer::new(MemoryCacheJwksProvider::new(clerk), None, true));
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await.unwrap(), app).await.unwrap();
}
"#;

const JWT_AUTHORIZER: &str = r#"
use jwt_authorizer::{Authorizer, IntoLayer, JwtAuthorizer, RegisteredClaims};

#[tokio::main]
async fn main() {
    let authorizer: Authorizer<RegisteredClaims> =
        JwtAuthorizer::from_jwks_url("https://clerk.example.com/.well-known/jwks.json").build().await.unwrap();
    let app = axum::Router::new().route("/", axum::routing::get(async || "hello")).layer(authorizer.into_layer());
    axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await.unwrap(), app).await.unwrap();
}
"#;

/// An application: its name, its dependencies besides tokio, and its code.
struct App {
    name: &'static str,
    dependencies: Vec<String>,
    main: &'static str,
}

/// What a build takes.
struct Cost {
    crates: usize,
    debug_seconds: f64,
    release_seconds: f64,
    stripped_bytes: u64,
}

pub fn run() {
    let ours = |settings: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../clerk-axum");
        vec![AXUM.to_owned(), format!("clerk-axum = {{ path = {path:?}{settings} }}")]
    };
    let apps = [
        App { name: "hello world", dependencies: vec![AXUM.to_owned()], main: HELLO },
        App { name: "clerk-axum", dependencies: ours(""), main: OURS },
        App {
            name: "clerk-axum, all products",
            dependencies: ours(r#", features = ["api", "metrics", "proxy", "redis", "webhook"]"#),
            main: OURS,
        },
        App {
            name: "clerk-axum, ring",
            dependencies: ours(r#", default-features = false, features = ["ring"]"#),
            main: OURS,
        },
        App {
            name: "clerk-axum, rust-crypto and native-tls",
            dependencies: ours(r#", default-features = false, features = ["rust-crypto", "native-tls"]"#),
            main: OURS,
        },
        App {
            name: "clerk-rs",
            dependencies: vec![
                AXUM.to_owned(),
                r#"clerk-rs = { version = "0.5", default-features = false, features = ["rustls-tls", "axum"] }"#.into(),
            ],
            main: CLERK_RS,
        },
        App {
            name: "jwt-authorizer (axum 0.7)",
            dependencies: vec![AXUM.replace("0.8", "0.7"), r#"jwt-authorizer = "0.15""#.into()],
            main: JWT_AUTHORIZER,
        },
    ];
    let folder = std::env::temp_dir().join(format!("clerk-build-cost-{}", std::process::id()));
    let mut table = Table::new([
        "application",
        "crates compiled",
        "debug build, CPU s",
        "release build, CPU s",
        "stripped release, MB",
        "adds: crates",
        "CPU s",
        "MB",
    ]);
    let mut first: Option<Cost> = None;
    for app in &apps {
        match build(&folder, app) {
            Ok(cost) => {
                let base = first.as_ref().unwrap_or(&cost);
                let megabytes = |bytes: f64| format!("{:.1}", bytes / 1e6);
                table.row([
                    app.name.to_owned(),
                    cost.crates.to_string(),
                    format!("{:.1}", cost.debug_seconds),
                    format!("{:.1}", cost.release_seconds),
                    megabytes(cost.stripped_bytes as f64),
                    (cost.crates - base.crates.min(cost.crates)).to_string(),
                    format!("{:.1}", cost.debug_seconds - base.debug_seconds),
                    megabytes(cost.stripped_bytes as f64 - base.stripped_bytes as f64),
                ]);
                first.get_or_insert(cost);
            }
            Err(problem) => table.row([app.name, &problem, "", "", "", "", "", ""]),
        }
    }
    drop(fs::remove_dir_all(&folder));
    table.print("Build cost: clean builds, user and system time of all processes");
}

fn build(folder: &Path, app: &App) -> Result<Cost, String> {
    drop(fs::remove_dir_all(folder));
    fs::create_dir_all(folder.join("src")).map_err(|error| error.to_string())?;
    let dependencies = app.dependencies.join("\n");
    let manifest = format!(
        "[package]\nname = \"hello\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}\n{TOKIO}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).map_err(|error| error.to_string())?;
    fs::write(folder.join("src/main.rs"), app.main).map_err(|error| error.to_string())?;
    cargo(folder, &["fetch"])?;
    let debug_seconds = measure(|| cargo(folder, &["build"]).map(drop))?;
    let tree = cargo(folder, &["tree", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"])?;
    // The application itself is in the list, too.
    let crates: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(" (").next()).collect();
    let release_seconds =
        measure(|| cargo(folder, &["build", "--release", "--config", "profile.release.strip=true"]).map(drop))?;
    let stripped: PathBuf = folder.join("target/release/hello");
    let stripped_bytes = fs::metadata(stripped).map_err(|error| error.to_string())?.len();
    Ok(Cost { crates: crates.len() - 1, debug_seconds, release_seconds, stripped_bytes })
}

/// The output of a cargo command, or the last line of its errors.
fn cargo(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("cargo")
        .args(arguments)
        .current_dir(folder)
        .env_remove("CARGO_TARGET_DIR")
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .map_err(|error| error.to_string())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        let problem = errors.lines().find(|line| line.starts_with("error")).unwrap_or("failed");
        return Err(problem.to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The processor time of a command and its children, or the elapsed time where the system does not tell.
fn measure(command: impl FnOnce() -> Result<(), String>) -> Result<f64, String> {
    let (before, start) = (children_seconds(), Instant::now());
    command()?;
    Ok(match (before, children_seconds()) {
        (Some(before), Some(after)) => after - before,
        _ => start.elapsed().as_secs_f64(),
    })
}

/// User and system time of all children that have ended, from `/proc/self/stat` (Linux), in ticks of 10 ms.
fn children_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The fields after the program's name, which may hold spaces; `cutime` and `cstime` are the 16th and 17th of all.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ').skip(13);
    let (user, system) = (fields.next()?.parse::<f64>().ok()?, fields.next()?.parse::<f64>().ok()?);
    Some((user + system) / 100.0)
}
