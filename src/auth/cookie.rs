//! The session cookie. `__Host-` binds it to this host, https and no path (RFC 6265bis, 4.1.3.2).
//!
//! Written by hand: the crate `cookie` brings a calendar for expiry dates, 60 KB of WASM, and we need none.

use crate::domain::time::{Millis, SECOND};

const SECURE_NAME: &str = "__Host-hihi";
/// Tells scripts that there is a session, and nothing of it: a page that need not ask leaves no failed request behind.
const MARK_NAME: &str = "hihi-entered";
/// Plain http on loopback, for trying it out: Safari drops `Secure` cookies there.
const LOOPBACK_NAME: &str = "hihi";

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
}

/// The token in a `Cookie` header.
pub fn read(header: &str, transport: Transport) -> Option<&str> {
    let mut pairs = header.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| name.trim() == transport.name()).map(|(_, value)| value.trim())
}

/// The `Set-Cookie` headers that keep the token, and the mark that there is one, for `lasts` milliseconds. A token is base64
/// and dots, so it needs no quoting.
pub fn keep(token: &str, lasts: Millis, transport: Transport) -> [String; 2] {
    let secure = if transport == Transport::Loopback { "" } else { "; Secure" };
    let seconds = lasts / SECOND;
    [
        format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}", transport.name()),
        format!("{MARK_NAME}=1; Path=/; Max-Age={seconds}; SameSite=Strict{secure}"),
    ]
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
