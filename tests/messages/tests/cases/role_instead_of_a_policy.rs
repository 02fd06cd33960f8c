use clerk_actix::RequireAuth;

fn main() {
    let _ = RequireAuth::new("org:admin");
}
