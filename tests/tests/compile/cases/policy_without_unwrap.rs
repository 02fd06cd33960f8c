use clerk_axum::{Policy, RequireLayer};

fn main() {
    let _ = RequireLayer::new(Policy::role("org:admin"));
}
