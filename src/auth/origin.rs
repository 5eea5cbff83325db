//! Which pages may speak for a viewer. A browser says where a request comes from; cookies go along whoever asks.

/// Whether a request may be taken. `origin` is the header, `own` the request's own scheme, host and port.
///
/// Without an `Origin` the caller is no page: it brings its cookie itself.
pub fn may_speak(origin: Option<&str>, own: &str, allowed: &[String]) -> bool {
    match origin {
        None => true,
        Some(origin) => origin == own || allowed.iter().any(|other| other == origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_origin_may_speak() {
        let own = "https://chat.example";
        let allowed = ["https://www.example".to_owned()];
        for good in [None, Some(own), Some("https://www.example")] {
            assert!(may_speak(good, own, &allowed), "{good:?}");
        }
        let foreign = [
            "null",
            "",
            "http://chat.example",
            "https://chat.example:8443",
            "https://chat.example.evil",
            "https://evilchat.example",
            "https://chat.example/",
            "HTTPS://CHAT.EXAMPLE",
            "https://www.example.evil",
            "https://sub.chat.example",
        ];
        for bad in foreign {
            assert!(!may_speak(Some(bad), own, &allowed), "{bad:?}");
        }
    }
}
