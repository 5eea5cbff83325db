//! What processes have used so far, as Linux tells it in /proc; where there is none, nothing is known.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

/// Linux tells CPU time in hundredths of a second, on every machine (USER_HZ).
const TICKS_A_SECOND: f64 = 100.0;

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
        for stat in self.0.iter().filter_map(|id| Stat::read(*id)) {
            *all.entry(stat.name).or_default() += stat.cpu;
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

struct Stat {
    name: String,
    parent: u32,
    cpu: f64,
}

impl Stat {
    /// Fields of proc_pid_stat(5): 2 is the name, which may hold anything, 4 the parent, 14 and 15 the CPU time.
    fn read(id: u32) -> Option<Self> {
        let line = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        let (name, rest) = line.split_once('(')?.1.rsplit_once(')')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |field: usize| fields.get(field - 3)?.parse::<f64>().ok();
        Some(Self {
            name: name.to_owned(),
            parent: fields.get(1)?.parse().ok()?,
            cpu: (ticks(14)? + ticks(15)?) / TICKS_A_SECOND,
        })
    }
}
