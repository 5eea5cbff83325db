//! What Unicode says of characters. In the Worker the runtime's own tables answer: in WASM they would be 90 KB, gzipped.
//! On the host, in tests, crates do. The golden table holds both, and the browser, to the same results.

pub use tables::{has_emoji_property, is_control_format_or_private, is_nonspacing_or_enclosing};

/// The text in NFKC.
pub fn nfkc(text: &str) -> String {
    // Most of what is typed; it is in every normal form already.
    if text.is_ascii() {
        return text.to_owned();
    }
    tables::nfkc(text)
}

/// The text in NFD.
pub fn nfd(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    tables::nfd(text)
}

#[cfg(target_arch = "wasm32")]
mod tables {
    use js_sys::{JsString, RegExp};

    thread_local! {
        static CONTROL: RegExp = RegExp::new(r"^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]$", "u");
        static EMOJI: RegExp = RegExp::new(r"^\p{Emoji}$", "u");
        static MARK: RegExp = RegExp::new(r"^[\p{Mn}\p{Me}]$", "u");
    }

    pub fn nfkc(text: &str) -> String {
        JsString::from(text).normalize("NFKC").into()
    }

    pub fn nfd(text: &str) -> String {
        JsString::from(text).normalize("NFD").into()
    }

    fn is(class: &RegExp, c: char) -> bool {
        class.test(c.encode_utf8(&mut [0; 4]))
    }

    /// `Cc`, `Cf`, `Zl`, `Zp`, `Co`
    pub fn is_control_format_or_private(c: char) -> bool {
        match c.is_ascii() {
            true => c.is_ascii_control(),
            false => CONTROL.with(|class| is(class, c)),
        }
    }

    /// `Emoji`
    pub fn has_emoji_property(c: char) -> bool {
        EMOJI.with(|class| is(class, c))
    }

    /// `Mn`, `Me`
    pub fn is_nonspacing_or_enclosing(c: char) -> bool {
        !c.is_ascii() && MARK.with(|class| is(class, c))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod tables {
    use unicode_normalization::UnicodeNormalization;
    use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};

    pub fn nfkc(text: &str) -> String {
        text.nfkc().collect()
    }

    pub fn nfd(text: &str) -> String {
        text.nfd().collect()
    }

    /// `Cc`, `Cf`, `Zl`, `Zp`, `Co`
    pub fn is_control_format_or_private(c: char) -> bool {
        use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse};
        matches!(c.general_category(), Control | Format | LineSeparator | ParagraphSeparator | PrivateUse)
    }

    /// `Emoji`
    pub fn has_emoji_property(c: char) -> bool {
        c.is_emoji_char()
    }

    /// `Mn`, `Me`
    pub fn is_nonspacing_or_enclosing(c: char) -> bool {
        matches!(c.general_category(), GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark)
    }
}
