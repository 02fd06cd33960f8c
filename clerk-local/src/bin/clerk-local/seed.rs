//! `clerk-local seed`: a seed file to begin with, and what is wrong with one.

use std::{
    error::Error,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clerk_local::Seed;

#[derive(Debug, clap::Args)]
pub(crate) struct SeedFile {
    /// The file to check; without one, an example is printed
    file: Option<PathBuf>,
}

/// The demo seed, and what else a seed can say.
const EXAMPLE: &str = include_str!("example-seed.toml");

pub(crate) fn run(arguments: &SeedFile) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    match &arguments.file {
        None => write!(out, "{EXAMPLE}")?,
        Some(path) => {
            read(path)?;
            writeln!(out, "{} is in order", path.display())?;
        }
    }
    Ok(())
}

/// The seed in a file.
pub(crate) fn read(path: &Path) -> Result<Seed, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Seed::from_toml(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_in_order() {
        Seed::from_toml(EXAMPLE).unwrap();
    }
}
