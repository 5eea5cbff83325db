//! What a client comes to say: mostly messages, of all lengths and scripts, and sometimes a change of one.

use crate::history::{Seq, Wanted};
use fastrand::Rng;
use std::collections::VecDeque;

const REACTIONS: [&str; 6] = ["👍", "❤️", "😂", "🎉", "😮", "😢"];
const WORDS: [&str; 12] =
    ["tea", "早上好", "where", "train", "こんにちは", "is", "👩🏽‍🚀", "it", "\"quoted\"", "été", "مرحبا", "\\n"];
/// How many of the newest messages somebody may still change.
const REMEMBERED: usize = 40;

/// Says things that nobody said before.
pub struct Mouth {
    client: usize,
    said: u64,
    /// The newest messages of the room, and whether they are this client's own.
    known: VecDeque<(Seq, bool)>,
    /// Knows messages only.
    old: bool,
    /// May delete what others said.
    moderates: bool,
}

impl Mouth {
    pub fn new(client: usize, old: bool, moderates: bool) -> Self {
        Self { client, said: 0, known: VecDeque::new(), old, moderates }
    }

    /// A message was heard.
    pub fn heard(&mut self, seq: Seq, is_own: bool) {
        self.known.push_back((seq, is_own));
        if self.known.len() > REMEMBERED {
            self.known.pop_front();
        }
    }

    /// Something new to say, with an id of its own. `loud` makes it long.
    pub fn next(&mut self, rng: &mut Rng, loud: bool) -> (String, Wanted) {
        self.said += 1;
        let text = self.text(rng, loud);
        let wanted = match rng.u8(..100) {
            _ if self.old || loud => None,
            0..10 => self.any(rng, |_| true).map(|target| Wanted::React {
                target,
                reaction: REACTIONS[rng.usize(..REACTIONS.len())].to_owned(),
                on: rng.u8(..3) > 0,
            }),
            10..20 => self.any(rng, |own| own).map(|target| Wanted::Edit { target, text: text.clone() }),
            20..23 => {
                let moderates = self.moderates;
                self.any(rng, |own| own || moderates).map(|target| Wanted::Delete { target })
            }
            _ => None,
        };
        (format!("c{}-{}", self.client, self.said), wanted.unwrap_or(Wanted::Send { text }))
    }

    fn any(&self, rng: &mut Rng, may: impl Fn(bool) -> bool) -> Option<Seq> {
        let choice: Vec<_> = self.known.iter().filter(|(_, own)| may(*own)).collect();
        rng.choice(choice).map(|(seq, _)| *seq)
    }

    fn text(&self, rng: &mut Rng, loud: bool) -> String {
        let words = match loud {
            true => rng.usize(500..600),
            false if rng.u8(..50) == 0 => rng.usize(..300),
            false => rng.usize(..12),
        };
        let mut text = format!("c{}-{} says", self.client, self.said);
        for _ in 0..words {
            text.push(' ');
            text.push_str(WORDS[rng.usize(..WORDS.len())]);
        }
        // A message takes 4,000 characters after NFKC.
        text.chars().take(3_900).collect::<String>().trim_end().to_owned()
    }
}
