//! The picture beside a name: an identicon drawn from a hash, the same here (for
//! `/avatar/{name}`) and in the browser (`public/js/avatar.js`), which
//! `tests/golden/avatar.json` holds to each other character for character.
//!
//! A hash is MD5 because the tutorial's Gravatar address is one; nothing relies
//! on it being hard to reverse.

use std::fmt;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize, Serializer};

use super::text::PersonName;

/// Grounds: OKLCH lightness 0.65 and chroma 0.12 (less where sRGB has less), from
/// hue 5° in steps of 15°. As light as each other, so that no name is louder, and
/// half-way between the page's light and dark ground. Written as sRGB because
/// `/avatar` is also read by programs that know no OKLCH.
const GROUNDS: [&str; 24] = [
    "cb6e85", "ce6f70", "cd725c", "c97847", "c17e35", "b58629", "a68e27", "949532", "7e9c44", "66a159", "49a46e",
    "24a684", "04a598", "04a3aa", "06a0ba", "259cca", "4896d3", "638fd8", "7a88d8", "8f81d3", "a07bca", "af76bc",
    "bc72ac", "c56f99",
];

/// One ink for all, as warm as the page's light ground: at least 3:1 on each.
const INK: &str = "fffdf8";

/// `md5(name@hihichat.com)`: what a person's avatar is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct AvatarHash([u8; 16]);

/// A text that is not 32 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 32 lower-case hex digits")]
pub struct BadAvatarHash;

impl AvatarHash {
    /// The hash of a name in its normal form.
    pub fn of(name: &PersonName) -> Self {
        Self(Md5::new().chain_update(name.as_str()).chain_update("@hihichat.com").finalize().into())
    }

    /// By hand: each message is said with one, and would call all that formats numbers, sixteen times.
    fn hex(self) -> String {
        let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' - 10 + value });
        let mut hex = String::with_capacity(32);
        for byte in self.0 {
            hex.push(digit(byte >> 4));
            hex.push(digit(byte & 0xF));
        }
        hex
    }
}

impl Serialize for AvatarHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.hex())
    }
}

impl fmt::Display for AvatarHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

impl TryFrom<String> for AvatarHash {
    type Error = BadAvatarHash;

    fn try_from(text: String) -> Result<Self, BadAvatarHash> {
        // Parsing a number would also take a sign and capitals.
        let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.bytes().all(digit) {
            return Err(BadAvatarHash);
        }
        u128::from_str_radix(&text, 16).map(|number| Self(number.to_be_bytes())).map_err(|_| BadAvatarHash)
    }
}

/// A whole SVG document: no script, no link, nothing to fetch.
pub fn identicon_svg(hash: AvatarHash) -> String {
    let [high, low, hue, ..] = hash.0;
    let ground = GROUNDS.get(usize::from(hue) % GROUNDS.len()).unwrap_or(&INK);
    let figure = figure(u16::from_be_bytes([high, low]));
    format!(
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80" viewBox="0 0 8 8" role="img">"#,
            r##"<rect width="8" height="8" rx="2" fill="#{}"/>"##,
            r##"<path d="{}" fill="none" stroke="#{}" stroke-linecap="round"/></svg>"##,
        ),
        ground, figure, INK
    )
}

/// A figure on 5 × 5 cells, its right the mirror of its left, as a path for a
/// round pen one cell wide: neighbours are joined, a lone cell is a dot.
fn figure(bits: u16) -> String {
    let cells = balanced(bits);
    let is_inked = |x: u16, y: u16| cells >> (3 * y + x.min(4 - x)) & 1 == 1;
    let mut path = String::new();
    for y in 0..5 {
        for (x, length) in runs(|x| is_inked(x, y)) {
            let joined_below_or_above = (y > 0 && is_inked(x, y - 1)) || (y < 4 && is_inked(x, y + 1));
            if length > 0 || !joined_below_or_above {
                path.push_str(&format!("M{} {}h{length}", x + 2, y + 2));
            }
        }
    }
    for x in 0..5 {
        for (y, length) in runs(|y| is_inked(x, y)).filter(|&(_, length)| length > 0) {
            path.push_str(&format!("M{} {}v{length}", x + 2, y + 2));
        }
    }
    path
}

/// Fifteen bits, of which neither nearly none nor nearly all are set: those are
/// crossed with a chequerboard.
fn balanced(bits: u16) -> u16 {
    let cells = bits & 0x7FFF;
    if (5..=11).contains(&cells.count_ones()) {
        cells
    } else {
        cells ^ 0x5555
    }
}

/// Where each run of inked cells in a line of five starts, and how far it goes on.
fn runs(is_inked: impl Fn(u16) -> bool) -> impl Iterator<Item = (u16, u16)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = (at..5).find(|&cell| is_inked(cell))?;
        at = (start..5).find(|&cell| !is_inked(cell)).unwrap_or(5);
        Some((start, at - start - 1))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The hashes of the golden file were made by md5sum.
    #[derive(Deserialize)]
    struct Golden {
        names: Vec<Named>,
        figures: Vec<Drawn>,
    }

    #[derive(Deserialize)]
    struct Named {
        name: PersonName,
        #[serde(flatten)]
        drawn: Drawn,
    }

    #[derive(Deserialize)]
    struct Drawn {
        hash: AvatarHash,
        svg: String,
    }

    fn golden() -> Golden {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/avatar.json");
        serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    #[test]
    fn a_name_has_the_hash_and_the_picture_of_the_golden_file() {
        for Named { name, drawn } in golden().names {
            assert_eq!(AvatarHash::of(&name), drawn.hash, "{name}");
            assert_eq!(identicon_svg(drawn.hash), drawn.svg, "{name}");
        }
    }

    #[test]
    fn a_figure_is_the_one_of_the_golden_file() {
        for Drawn { hash, svg } in golden().figures {
            assert_eq!(identicon_svg(hash), svg, "{hash}");
        }
    }

    #[test]
    fn an_avatar_is_about_half_a_kilobyte_at_most() {
        let largest = (0..=u16::MAX).map(|bits| figure(bits).len()).max().unwrap();
        assert!(largest < 256, "{largest} bytes");
    }

    #[test]
    fn a_hash_is_32_lower_case_hex_digits_in_json() {
        let hash = AvatarHash([0xAB; 16]);
        let json = serde_json::to_string(&hash).unwrap();
        assert_eq!(json, format!("{:?}", "ab".repeat(16)));
        assert_eq!(serde_json::from_str::<AvatarHash>(&json).unwrap(), hash);
        for bad in ["", "ab", &"AB".repeat(16), &"+a".repeat(16), &"é".repeat(16)] {
            assert!(AvatarHash::try_from(bad.to_owned()).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn every_ground_has_the_same_lightness_and_lets_the_ink_stand_out() {
        let ink = luminance(INK);
        for ground in GROUNDS {
            let contrast = (ink + 0.05) / (luminance(ground) + 0.05);
            assert!((3.0..3.5).contains(&contrast), "#{ground}: {contrast}");
        }
    }

    /// Relative luminance, as WCAG defines it.
    fn luminance(colour: &str) -> f64 {
        let number = u32::from_str_radix(colour, 16).unwrap();
        let light = |shift: u32| {
            let value = f64::from(number >> shift & 0xFF) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * light(16) + 0.7152 * light(8) + 0.0722 * light(0)
    }
}
