//! Runs the binary in a world of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A user with an empty home.
pub struct World {
    home: TempDir,
}

/// What a run of the binary gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl World {
    pub fn new() -> Self {
        Self { home: TempDir::new().expect("a temporary folder") }
    }

    /// A path in the user's home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file into the user's home.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("a file can be written");
        path
    }

    /// The binary with these arguments, not yet started.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zeef"));
        command
            .args(args)
            .env_remove("ZEEF_DATA")
            .env_remove("ZEEF_CONFIG")
            .env_remove("RUST_LOG")
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("share"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the binary.
    pub fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().expect("the binary runs").into()
    }

    /// Runs the binary and gives it this standard input.
    pub fn feed(&self, args: &[&str], input: impl AsRef<[u8]>) -> Run {
        let mut child = self.command(args).stdin(Stdio::piped()).spawn().expect("the binary runs");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = input.as_ref().to_vec();
        let feeder = std::thread::spawn(move || {
            // A program that ends early closes the pipe.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().expect("the binary ends");
        feeder.join().expect("the feeder ends");
        output.into()
    }

    /// Imports the demonstration files into a folder of the user's home.
    pub fn imported(&self, name: &str) -> String {
        let folder = self.path(name).display().to_string();
        let run = self.run(&[
            "import",
            "--data",
            &folder,
            "--eu",
            &fixture("eu-demo.xml"),
            "--aspi",
            &fixture("aspi-demo.json"),
        ]);
        assert_eq!(run.code, 0, "{run:?}");
        folder
    }
}

impl Run {
    /// Standard output as one JSON value.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Standard output as rows of JSON.
    pub fn rows(&self) -> Vec<Value> {
        self.out.lines().map(|l| serde_json::from_str(l).unwrap_or_else(|e| panic!("{e}: {l}"))).collect()
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).expect("answers are UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The path of a bundled fixture.
pub fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).display().to_string()
}

/// The list's references among the hits of an answer.
pub fn ids(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().unwrap_or_else(|| panic!("{answer}"));
    hits.iter().filter_map(|hit| hit["entity_id"].as_str()).collect()
}
