//! Reads sets of vectors: the one that this repository has, and another one if there is one.

use std::{
    collections::HashMap,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::{Value, json};

/// The version of the API that our requests name.
pub const API_VERSION: &str = "2026-05-12";

/// A recorded set of vectors.
pub struct Set {
    /// The package that was recorded, and where the set is.
    pub name: String,
    /// The named responses of the Backend API.
    pub canned: Value,
    pub vectors: Vec<Vector>,
}

/// One vector.
pub struct Vector(pub Value);

impl Set {
    /// The set in `parity/recorded`, which every clone has.
    pub fn committed() -> Self {
        let files: Vec<PathBuf> =
            fs::read_dir(root().join("parity/recorded")).unwrap().map(|entry| entry.unwrap().path()).collect();
        let [file] = &files[..] else { panic!("parity/recorded must have one set: {files:?}") };
        Self::read(file)
    }

    /// The set that `CLERK_VECTORS` names, relative to the root of the workspace: a file like the committed one, or a folder.
    /// By default, the folder `../shared/vectors` if it exists.
    pub fn other() -> Option<Self> {
        let path = match std::env::var_os("CLERK_VECTORS") {
            Some(path) => root().join(path),
            None => Some(root().join("../shared/vectors")).filter(|path| path.is_dir())?,
        };
        Some(Self::read(&path))
    }

    fn read(path: &Path) -> Self {
        let set = if path.is_dir() { read_folder(path) } else { read_file(path) };
        let manifest = &set["manifest"];
        // Each version of the SDK names its own version of the API in the address of a handshake.
        let recorded = manifest["outgoing_constant_headers"]["clerk-api-version"].as_str().unwrap();
        let named = |version| format!("__clerk_api_version={version}");
        let vectors = set["cases"].as_object().unwrap().values().flat_map(|group| group.as_array().unwrap());
        let vectors = vectors.map(|vector| {
            if recorded == API_VERSION {
                return Vector(vector.clone());
            }
            Vector(deep(&vector.to_string().replace(&named(recorded), &named(API_VERSION))).unwrap())
        });
        Self {
            name: format!("{} in {}", manifest["package"].as_str().unwrap(), path.display()),
            canned: set["canned"].clone(),
            vectors: vectors.collect(),
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read_file(path: &Path) -> Value {
    let file = fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let tokens = deep(&without_lone_surrogates(&text)).unwrap()["tokens"].take();
    parse(&text, &Deserialize::deserialize(tokens).unwrap())
}

/// A folder has the same parts as files: `manifest.json`, `canned.json`, `tokens.json`, and each group in `cases`.
fn read_folder(path: &Path) -> Value {
    let text = |name: &str| {
        let file = path.join(name);
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    };
    let tokens = serde_json::from_str(&text("tokens.json")).unwrap();
    let groups = fs::read_dir(path.join("cases")).unwrap().map(|entry| {
        let name = entry.unwrap().file_name().into_string().unwrap();
        (name.clone(), parse(&text(&format!("cases/{name}")), &tokens))
    });
    json!({
        "manifest": parse(&text("manifest.json"), &tokens),
        "canned": parse(&text("canned.json"), &tokens),
        "cases": groups.collect::<serde_json::Map<_, _>>(),
    })
}

/// Replaces `{{T01234567}}` and parses the text. Unpaired surrogates become U+FFFD, as in our parser of claims.
fn parse(text: &str, tokens: &HashMap<String, String>) -> Value {
    let mut resolved = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(start) = rest.find("{{T") {
        resolved.push_str(&rest[..start]);
        match rest.get(start + 2..start + 11).and_then(|name| tokens.get(name)) {
            Some(token) => {
                resolved.push_str(token);
                rest = &rest[start + 13..];
            }
            None => {
                resolved.push_str("{{T");
                rest = &rest[start + 3..];
            }
        }
    }
    resolved.push_str(rest);
    deep(&without_lone_surrogates(&resolved)).unwrap()
}
/// JSON of any depth.
pub fn deep(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    deserializer.disable_recursion_limit();
    Value::deserialize(&mut deserializer)
}

fn without_lone_surrogates(text: &str) -> String {
    let code = |at: usize| {
        text.get(at..at + 6)
            .and_then(|escape| escape.strip_prefix("\\u"))
            .and_then(|hex| u16::from_str_radix(hex, 16).ok())
    };
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if !text[at..].starts_with('\\') {
            let next = text[at..].find('\\').map_or(text.len(), |offset| at + offset);
            kept.push_str(&text[at..next]);
            at = next;
            continue;
        }
        match (code(at), code(at + 6)) {
            (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => {
                kept.push_str(&text[at..at + 12]);
                at += 12;
            }
            (Some(0xD800..0xE000), _) => {
                kept.push_str("\\ufffd");
                at += 6;
            }
            _ => {
                let width = 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8);
                kept.push_str(&text[at..at + width]);
                at += width;
            }
        }
    }
    kept
}

impl Vector {
    pub fn id(&self) -> &str {
        self.0["id"].as_str().unwrap()
    }

    pub fn group(&self) -> &str {
        self.0["group"].as_str().unwrap()
    }
}
