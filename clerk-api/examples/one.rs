//! One call: how many users there are.

#![expect(clippy::print_stdout, reason = "a program that says what it does")]

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = clerk_api::Client::new(std::env::var("CLERK_SECRET_KEY")?.parse()?)?;
    println!("{} users", client.users().count().send().await?.total_count);
    Ok(())
}
