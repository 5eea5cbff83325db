//! How people react to a message without a word: a small set, so that it stays a set of toggles.

use serde::{Deserialize, Serialize};

macro_rules! reactions {
    ($($(#[$doc:meta])* $variant:ident $emoji:literal,)*) => {
        /// One of the reactions there are.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Reaction {
            $($(#[$doc])* #[serde(rename = $emoji)] $variant,)*
        }

        impl Reaction {
            /// All of them, in the order they are offered in.
            pub const ALL: &'static [(Reaction, &'static str)] = &[$((Reaction::$variant, $emoji)),*];
        }
    };
}

reactions! {
    /// Yes, good.
    Thumb "👍",
    /// Dear to me.
    Heart "❤️",
    /// Made me laugh.
    Laugh "😂",
    /// Hurray.
    Party "🎉",
    /// Didn't expect that.
    Wonder "😮",
    /// Sorry to hear.
    Tear "😢",
}

impl Reaction {
    /// Reads what a client wrote; nothing if there is no such reaction.
    pub fn parse(emoji: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == emoji).map(|(reaction, _)| *reaction)
    }
}
