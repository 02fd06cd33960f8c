//! One call: prints the number of users.

#![expect(clippy::print_stdout, reason = "an example prints its results")]

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = clerk_api::Client::new(std::env::var("CLERK_SECRET_KEY")?.parse()?)?;
    println!("{} users", client.users().count().send().await?.total_count);
    Ok(())
}
