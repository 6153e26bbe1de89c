//! Compiles `proto/` with protox, so that no `protoc` is needed, and generates the service code.
//!
//! One descriptor set serves both: the code is generated from it, and its bytes are embedded for
//! server reflection, so that what clients discover is what was compiled.
//!
//! Also takes the fingerprint of the sources that analyse listed names, which is the version of
//! stored name indexes.

use std::error::Error;
use std::path::{Path, PathBuf};

use prost::Message as _;

#[path = "src/index/compiled/fingerprint.rs"]
mod fingerprint;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new("proto");
    let mut files: Vec<PathBuf> = std::fs::read_dir(root.join("zeef/v1"))?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|e| e == "proto"));
    // Directory order differs between machines; the descriptor set must not.
    files.sort();

    let descriptors = protox::compile(&files, [root])?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    std::fs::write(out.join("zeef.v1.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure().compile_fds(descriptors)?;

    let version = fingerprint::of(Path::new(""), &fingerprint::FOLDERS)?;
    std::fs::write(out.join("analysis_version.rs"), format!("{version:#010x}\n"))?;

    println!("cargo::rerun-if-changed=build.rs");
    for folder in fingerprint::FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
    }
    // A folder counts as changed when any file in it does.
    println!("cargo::rerun-if-changed=proto");
    Ok(())
}
