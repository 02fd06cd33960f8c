use clerk_axum::{Policy, RequireAuthLayer};

fn main() {
    let _ = RequireAuthLayer::new(Policy::try_role("org:admin"));
}
