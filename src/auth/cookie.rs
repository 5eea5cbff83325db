//! The session cookie. `__Host-` binds it to this host, https and no path (RFC 6265bis, 4.1.3.2).
//!
//! Written by hand: the crate `cookie` brings a calendar for expiry dates, 60 KB of WASM, and we need none.

use crate::domain::time::{Millis, DAY, SECOND};

const SECURE_NAME: &str = "__Host-hihi";
/// Tells scripts that there is a session, and nothing of it: a page that need not ask leaves no failed request behind.
const MARK_NAME: &str = "hihi-entered";
/// Plain http on loopback, for trying it out: Safari drops `Secure` cookies there.
const LOOPBACK_NAME: &str = "hihi";
/// What an account's own devices are known by, see `device.rs`; on loopback and elsewhere.
const DEVICE_NAMES: [&str; 2] = ["hihi-device", "__Host-hihi-device"];
/// How long a device is known without a log-in on it.
const DEVICE_LASTS: Millis = 365 * DAY;

/// Where the page was loaded from, as far as cookies care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// https.
    Secure,
    /// http on this very machine.
    Loopback,
    /// http from elsewhere. The cookie is `Secure`, so browsers drop it: nobody's session crosses a network in the open.
    Open,
}

impl Transport {
    /// Told from the request's address.
    pub fn of(scheme: &str, host: &str) -> Self {
        let loopback = matches!(host, "localhost" | "127.0.0.1" | "[::1]") || host.ends_with(".localhost");
        match (scheme, loopback) {
            ("https", _) => Self::Secure,
            (_, true) => Self::Loopback,
            (_, false) => Self::Open,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Secure | Self::Open => SECURE_NAME,
            Self::Loopback => LOOPBACK_NAME,
        }
    }

    fn device_name(self) -> &'static str {
        let [loopback, secure] = DEVICE_NAMES;
        if self == Self::Loopback {
            loopback
        } else {
            secure
        }
    }

    fn secure(self) -> &'static str {
        if self == Self::Loopback {
            ""
        } else {
            "; Secure"
        }
    }
}

/// The token in a `Cookie` header.
pub fn read(header: &str, transport: Transport) -> Option<&str> {
    value(header, transport.name())
}

/// What the device is known by, in a `Cookie` header.
pub fn read_device(header: &str, transport: Transport) -> Option<&str> {
    value(header, transport.device_name())
}

fn value<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    let mut pairs = header.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == wanted).map(|(_, value)| value.trim())
}

/// The `Set-Cookie` headers that keep the token, and the mark that there is one, for `lasts` milliseconds. A token is base64
/// and dots, so it needs no quoting.
pub fn keep(token: &str, lasts: Millis, transport: Transport) -> [String; 2] {
    let (secure, seconds) = (transport.secure(), lasts / SECOND);
    [
        format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}", transport.name()),
        format!("{MARK_NAME}=1; Path=/; Max-Age={seconds}; SameSite=Strict{secure}"),
    ]
}

/// The `Set-Cookie` header that keeps what a device is known by, or with nothing forgets it.
pub fn keep_device(value: Option<&str>, transport: Transport) -> String {
    let (name, secure) = (transport.device_name(), transport.secure());
    let (value, seconds) = (value.unwrap_or_default(), value.map_or(0, |_| DEVICE_LASTS / SECOND));
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

/// The `Set-Cookie` headers that forget both.
pub fn forget(transport: Transport) -> [String; 2] {
    keep("", 0, transport)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_https_the_cookie_is_bound_to_the_host() {
        assert_eq!(
            keep("t", 5_000, Transport::of("https", "chat.example")),
            [
                "__Host-hihi=t; Path=/; Max-Age=5; HttpOnly; SameSite=Strict; Secure",
                "hihi-entered=1; Path=/; Max-Age=5; SameSite=Strict; Secure"
            ]
        );
    }

    #[test]
    fn a_device_is_known_for_a_year_and_to_this_host_only() {
        assert_eq!(
            keep_device(Some("d.s"), Transport::Secure),
            "__Host-hihi-device=d.s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(read_device("hihi=tok; hihi-device=d.s", Transport::Loopback), Some("d.s"));
        assert_eq!(read("__Host-hihi-device=d.s", Transport::Secure), None);
    }

    #[test]
    fn on_loopback_it_goes_without_secure_and_on_open_http_it_does_not() {
        assert_eq!(
            keep("t", 5_000, Transport::of("http", "127.0.0.1"))[0],
            "hihi=t; Path=/; Max-Age=5; HttpOnly; SameSite=Strict"
        );
        assert_eq!(Transport::of("http", "192.168.1.7"), Transport::Open);
        assert!(forget(Transport::Open).iter().all(|cookie| cookie.contains("Secure")));
    }

    #[test]
    fn it_is_found_among_others_and_only_under_its_own_name() {
        assert_eq!(read("a=1; __Host-hihi=tok; b=2", Transport::Secure), Some("tok"));
        assert_eq!(read("hihi=tok", Transport::Secure), None);
        assert_eq!(read("x__Host-hihi=tok;;;=", Transport::Secure), None);
    }
}
