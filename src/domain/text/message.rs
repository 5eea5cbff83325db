//! Free text: what a room is about, and what people say.

use super::characters::{
    is_forbidden_in_line, is_forbidden_in_message, is_invisible, is_variation_selector, ZWJ, ZWNJ,
};
use super::name::{has_mark_tower, single_spaced, LINE_BYTES};
use super::platform::nfkc;
use super::{text_type, within_bytes, within_characters, TextError};

/// Characters in a description.
pub const DESCRIPTION_LIMIT: usize = 280;
/// Characters in a message.
pub const MESSAGE_LIMIT: usize = 4000;

/// The whole of the largest body or frame.
const MESSAGE_BYTES: usize = 65_536;

text_type! {
    /// What a room is about, on one line; may be empty.
    #[derive(Default)]
    Description
}

text_type! {
    /// What somebody said, as typed.
    MessageText
}

impl Description {
    /// The description in its normal form: NFKC, one line, single spaces.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        within_bytes(raw, LINE_BYTES, DESCRIPTION_LIMIT)?;
        let text = nfkc(raw);
        if text.chars().all(is_invisible) {
            return Ok(Self(String::new()));
        }
        let text = single_spaced(&text);
        // Unlike a name it is never compared, so the joiners and selectors that
        // Persian, Sinhala or Mongolian are written with do no harm.
        let forbidden = |c| is_forbidden_in_line(c) && !matches!(c, ZWJ | ZWNJ) && !is_variation_selector(c);
        if text.chars().any(forbidden) || has_mark_tower(&text) {
            return Err(TextError::ForbiddenCharacters);
        }
        within_characters(&text, DESCRIPTION_LIMIT)?;
        Ok(Self(text))
    }
}

/// A text that was written elsewhere, by other rules, and must be shown whatever it is: what reorders the text around it
/// or acts on a terminal is left out, and what no frame could carry cut.
pub fn shown(raw: &str) -> String {
    let plain = raw.chars().filter(|c| *c != '\r' && !is_forbidden_in_message(*c));
    plain.take(4 * MESSAGE_LIMIT).collect()
}

impl MessageText {
    /// The text as typed, but with one kind of line break.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        within_bytes(raw, MESSAGE_BYTES, MESSAGE_LIMIT)?;
        if raw.chars().all(is_invisible) {
            return Err(TextError::Blank);
        }
        let text = match raw.contains('\r') {
            true => raw.replace("\r\n", "\n").replace('\r', "\n"),
            false => raw.to_owned(),
        };
        if text.chars().any(is_forbidden_in_message) {
            return Err(TextError::ForbiddenCharacters);
        }
        within_characters(&text, MESSAGE_LIMIT)?;
        Ok(Self(text))
    }
}
