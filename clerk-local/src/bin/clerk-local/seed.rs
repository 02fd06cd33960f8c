//! `clerk-local seed`: prints an example seed file, or checks one.

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

/// An example with everything that a seed can contain.
const EXAMPLE: &str = include_str!("example-seed.toml");

pub(crate) fn run(arguments: &SeedFile) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    match &arguments.file {
        None => write!(out, "{EXAMPLE}")?,
        Some(path) => {
            read(path)?;
            writeln!(out, "{} is valid", path.display())?;
        }
    }
    Ok(())
}

/// Reads the seed in a file.
pub(crate) fn read(path: &Path) -> Result<Seed, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Seed::from_toml(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_valid() {
        Seed::from_toml(EXAMPLE).unwrap();
    }
}
