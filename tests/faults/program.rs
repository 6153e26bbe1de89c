//! The program itself: imports, and a server that can be killed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// The program under test: this build's, or the one that `ZEEF_BINARY` names.
pub fn binary() -> PathBuf {
    std::env::var_os("ZEEF_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_zeef").into(), Into::into)
}

/// A command of the program that knows nothing of who runs the test.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("ZEEF_") {
            command.env_remove(variable);
        }
    }
    command
}

/// Imports a file as the EU list; whether that went well.
pub fn import(data: &Path, file: &Path) -> bool {
    let arguments = ["import", "--data", &data.display().to_string(), "--eu", &file.display().to_string()];
    command(&arguments).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A running server.
pub struct Server {
    child: Child,
    /// What it says on standard error, line by line.
    said: Receiver<String>,
}

impl Server {
    /// Starts a server by a configuration. With `largest_file` no file of its may grow beyond so many bytes, as
    /// under a quota.
    pub fn start(configuration: &Path, largest_file: Option<u64>) -> Self {
        let file = configuration.display().to_string();
        let mut command = command(&["serve", "--config", &file]);
        if let Some(bytes) = largest_file {
            // The shell counts in blocks of 512 bytes. Without the trap the first write too many would end the
            // process by a signal, which is what a kill is already there for.
            let program = binary().display().to_string();
            let mut shell = Command::new("sh");
            let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
            shell.args([
                "-c",
                script,
                "sh",
                &(bytes / 512).to_string(),
                &program,
                "serve",
                "--config",
                &file,
            ]);
            shell.stdin(Stdio::null()).stdout(Stdio::null());
            command = shell;
        }
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
        let (tell, said) = channel();
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        std::thread::spawn(move || {
            // To its end, so that the pipe never fills.
            for line in lines.map_while(Result::ok) {
                // When nobody listens any longer, lines go nowhere.
                let _ = tell.send(line);
            }
        });
        Self { child, said }
    }

    /// Its address, once it says that it is ready.
    pub fn address(&self) -> SocketAddr {
        let line = self.says("ready on ");
        let address = line.split("ready on ").nth(1).and_then(|rest| rest.split(". ").next());
        address.and_then(|a| a.trim().parse().ok()).unwrap_or_else(|| panic!("no address: {line}"))
    }

    /// The next line that holds `part`.
    pub fn says(&self, part: &str) -> String {
        let mut all = String::new();
        loop {
            match self.said.recv_timeout(Duration::from_secs(60)) {
                Ok(line) if line.contains(part) => return line,
                Ok(line) => all.extend([line.as_str(), "\n"]),
                Err(_) => panic!("it never said {part:?}, but:\n{all}"),
            }
        }
    }

    /// Its process.
    #[allow(dead_code)] // The soak in benches/steady looks at its memory.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it without a warning.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it has ended");
    }

    /// Ends it as an operator does; whether it ended well.
    pub fn stop(mut self) -> bool {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        told.is_ok_and(|s| s.success()) && self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that failed leaves no server behind. After `kill` and `stop` there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
