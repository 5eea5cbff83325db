//! What was found and done, in words. Names are escaped: they come from anywhere and go to a terminal.

use crate::names::{Heard, MOST};
use crate::plan::Plan;
use std::fmt;

/// All of it.
pub struct Report {
    /// Whether it was done, or only would be.
    pub applied: bool,
    /// How many rooms there were by their keys.
    pub found: usize,
    /// What became of them.
    pub plan: Plan,
    /// What was read in those that are adopted.
    pub heard: Heard,
    /// How many names are kept that were not before.
    pub kept: usize,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { applied, found, plan, heard, kept } = self;
        for room in &plan.rooms {
            writeln!(f, "{:?}: {} messages, {} members", room.row.name.as_str(), room.messages, room.members)?;
            if room.messages.max(room.members) > MOST {
                writeln!(f, "  only the newest {MOST} of each were read for the names in them")?;
            }
        }
        for (name, reason) in &plan.left {
            writeln!(f, "{name:?} is left alone: {reason}")?;
        }
        let to_be = if *applied { "" } else { "to be " };
        let (adopted, listed, left) = (plan.rooms.len(), plan.listed, plan.left.len());
        writeln!(f, "{found} rooms found: {adopted} {to_be}adopted, {listed} in the list before, {left} left alone.")?;
        writeln!(f, "{} messages read, {} of them unreadable.", heard.messages, heard.unreadable)?;
        writeln!(f, "{} names seen, {kept} {to_be}kept until an admin releases them.", heard.names.len())?;
        if !applied {
            writeln!(f, "Nothing was written: --apply does it.")?;
        }
        Ok(())
    }
}
