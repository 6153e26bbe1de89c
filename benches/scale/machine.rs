//! What the machine says of itself and of its processes.

/// A value in kilobytes of `/proc/PID/status`, in bytes; none where there is no such file.
pub fn memory(process: &str, field: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix(field)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kb| kb << 10)
}

/// The most memory that this process had resident.
pub fn peak() -> u64 {
    memory("self", "VmHWM").unwrap_or(0)
}

/// Processes that wanted to run in the last minute, on average; the first of the load averages.
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().next().unwrap_or("unknown").to_owned()
}

/// How many cores there are, and of what kind.
pub fn cores() -> String {
    let count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|l| l.strip_prefix("model name")?.split_once(": "));
    format!("{count} cores, {}", model.map_or("of unknown kind", |(_, model)| model.trim()))
}
