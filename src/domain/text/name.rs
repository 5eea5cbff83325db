//! Names of persons and rooms: one visible line, the same to the eye and to the
//! machine.

use super::characters::{is_emoji, is_forbidden_in_line, is_invisible, is_mark, EMOJI_STYLE, KEYCAP, ZWJ};
use super::lookalike::{is_reserved, skeleton, PersonKey, RoomKey};
use super::platform::nfkc;
use super::{text_type, within_bytes, within_characters, TextError};

/// Characters in a person's name.
pub const NAME_LIMIT: usize = 32;
/// Characters in a room's name.
pub const ROOM_LIMIT: usize = 64;

/// Bytes of a single line that are looked at.
pub(super) const LINE_BYTES: usize = 4096;

/// Thai, Hebrew and Tibetan stack up to four marks on a letter; what stacks more
/// is made to run over the lines above and below.
const MARKS_IN_A_ROW: usize = 4;

text_type! {
    /// What a person is called.
    PersonName
}

text_type! {
    /// What a room is called, as its creator wrote it.
    RoomName
}

impl PersonName {
    /// The name in its normal form: NFKC, trimmed, single spaces.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        let name = parse_line(raw, NAME_LIMIT)?;
        if is_reserved(&name) {
            return Err(TextError::Reserved);
        }
        Ok(Self(name))
    }

    /// A name that was given elsewhere, by other rules, and must be shown whatever it is: what hides or reorders text is
    /// left out, and what is too long cut.
    pub fn shown(raw: &str) -> Self {
        parse_line(raw, NAME_LIMIT).map(Self).unwrap_or_else(|_| {
            let plain: String = raw.chars().filter(|c| !is_forbidden_in_line(*c) && !is_mark(*c)).collect();
            let cut: String = single_spaced(&plain).chars().take(NAME_LIMIT).collect();
            Self(if cut.is_empty() { "?".to_owned() } else { cut })
        })
    }

    /// What uniqueness among accounts goes by.
    pub fn key(&self) -> PersonKey {
        PersonKey::of(&self.0)
    }

    /// Equal for names that look alike. A second check only, never a key.
    pub fn skeleton(&self) -> String {
        skeleton(self.key().as_str())
    }
}

impl RoomName {
    /// The name in its normal form: NFKC, trimmed, single spaces.
    pub fn parse(raw: &str) -> Result<Self, TextError> {
        parse_line(raw, ROOM_LIMIT).map(Self)
    }

    /// What the room's object and uniqueness go by.
    pub fn key(&self) -> RoomKey {
        RoomKey::of(&self.0)
    }

    /// Equal for names that look alike. A second check only, never a key.
    pub fn skeleton(&self) -> String {
        skeleton(self.key().as_str())
    }
}

fn parse_line(raw: &str, limit: usize) -> Result<String, TextError> {
    within_bytes(raw, LINE_BYTES, limit)?;
    let text = nfkc(&without_idle_styles(raw).collect::<String>());
    if text.chars().all(is_invisible) {
        return Err(TextError::Blank);
    }
    // Line breaks at the ends come with pasting; inside they could forge a line
    // of a log or a header.
    let text = text.trim();
    if !is_plain(text) || matches!(text, "." | "..") {
        return Err(TextError::ForbiddenCharacters);
    }
    let text = single_spaced(text);
    within_characters(&text, limit)?;
    Ok(text)
}

/// NFKC makes an ordinary letter of some emoji (ℹ becomes i). The request for an
/// emoji form that followed it would stay behind, invisible.
fn without_idle_styles(raw: &str) -> impl Iterator<Item = char> + '_ {
    let mut before = None;
    raw.chars().filter(move |&c| {
        let idle = c == EMOJI_STYLE && before.is_some_and(|b| is_emoji(b) && nfkc(&b.to_string()) != b.to_string());
        before = Some(c);
        !idle
    })
}

/// Nothing forbidden, save what holds an emoji together: U+FE0F after it or in
/// a keycap, U+200D between two.
fn is_plain(text: &str) -> bool {
    let mut after_emoji = false; // also after its U+FE0F
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let allowed = match c {
            EMOJI_STYLE => {
                is_emoji(before) || (matches!(before, '0'..='9' | '#' | '*') && rest.peek() == Some(&KEYCAP))
            }
            ZWJ => after_emoji && rest.peek().is_some_and(|&next| is_emoji(next)),
            _ => !is_forbidden_in_line(c),
        };
        if !allowed {
            return false;
        }
        after_emoji = is_emoji(c) || (c == EMOJI_STYLE && after_emoji);
        before = c;
    }
    !has_mark_tower(text)
}

pub(super) fn has_mark_tower(text: &str) -> bool {
    let mut marks = 0;
    text.chars().any(|c| {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        marks > MARKS_IN_A_ROW
    })
}

pub(super) fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
