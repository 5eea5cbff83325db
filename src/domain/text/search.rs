//! Words that are searched for. Text is compared in NFKC and case-folded: any width, any case, any script.

use super::characters::{is_default_ignorable, is_invisible};
use super::lookalike::fold;
use super::platform::nfkc;
use super::{within_bytes, within_characters, TextError};

/// Characters in what is searched for.
pub const SEARCH_LIMIT: usize = 100;
/// More words than this narrow nothing down.
const WORDS_MOST: usize = 8;

/// The last plane for private use: pages of folded text are marked with it.
const MARKS: char = '\u{100000}';

/// The text as it is searched: what can't be seen, as the choice between two forms of an emoji, makes no difference.
pub fn folded(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(|c| c < MARKS && !is_default_ignorable(c));
    folded
}

/// What is searched for: words that must all be there, each as it stands or as a part.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Wanted(Vec<String>);

impl Wanted {
    /// Takes apart what somebody typed.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        within_bytes(raw, 10 * SEARCH_LIMIT, SEARCH_LIMIT)?;
        let text = nfkc(raw);
        if text.chars().all(is_invisible) {
            return Err(TextError::Blank);
        }
        within_characters(&text, SEARCH_LIMIT)?;
        let words = text.split_whitespace().map(folded).filter(|word| !word.is_empty());
        let words: Vec<String> = words.take(WORDS_MOST).collect();
        if words.is_empty() {
            return Err(TextError::Blank);
        }
        Ok(Self(words))
    }

    /// The words, folded.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether all words are in a folded text.
    pub fn is_in(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word.as_str()))
    }
}
