//! Figures and names as people read them.

use crate::contestant::Contestant;

/// What a contestant is called.
pub fn name(contestant: Contestant) -> &'static str {
    match contestant {
        Contestant::Ours => "HiHi Chat",
        Contestant::OursSingles => "HiHi, no batches",
        Contestant::OursRedis => "HiHi on Redis",
        Contestant::Minimal => "minimal object",
        Contestant::MinimalRow => "minimal, a row",
        Contestant::SocketIo => "Socket.IO",
        Contestant::Ws => "ws",
    }
}

/// With as many digits as mean something, or a dash.
pub fn figure(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value.abs() >= 100.0 => whole(value.round() as u64),
        Some(value) if value.abs() >= 10.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.2}"),
    }
}

/// With commas at the thousands.
pub fn whole(value: u64) -> String {
    let digits = value.to_string();
    let comma = |(at, digit): (usize, char)| match at > 0 && (digits.len() - at).is_multiple_of(3) {
        true => format!(",{digit}"),
        false => digit.to_string(),
    };
    digits.chars().enumerate().map(comma).collect()
}
