//! What processes have used so far, as Linux tells it; elsewhere nothing is known.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

/// One or more processes.
#[derive(Clone, Debug, Default)]
pub struct Processes(Vec<u32>);

impl Processes {
    /// This one.
    pub fn own() -> Self {
        Self(vec![std::process::id()])
    }

    /// All that this one has started, and what those have started.
    pub fn started() -> Self {
        let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter_map(|id| Some((id, Stat::read(id)?.parent)))
            .collect();
        let mut found = vec![std::process::id()];
        let mut at = 0;
        while let Some(parent) = found.get(at).copied() {
            found.extend(parents.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
            at += 1;
        }
        found.remove(0);
        Self(found)
    }

    /// These, less those.
    pub fn without(self, others: &Self) -> Self {
        Self(self.0.into_iter().filter(|id| !others.0.contains(id)).collect())
    }

    /// Their CPU time in seconds, of user and system, by the program's name.
    pub fn cpu(&self) -> BTreeMap<String, f64> {
        let mut all = BTreeMap::new();
        for (name, cpu) in self.0.iter().filter_map(|id| Some((Stat::read(*id)?.name, cpu_of(*id)?))) {
            *all.entry(name).or_default() += cpu;
        }
        // A keeper of a process that is measured.
        all.remove("sh");
        all
    }

    /// Memory that they hold (resident), in bytes.
    pub fn memory(&self) -> u64 {
        let kib = |id: &u32| -> Option<u64> {
            let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok())
        };
        1024 * self.0.iter().filter_map(kib).sum::<u64>()
    }

    /// Keeps them on one core of the machine; whether that worked.
    pub fn pin(&self, core: usize) -> bool {
        let pinned = |id: &u32| {
            let mut taskset = Command::new("taskset");
            taskset
                .args(["-a", "-p", "-c", &core.to_string(), &id.to_string()])
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            taskset.status().is_ok_and(|status| status.success())
        };
        self.0.iter().all(pinned)
    }
}

/// The CPU time of a process in seconds, threads that have ended included. By its clock: `/proc` tells hundredths of a second,
/// of which a contestant may use fifty while it is counted.
#[cfg(target_os = "linux")]
fn cpu_of(id: u32) -> Option<f64> {
    use nix::{time::ClockId, unistd::Pid};
    let spent = ClockId::pid_cpu_clock_id(Pid::from_raw(id.try_into().ok()?)).ok()?.now().ok()?;
    Some(spent.tv_sec() as f64 + spent.tv_nsec() as f64 / 1e9)
}

#[cfg(not(target_os = "linux"))]
fn cpu_of(_: u32) -> Option<f64> {
    None
}

struct Stat {
    name: String,
    parent: u32,
}

impl Stat {
    /// Fields of proc_pid_stat(5): 2 is the name, which may hold anything, 4 the parent.
    fn read(id: u32) -> Option<Self> {
        let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let (name, rest) = line.split_once('(')?.1.rsplit_once(')')?;
        Some(Self { name: name.to_owned(), parent: rest.split_whitespace().nth(1)?.parse().ok()? })
    }
}
