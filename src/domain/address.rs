//! Where a request comes from, as limits count it.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// An address as limits count it: an IPv4 address, or the first 64 bits of an IPv6 one, for whoever has one of these has all
/// behind it (RFC 6177).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClientAddress(u64);

impl ClientAddress {
    /// Reads the header's value. What is no address limits nobody: only the edge writes it, and on a developer's machine
    /// there is none.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().parse().ok()? {
            IpAddr::V4(address) => Self::v4(address.to_bits()),
            // As sockets of both families write an IPv4 address.
            IpAddr::V6(address) => match address.to_ipv4_mapped() {
                Some(address) => Self::v4(address.to_bits()),
                None => Self((address.to_bits() >> 64) as u64),
            },
        })
    }

    /// The same as a number.
    pub fn number(self) -> u64 {
        self.0
    }

    /// In 100::/8, which is nobody's (RFC 4291, 2.4): so the two families don't meet.
    fn v4(bits: u32) -> Self {
        Self(0x0100_0000_0000_0000 | u64::from(bits) << 16)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parse(text: &str) -> ClientAddress {
        ClientAddress::parse(text).unwrap()
    }

    #[test]
    fn neighbours_in_one_network_are_one_address_and_others_are_not() {
        assert_eq!(parse("2001:db8:1:2::1"), parse("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(parse("2001:db8:1:2::1"), parse("2001:db8:1:3::1"));
        assert_ne!(parse("192.0.2.1"), parse("192.0.2.2"));
        assert_ne!(parse("::"), parse("0.0.0.0"));
    }

    #[test]
    fn an_ipv4_address_in_ipv6_is_the_ipv4_address() {
        assert_eq!(parse("::ffff:192.0.2.1"), parse("192.0.2.1"));
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in ["", "localhost", "1.2.3", "192.0.2.1, 198.51.100.7", "192.0.2.1:80", "[::1]", "fe80::1%eth0"] {
            assert_eq!(ClientAddress::parse(text), None, "{text}");
        }
    }
}
