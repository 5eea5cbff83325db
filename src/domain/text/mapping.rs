//! A map from characters to what stands for them, as `build.rs` packs it.
//!
//! Packed, it is a row of numbers, each in seven bits to a byte with the lowest first. For every character that is mapped,
//! in order: how far it is from the one before; then its targets, twice their number, plus one if another follows. The
//! first target is told as what it differs from the character in, and that as what differs from the last time: alphabets
//! are mapped to alphabets, so this is mostly 0.

use std::ops::Range;
use std::slice;

/// Characters, and what stands for each.
pub struct Mapping {
    /// In order, with the place in `targets`.
    mapped: Vec<(char, Range<usize>)>,
    targets: String,
}

impl Mapping {
    /// The map that was packed.
    pub fn unpack(packed: &[u8]) -> Self {
        let mut map = Self { mapped: Vec::new(), targets: String::new() };
        let mut numbers = Numbers(packed.iter());
        let (mut from, mut mask) = (0, 0);
        while let Some(step) = numbers.next() {
            from += step;
            let begin = map.targets.len();
            let first = numbers.next().unwrap_or_default();
            mask ^= first >> 1;
            map.targets.extend(char::from_u32(from ^ mask));
            let mut more = first & 1 == 1;
            while more {
                let target = numbers.next().unwrap_or_default();
                map.targets.extend(char::from_u32(target >> 1));
                more = target & 1 == 1;
            }
            map.mapped.extend(char::from_u32(from).map(|from| (from, begin..map.targets.len())));
        }
        map
    }

    /// The text with every character that is mapped replaced.
    pub fn apply(&self, text: impl Iterator<Item = char>) -> String {
        let mut mapped = String::new();
        for c in text {
            match self.target(c) {
                Some(target) => mapped.push_str(target),
                None => mapped.push(c),
            }
        }
        mapped
    }

    fn target(&self, c: char) -> Option<&str> {
        let at = self.mapped.binary_search_by_key(&c, |(from, _)| *from).ok()?;
        let (_, range) = self.mapped.get(at)?;
        self.targets.get(range.clone())
    }
}

struct Numbers<'a>(slice::Iter<'a, u8>);

impl Iterator for Numbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.0.next()?;
            number |= u32::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        Some(number)
    }
}
