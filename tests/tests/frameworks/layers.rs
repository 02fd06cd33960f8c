//! Imports point downward: a module of a crate imports only from its own folder and from lower layers.
//!
//! `ARCHITECTURE.md` explains the layers. Modules of one layer do not import each other.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The layers of a crate, the lowest first; its `lib.rs` lies above them all.
struct Layers {
    crate_name: &'static str,
    layers: &'static [&'static [&'static str]],
}

const CRATES: [Layers; 9] = [
    Layers {
        crate_name: "clerk-types",
        layers: &[
            &["timestamp"],
            &["conversions", "json", "mismatch"],
            &["reading", "shape"],
            &["field"],
            &["argument", "model", "other", "page"],
            &["secret"],
            &["objects"],
        ],
    },
    Layers {
        crate_name: "clerk-api",
        layers: &[
            &["http", "operation"],
            &["client", "m2m"],
            &["request"],
            &["stream"],
            &["define"],
            &["resources"],
            &["current_user"],
        ],
    },
    Layers {
        crate_name: "clerk-core",
        layers: &[
            &["base"],
            &["token"],
            &["config"],
            &["auth"],
            &["revocation", "observe"],
            &["backend"],
            &["flow"],
            &["clerk"],
            &["protected_resource"],
        ],
    },
    Layers {
        crate_name: "clerk-proxy",
        layers: &[
            &["hop_by_hop", "path", "request", "trusted_peers", "upload", "upstream"],
            &["client_address", "error", "public_url", "request_headers"],
            &["limits", "pump", "response_headers"],
            &["proxy", "response"],
            &["gather"],
            &["forward"],
        ],
    },
    Layers { crate_name: "clerk-stores", layers: &[&["redis"]] },
    Layers {
        crate_name: "clerk-webhook",
        layers: &[
            &["error"],
            &["event"],
            &["message"],
            &["dedupe", "headers"],
            &["handling", "verify"],
            &["revocations"],
            &["endpoint"],
        ],
    },
    Layers {
        crate_name: "clerk-tower",
        layers: &[
            &["body", "headers", "m2m"],
            &["response"],
            &["refusal", "response_future"],
            &["authenticate", "current_user", "proxy", "require_auth", "resource_metadata", "webhook"],
            &["protected_resource"],
        ],
    },
    Layers {
        crate_name: "clerk-axum",
        layers: &[
            &["body", "rejection"],
            &["current_user", "extract", "layer", "proxy", "webhook"],
            &["protected_resource"],
        ],
    },
    Layers {
        crate_name: "clerk-actix",
        layers: &[
            &["headers", "response", "response_future", "upload"],
            &["rejection"],
            &["authenticate", "current_user", "extract", "guard", "proxy", "require_auth", "webhook"],
            &["protected_resource"],
        ],
    },
];

#[test]
fn imports_point_downward() {
    let mut upward = Vec::new();
    for layers in &CRATES {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(layers.crate_name).join("src");
        for file in rust_files(&source) {
            let name = file.strip_prefix(&source).unwrap().to_str().unwrap().to_owned();
            let Some(own) = top_level(&name) else { continue };
            let from = layers.layer_of(own);
            for import in imports(&fs::read_to_string(&file).unwrap()) {
                let target = import.split("::").next().unwrap();
                if target != own && layers.layer_of(target) >= from {
                    upward.push(format!("{}/src/{name}: crate::{import}", layers.crate_name));
                }
            }
        }
    }
    assert!(upward.is_empty(), "these imports point upward or sideways:\n{}", upward.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    for layers in &CRATES {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(layers.crate_name).join("src");
        let found: BTreeSet<String> = rust_files(&source)
            .iter()
            .filter_map(|file| top_level(file.strip_prefix(&source).unwrap().to_str().unwrap()).map(str::to_owned))
            .collect();
        let listed: BTreeSet<String> = layers.layers.concat().into_iter().map(str::to_owned).collect();
        assert_eq!(found, listed, "{}", layers.crate_name);
    }
}

#[test]
fn import_lists_are_read_whole() {
    let text = "use crate::{a::{self, B, c::D}, e};\npub(crate) use crate::f::G as H;\nlet x = crate::i::J::new();\n// crate::no\n#[cfg(test)]\nmod tests {\n    use crate::test_only;\n}\n";
    assert_eq!(imports(text), ["a", "a::B", "a::c::D", "e", "f::G", "i::J::new"].map(str::to_owned).into());
}

impl Layers {
    /// The number of a module's layer. What is named at the crate's root (`crate::Clerk`) counts as above all layers:
    /// modules import from where a thing is defined.
    fn layer_of(&self, module: &str) -> usize {
        self.layers.iter().position(|layer| layer.contains(&module)).unwrap_or(usize::MAX)
    }
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The top-level module of a file, by its path below `src`.
fn top_level(path: &str) -> Option<&str> {
    let first = path.split('/').next()?.trim_end_matches(".rs");
    (first != "lib").then_some(first)
}

/// The paths that a file names behind `crate::`, without comments and unit tests.
fn imports(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let code: String = code.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for (at, name) in code.match_indices("crate::") {
        // Not `$crate::`, nor another crate's name that ends so.
        if code[..at].ends_with(|before: char| before.is_alphanumeric() || matches!(before, '_' | '$')) {
            continue;
        }
        read_tree(&code[at + name.len()..], "", &mut found);
    }
    found
}

/// Reads one path or one list in braces, and returns what follows it.
fn read_tree<'t>(text: &'t str, prefix: &str, found: &mut BTreeSet<String>) -> &'t str {
    let mut text = text.trim_start();
    if let Some(list) = text.strip_prefix('{') {
        text = list;
        loop {
            text = read_tree(text, prefix, found).trim_start().trim_start_matches(',').trim_start();
            match text.strip_prefix('}') {
                Some(rest) => return rest,
                None if text.is_empty() => return text,
                None => {}
            }
        }
    }
    let end = text.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let path = match (prefix, name) {
        (prefix, "self") => prefix.to_owned(),
        ("", name) => name.to_owned(),
        (prefix, name) => format!("{prefix}::{name}"),
    };
    if let Some(deeper) = rest.strip_prefix("::").filter(|rest| !rest.starts_with('<')) {
        return read_tree(deeper, &path, found);
    }
    if !path.is_empty() {
        found.insert(path);
    }
    match rest.strip_prefix(" as ") {
        Some(alias) => alias.trim_start_matches(|character: char| character.is_alphanumeric() || character == '_'),
        None if end == 0 && !rest.is_empty() => &rest[rest.chars().next().map_or(0, char::len_utf8)..],
        None => rest,
    }
}
