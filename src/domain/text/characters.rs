//! Classes of characters. Each is written so that JavaScript's property escapes
//! give the same set: the property's name stands beside it.

use super::platform::{has_emoji_property, is_control_format_or_private, is_nonspacing_or_enclosing};

pub const ZWNJ: char = '\u{200C}';
pub const ZWJ: char = '\u{200D}';
/// Asks for the emoji form of the character before it.
pub const EMOJI_STYLE: char = '\u{FE0F}';
/// Draws a key round the character before it: 1️⃣
pub const KEYCAP: char = '\u{20E3}';

/// `White_Space`, `Cc`, `Default_Ignorable_Code_Point`, and the blanks that
/// Unicode counts among letters and symbols.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_default_ignorable(c) || is_blank_symbol(c)
}

/// What no single line may hold, wherever it stands: `Cc`, `Cf`, `Zl`, `Zp`,
/// `Co`, noncharacters, whatever can't be seen, and the two replacement characters.
pub fn is_forbidden_in_line(c: char) -> bool {
    is_control_format_or_private(c)
        || is_default_ignorable(c)
        || is_blank_symbol(c)
        || is_noncharacter(c)
        || matches!(c, '\u{FFFC}' | '\u{FFFD}')
}

/// A message is many lines and many scripts: only what changes the order of the
/// text around it, what terminals act on, and what is no character at all.
pub fn is_forbidden_in_message(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        || is_noncharacter(c)
}

/// `Emoji`, without the ASCII digits, `#` and `*` that are only so in keycaps.
pub fn is_emoji(c: char) -> bool {
    !c.is_ascii() && has_emoji_property(c)
}

/// `Mn` or `Me`: drawn over the character before.
pub fn is_mark(c: char) -> bool {
    is_nonspacing_or_enclosing(c)
}

/// `Variation_Selector`
pub fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180B}'..='\u{180D}' | '\u{180F}' | '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// `Default_Ignorable_Code_Point`. Unicode reserves these ranges for good.
pub fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Braille's empty cell, blank hieroglyphs, the Khitan filler, the null notehead.
fn is_blank_symbol(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{13441}'..='\u{13442}' | '\u{16FE4}' | '\u{1D159}')
}

/// `Noncharacter_Code_Point`
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || (c as u32) & 0xFFFE == 0xFFFE
}
