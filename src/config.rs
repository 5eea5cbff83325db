//! The deployer's settings: read in one place, every default in one list, all wrong ones named in one message.

use crate::auth::token::{SigningKey, SHORTEST_KEY};
use crate::room::core::Retention;

/// The settings, checked.
pub struct Settings {
    /// What the site calls itself.
    pub site_name: String,
    /// Other origins whose pages may speak for a viewer.
    pub allowed_origins: Vec<String>,
    /// How much history a room keeps.
    pub retention: Retention,
    /// The signing key, if the deployer sets one.
    pub session_key: Option<SigningKey>,
    /// The signing key before it.
    pub previous_session_key: Option<SigningKey>,
}

/// What is wrong with the settings, one sentence each. It names them and never shows a value: some are secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("wrong settings: {}", .0.join("; "))]
pub struct WrongSettings(pub Vec<String>);

impl Settings {
    /// Reads the settings; `get` gives the value of a name, if it is set.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, WrongSettings> {
        let mut wrong = Vec::new();
        let get = |name: &str| get(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut number = |name: &str, default: i64, most: i64| match get(name).map(|value| value.parse()) {
            None => default,
            Some(Ok(value)) if (1..=most).contains(&value) => value,
            Some(_) => {
                wrong.push(format!("{name} must be a whole number from 1 to {most}"));
                default
            }
        };
        let retention = Retention {
            days: number("HISTORY_DAYS", 365, 36_500),
            messages: number("HISTORY_MESSAGES", 50_000, 10_000_000),
        };
        let mut key = |name: &str| {
            let value = get(name)?;
            let key = SigningKey::new(value.into_bytes());
            if key.is_none() {
                wrong.push(format!("{name} must have at least {SHORTEST_KEY} characters"));
            }
            key
        };
        let (session_key, previous_session_key) = (key("SESSION_KEY"), key("SESSION_KEY_PREVIOUS"));
        let allowed_origins: Vec<String> =
            get("ALLOWED_ORIGINS").iter().flat_map(|list| list.split_whitespace()).map(str::to_owned).collect();
        if allowed_origins.iter().any(|origin| !is_origin(origin)) {
            wrong.push("ALLOWED_ORIGINS must be origins like https://www.example.org, with spaces between".to_owned());
        }
        let site_name = get("SITE_NAME").unwrap_or_else(|| "HiHi Chat".to_owned());
        if site_name.chars().count() > 64 {
            wrong.push("SITE_NAME must have at most 64 characters".to_owned());
        }
        match wrong.is_empty() {
            true => Ok(Self { site_name, allowed_origins, retention, session_key, previous_session_key }),
            false => Err(WrongSettings(wrong)),
        }
    }
}

/// Scheme, host and perhaps a port, and nothing after.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn without_any_setting_the_defaults_hold() {
        let settings = Settings::read(|_| None).ok().unwrap();
        assert_eq!(settings.site_name, "HiHi Chat");
        assert_eq!(settings.retention, Retention { days: 365, messages: 50_000 });
        assert!(settings.session_key.is_none() && settings.allowed_origins.is_empty());
    }

    #[test]
    fn everything_wrong_is_named_in_one_message_and_no_secret_shown() {
        let wrong = Settings::read(|name| {
            let value = match name {
                "HISTORY_DAYS" => "soon",
                "HISTORY_MESSAGES" => "0",
                "SESSION_KEY" => "hunter2",
                "ALLOWED_ORIGINS" => "https://a.example/path",
                _ => return None,
            };
            Some(value.to_owned())
        });
        let message = wrong.err().unwrap().to_string();
        for name in ["HISTORY_DAYS", "HISTORY_MESSAGES", "SESSION_KEY", "ALLOWED_ORIGINS"] {
            assert!(message.contains(name), "{message}");
        }
        assert!(!message.contains("hunter2"), "{message}");
    }
}
