//! Packs what the Worker carries along. The two maps of characters that names are compared by: how the crates have them they
//! would be 50 KB, gzipped, packed they are 11; `src/domain/text/mapping.rs` says how, and unpacks them. And the scripts that
//! run in Redis, without what only people read.

use std::error::Error;
use std::iter::once;
use std::{env, fs, path::PathBuf};

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(folder.join("folded.bin"), packed(folded))?;
    fs::write(folder.join("lookalikes.bin"), packed(lookalike))?;
    for scripts in SCRIPTS {
        println!("cargo::rerun-if-changed={scripts}");
        for script in fs::read_dir(scripts)? {
            let script = script?;
            fs::write(folder.join(script.file_name()), bare(&fs::read_to_string(script.path())?))?;
        }
    }
    Ok(())
}

/// Where scripts are; their names differ.
const SCRIPTS: [&str; 2] = ["src/archive/scripts", "src/directory/redis/scripts"];

/// A script of Lua without indentation, empty lines and comments, which have lines of their own.
fn bare(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("--"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// Full case folding.
fn folded(c: char) -> String {
    once(c).default_case_fold().collect()
}

/// What a character looks like. Nothing but text in NFKC is asked about, and is taken apart first, so what a character in no
/// such text looks like is left out, a third of it all. The default ignorable ones look like nothing and are known otherwise.
fn lookalike(c: char) -> String {
    let prototype: String = unicode_security::skeleton(&c.to_string()).collect();
    match once(c).nfkd().eq(once(c)) && !prototype.is_empty() {
        true => prototype,
        false => c.to_string(),
    }
}

fn packed(map: fn(char) -> String) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut before, mut mask) = (0, 0);
    for c in '\0'..=char::MAX {
        let from = u32::from(c);
        let to: Vec<u32> = map(c).chars().map(u32::from).collect();
        let Some((first, rest)) = to.split_first().filter(|_| to != [from]) else { continue };
        number(&mut bytes, from - before);
        let xored = first ^ from;
        let tail = [xored ^ mask].into_iter().chain(rest.iter().copied());
        for (at, value) in tail.enumerate() {
            number(&mut bytes, value << 1 | u32::from(at < rest.len()));
        }
        (before, mask) = (from, xored);
    }
    bytes
}

/// Seven bits to a byte, the lowest first; the eighth says that there are more.
fn number(bytes: &mut Vec<u8>, mut number: u32) {
    while number > 0x7F {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
