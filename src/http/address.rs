//! The address of a request, taken apart. The runtime has parsed and normalised it by the URL standard already;
//! a second parser (with its tables for international host names) would cost 100 KB of WASM.

/// A request's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// `https` or `http`.
    pub scheme: &'a str,
    /// Without the port.
    pub host: &'a str,
    /// Scheme, host and port, as browsers write it in `Origin`.
    pub origin: &'a str,
    /// From the first slash, still percent-encoded.
    pub path: &'a str,
    /// What is behind the question mark.
    pub query: &'a str,
}

impl<'a> Address<'a> {
    /// Takes a normalised absolute address apart.
    pub fn of(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let origin = url.get(..scheme.len() + 3 + authority.len())?;
        let target = url.get(origin.len()..)?.split('#').next().unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        // An IPv6 address has colons of its own, inside its brackets.
        let port = authority.rfind(':').filter(|colon| !authority.get(*colon..).unwrap_or_default().contains(']'));
        let host = authority.get(..port.unwrap_or(authority.len()))?;
        Some(Self { scheme, host, origin, path, query })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_scheme_host_origin_path_and_query() {
        let address = Address::of("http://127.0.0.1:8787/api/rooms/a%2Fb/live?since=1&x=%3F?#f");
        let expected = Address {
            scheme: "http",
            host: "127.0.0.1",
            origin: "http://127.0.0.1:8787",
            path: "/api/rooms/a%2Fb/live",
            query: "since=1&x=%3F?",
        };
        assert_eq!(address, Some(expected));
    }

    #[test]
    fn ports_paths_and_queries_may_be_absent() {
        let parts = |url| Address::of(url).map(|address| (address.host, address.origin, address.path));
        assert_eq!(parts("https://chat.example"), Some(("chat.example", "https://chat.example", "")));
        assert_eq!(parts("https://chat.example?q"), Some(("chat.example", "https://chat.example", "")));
        assert_eq!(parts("http://[::1]:8787/"), Some(("[::1]", "http://[::1]:8787", "/")));
        assert_eq!(parts("http://[::1]/"), Some(("[::1]", "http://[::1]", "/")));
        assert_eq!(parts("nothing"), None);
    }
}
