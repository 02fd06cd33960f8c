//! `clerk-local`: a Clerk instance on this machine, for development and tests only.

mod client;
mod seed;
mod serve;
mod token;
mod users;

use std::{
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};

/// A Clerk instance on this machine, for development and tests only
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start an instance; this is the default command
    Serve(serve::Serve),
    /// Print a session token of a user of the running instance
    Token(token::Token),
    /// List the users of the running instance
    Users(users::Users),
    /// Check a seed file, or print an example
    Seed(seed::SeedFile),
    /// Print the completions for a shell
    Completions { shell: clap_complete::Shell },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result: Result<(), Box<dyn Error>> = match arguments.command {
        None => serve::run(arguments.serve).await,
        Some(Command::Serve(arguments)) => serve::run(arguments).await,
        Some(Command::Token(arguments)) => token::run(arguments).await,
        Some(Command::Users(arguments)) => users::run(arguments).await,
        Some(Command::Seed(arguments)) => seed::run(&arguments),
        Some(Command::Completions { shell }) => {
            clap_complete::generate(shell, &mut Arguments::command(), "clerk-local", &mut io::stdout());
            Ok(())
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
