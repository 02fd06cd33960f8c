//! Reads the files of the vectors.

use std::{collections::HashMap, fs, path::PathBuf};

use serde::Deserialize;
use serde_json::Value;

/// A folder of vectors.
pub struct Folder {
    path: PathBuf,
    tokens: HashMap<String, String>,
}

/// One vector.
pub struct Vector(pub Value);

impl Folder {
    /// The folder; prints that the test is skipped and returns `None` if it is missing.
    pub fn find() -> Option<Self> {
        let (path, configured) = match std::env::var_os("CLERK_VECTORS") {
            // Relative to the root of the workspace, where the command runs.
            Some(path) => (PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path), true),
            None => (PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/vectors"), false),
        };
        if !path.join("cases").is_dir() {
            assert!(!configured, "CLERK_VECTORS is {}, which contains no vectors", path.display());
            println!("skipped: ../shared/vectors is missing; it is not part of the project");
            return None;
        }
        let tokens: HashMap<String, String> =
            serde_json::from_str(&fs::read_to_string(path.join("tokens.json")).unwrap()).unwrap();
        Some(Self { path, tokens })
    }

    pub fn canned(&self) -> Value {
        self.read("canned.json")
    }

    /// All vectors, in the order of the file names.
    pub fn vectors(&self) -> Vec<Vector> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.path.join("cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let parse = |file: &PathBuf| {
            let Value::Array(vectors) = self.parse(&fs::read_to_string(file).unwrap()) else { panic!("{file:?}") };
            vectors
        };
        files.iter().flat_map(parse).map(Vector).collect()
    }

    /// Whether the table of differences was reviewed against this folder: then its counts equal those of the manifest.
    pub fn is_reviewed(&self) -> bool {
        let manifest = self.read("manifest.json");
        let mut counts: HashMap<String, u64> = HashMap::new();
        for vector in self.vectors() {
            *counts.entry(vector.group().to_owned()).or_default() += 1;
        }
        let groups = manifest["groups"].as_object().unwrap();
        groups.iter().all(|(group, sizes)| sizes["shared"].as_u64() == counts.get(group).copied())
    }

    fn read(&self, name: &str) -> Value {
        self.parse(&fs::read_to_string(self.path.join(name)).unwrap())
    }

    /// Replaces `{{T01234567}}` and parses the text. Unpaired surrogates become U+FFFD, as in our parser of claims.
    fn parse(&self, text: &str) -> Value {
        let mut resolved = String::with_capacity(text.len() * 2);
        let mut rest = text;
        while let Some(start) = rest.find("{{T") {
            resolved.push_str(&rest[..start]);
            match self.tokens.get(&rest[start + 2..start + 11]) {
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
