//! `/npm/@clerk/{clerk-js,ui}@{version}/dist/...`: Clerk's scripts for browsers, from a local folder.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
    sync::Arc,
    time::UNIX_EPOCH,
};

use axum::{
    extract::{self, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{error::StartError, shared::Shared};

/// The packages that pages load from their Frontend API.
const PACKAGES: [&str; 2] = ["clerk-js", "ui"];

/// The largest file that is served, in bytes; Clerk's largest has 2 MiB.
const MAX_SIZE: u64 = 32 * 1024 * 1024;

/// A file in the folder.
struct ScriptFile {
    content_type: &'static str,
    etag: String,
    bytes: Vec<u8>,
}

/// Serves a file of any version: the folder has one version of each package.
pub(super) async fn file(
    State(shared): State<Arc<Shared>>,
    extract::Path((package, file)): extract::Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let package = package
        .split_once('@')
        .map(|(name, _)| name)
        .and_then(|name| PACKAGES.into_iter().find(|known| *known == name));
    let Some(package) = package else { return not_found("clerk-local serves @clerk/clerk-js and @clerk/ui alone\n") };
    let Some(folder) = shared.npm_folder.clone() else { return not_found(&how_to_get(package)) };
    // Files have some megabytes: reading them must not block other requests.
    let read = tokio::task::spawn_blocking(move || read(&folder.join("@clerk").join(package).join("dist"), &file));
    match read.await {
        Ok(Ok(file)) => file.into_response(&headers),
        _ => not_found(&format!("the folder has no such file\n{}", how_to_get(package))),
    }
}

/// Reads a file below this folder; rejects names and links that lead out of it.
fn read(dist: &Path, name: &str) -> io::Result<ScriptFile> {
    let refused = || io::Error::from(io::ErrorKind::NotFound);
    let name = Path::new(name);
    let odd = |part: &str| part.starts_with('.') || part.contains(['\\', ':', '\0']);
    let plain = name.components().all(|part| match part {
        Component::Normal(part) => part.to_str().is_some_and(|part| !odd(part)),
        _ => false,
    });
    if !plain {
        return Err(refused());
    }
    let dist = dist.canonicalize()?;
    let path = dist.join(name).canonicalize()?;
    let metadata = fs::metadata(&path)?;
    if !path.starts_with(&dist) || !metadata.is_file() || metadata.len() > MAX_SIZE {
        return Err(refused());
    }
    let modified = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let etag = format!("\"{:x}-{:x}\"", metadata.len(), modified.as_nanos());
    Ok(ScriptFile { content_type: content_type(&path), etag, bytes: fs::read(&path)? })
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs" | "cjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("txt" | "md") => "text/plain; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    }
}

impl ScriptFile {
    fn into_response(self, headers: &HeaderMap) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
        let known = known.split(',').any(|known| known.trim().trim_start_matches("W/") == self.etag);
        let about = [
            (header::ETAG, self.etag),
            // The folder may have another version tomorrow, under the same address.
            (header::CACHE_CONTROL, "no-cache".to_owned()),
            // Pages of any origin load these, with `crossorigin`.
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        ];
        if known {
            return (StatusCode::NOT_MODIFIED, about).into_response();
        }
        let content = [(header::CONTENT_TYPE, self.content_type), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
        (StatusCode::OK, about, content, self.bytes).into_response()
    }
}

fn not_found(text: &str) -> Response {
    let about = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (StatusCode::NOT_FOUND, about, text.to_owned()).into_response()
}

fn how_to_get(package: &str) -> String {
    format!(
        "To get @clerk/{package}, with the folder `npm` for example:\n\n  \
         npm pack @clerk/{package}\n  \
         mkdir -p npm/@clerk/{package}\n  \
         tar -xzf clerk-{package}-*.tgz -C npm/@clerk/{package} --strip-components=1\n\n\
         and start the instance with `clerk-local --npm-folder npm`, or with LocalClerk::builder().npm_folder(\"npm\"). A \
         project's node_modules will do, too.\n"
    )
}

/// Checks that the folder exists.
pub(crate) fn check_folder(path: &Path) -> Result<PathBuf, StartError> {
    let found = path
        .canonicalize()
        .and_then(|found| if found.is_dir() { Ok(found) } else { Err(io::ErrorKind::NotADirectory.into()) });
    found.map_err(|error| StartError::npm_folder(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_follow_the_names() {
        for (name, expected) in [
            ("clerk.browser.js", "text/javascript; charset=utf-8"),
            ("a/b.mjs", "text/javascript; charset=utf-8"),
            ("clerk.js.map", "application/json"),
            ("x.css", "text/css; charset=utf-8"),
            ("LICENSE", "application/octet-stream"),
            ("x.html", "application/octet-stream"),
        ] {
            assert_eq!(content_type(Path::new(name)), expected, "{name}");
        }
    }
}
