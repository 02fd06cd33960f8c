use actix_web::{Responder, get};
use clerk_actix::Auth;

#[get("/me")]
async fn me(Auth(name): Auth<String>) -> impl Responder {
    name
}

fn main() {}
