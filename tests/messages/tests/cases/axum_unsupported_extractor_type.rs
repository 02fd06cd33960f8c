use clerk_axum::Auth;

#[axum::debug_handler]
async fn me(Auth(name): Auth<String>) -> String {
    name
}

fn main() {}
