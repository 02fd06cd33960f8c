//! The adapters export the same names: one list from clerk-core, and one name for each thing of their own.

use std::{collections::BTreeSet, fs, path::Path};

/// The same thing in axum, tower and actix. A middleware of actix is a layer elsewhere.
const SAME: [[&str; 3]; 12] = [
    ["Auth", "", "Auth"],
    ["AuthRejection", "", "AuthRejection"],
    ["ClerkLayer", "ClerkLayer", "ClerkMiddleware"],
    ["CurrentLayer", "CurrentLayer", "CurrentMiddleware"],
    ["CurrentOrganization", "current_organization", "CurrentOrganization"],
    ["CurrentUser", "current_user", "CurrentUser"],
    ["ProtectedResourceLayer", "ProtectedResourceLayer", "ProtectedResourceMiddleware"],
    ["RequireAuthLayer", "RequireAuthLayer", "RequireAuth"],
    ["ResourceMetadataLayer", "ResourceMetadataLayer", "ResourceMetadataMiddleware"],
    ["", "ResponseFuture", "ResponseFuture"],
    ["auth_state", "auth_state", "auth_state"],
    ["clerk_core", "clerk_core", "clerk_core"],
];

/// What only one of them can have, in the same order.
const OWN: [&[&str]; 3] = [
    &[],
    &["Headers", "ResponseBody", "refusal"],
    // actix's `Option<T>` hides every error of an extractor.
    &["Headers", "MaybeAuth", "MaybeCurrentUser"],
];

/// The modules and renamed crates that are the same in all of them: one for each product.
const PRODUCTS: [&str; 5] = ["api", "m2m", "proxy", "stores", "webhook"];

/// The same thing in the module of a product, in axum, tower and actix, and the crate that the module re-exports.
const IN_PRODUCTS: [(&str, &[[&str; 3]]); 2] = [
    ("proxy", &[["fn frontend_api_proxy", "struct FrontendApiProxyService", "fn frontend_api_proxy"]]),
    (
        "webhook",
        &[
            ["struct Webhook<", "fn webhook_message", "struct Webhook<"],
            ["struct WebhookLayer", "struct WebhookLayer", "struct WebhookMiddleware"],
            ["struct WebhookRejection", "fn webhook_refusal", "struct WebhookRejection"],
        ],
    ),
];

#[test]
fn all_adapters_have_a_module_for_each_product() {
    for (index, name) in ["clerk-axum", "clerk-tower", "clerk-actix"].into_iter().enumerate() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src");
        let lib = fs::read_to_string(source.join("lib.rs")).unwrap();
        for product in PRODUCTS {
            let module = ["pub mod ", " as ", "::"].iter().any(|before| lib.contains(&format!("{before}{product};")));
            assert!(module, "{name} has no module {product}");
        }
        for (product, same) in IN_PRODUCTS {
            let module = fs::read_to_string(source.join(product).with_extension("rs")).unwrap();
            // axum's module has everything of tower's.
            let whole = [format!("pub use clerk_{product}::*;"), format!("pub use clerk_tower::{product}::*;")];
            assert!(whole.iter().any(|line| module.contains(line)), "{name} does not re-export clerk-{product}");
            for names in same {
                assert!(module.contains(&format!("pub {}", names[index])), "{name}::{product} has no {}", names[index]);
            }
        }
    }
}

#[test]
fn all_adapters_export_the_same_names() {
    for (index, name) in ["clerk-axum", "clerk-tower", "clerk-actix"].into_iter().enumerate() {
        let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name).join("src/lib.rs");
        let (from_core, own) = exports(&fs::read_to_string(lib).unwrap());
        assert_eq!(from_core, ["prelude::*"], "{name} re-exports the list of clerk-core and nothing else of it");
        let same = SAME.iter().map(|names| names[index]).filter(|name| !name.is_empty());
        let expected: BTreeSet<&str> = same.chain(OWN[index].iter().copied()).collect();
        assert_eq!(own.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected, "{name}");
    }
}

/// clerk-core has the names of its `prelude` at its root, and few modules beside them.
#[test]
fn the_root_of_clerk_core_stays_small() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../clerk-core/src/lib.rs")).unwrap();
    let (root, rest) = lib.split_once("pub mod prelude {").unwrap();
    let (_, root) = root.rsplit_once("\n}\n").unwrap();
    let (_, names) = exports(root);
    let (_, prelude) = exports(rest.split_once("\n}").unwrap().0);
    let without_path = |names: BTreeSet<String>| -> BTreeSet<String> {
        names.iter().filter_map(|name| name.trim_end_matches('}').rsplit("::").next()).map(str::to_owned).collect()
    };
    let (mut names, prelude) = (without_path(names), without_path(prelude));
    assert!(names.remove("time"), "a module of another folder");
    assert_eq!(names, prelude);
    let hidden = lib.matches("#[doc(hidden)]\npub mod").count();
    let modules = lib.lines().filter(|line| line.starts_with("pub mod ")).count() - hidden;
    assert!(names.len() + modules < 30, "{} names, {modules} modules and `time`", names.len());
}

/// What a `lib.rs` re-exports from clerk-core, and the other names that it exports; whole crates do not count.
fn exports(lib: &str) -> (Vec<String>, BTreeSet<String>) {
    let (mut from_core, mut own) = (Vec::new(), BTreeSet::new());
    for item in lib.split("pub use ").skip(1) {
        let path: String = item.split(';').next().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        if path.contains(" as ") {
            continue;
        }
        if let Some(name) = path.strip_prefix("clerk_core::") {
            from_core.push(name.to_owned());
            continue;
        }
        let name = path.rsplit_once("::").map_or(&*path, |(_, name)| name);
        let list = path.split_once('{').map_or(name, |(_, list)| list.trim_end_matches('}'));
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty() && !PRODUCTS.contains(name));
        own.extend(names.map(str::to_owned));
    }
    (from_core, own)
}
