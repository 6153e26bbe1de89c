//! A disk that can be filled.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file system of its own in memory; unmounted when dropped.
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Mounts one of so many MiB; none where this process may not, which takes root and the right to mount.
    pub fn mount(folder: &Path, mebibytes: u64) -> Option<Self> {
        if std::env::var_os("ZEEF_TEST_NO_MOUNT").is_some() {
            return None;
        }
        std::fs::create_dir_all(folder).ok()?;
        let size = format!("size={mebibytes}m");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self { folder: folder.to_owned() })
    }

    /// Fills it to the last byte.
    pub fn fill(&self) -> Filler {
        let path = self.folder.join("filler");
        let mut file = std::fs::File::create(&path).expect("a file can be begun");
        for size in [1 << 20, 1 << 12, 1] {
            let zeros = vec![0; size];
            while file.write_all(&zeros).is_ok() {}
        }
        Filler { path }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whatever still has a file open there may finish.
        let _ = Command::new("umount").arg("-l").arg(&self.folder).status();
    }
}

/// What fills a disk; removed when dropped.
pub struct Filler {
    path: PathBuf,
}

impl Drop for Filler {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
