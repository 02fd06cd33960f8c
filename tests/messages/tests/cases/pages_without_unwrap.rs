use clerk_axum::{Clerk, ClerkLayer};

fn layer(clerk: Clerk) -> axum::Router {
    axum::Router::new().layer(ClerkLayer::pages(clerk))
}

fn main() {}
