//! The deployer's settings: read in one place, every default in one list, all wrong ones named in one message.

use crate::auth::token::{SigningKey, SHORTEST_KEY};
use crate::domain::person::{Kind, Person, Viewer};
use crate::domain::text::PersonName;
use crate::domain::time::{Millis, SECOND};
use crate::limits::budget::Budget;
use crate::protocol::views::Link;
use crate::redis::Endpoint;
use crate::room::core::{Bounds, Retention};
use std::cell::RefCell;
use std::rc::Rc;

/// A setup token shorter than this could be guessed.
const SHORTEST_TOKEN: usize = 16;

/// No day of a deployment's has more than so many requests or rows.
const MOST_A_DAY: i64 = 1_000_000_000_000;

/// The settings, checked.
pub struct Settings {
    /// What the site calls itself.
    pub site_name: String,
    /// What it says to those who have not entered.
    pub site_welcome: Option<String>,
    /// Where else it leads them.
    pub site_links: Vec<Link>,
    /// Whether one may enter without an account.
    pub guests: bool,
    /// Whether one may make an account.
    pub registration: bool,
    /// Who may make rooms.
    pub room_creation: RoomCreation,
    /// Whether `/avatar` asks Gravatar.
    pub gravatar: bool,
    /// Other origins whose pages may speak for a viewer.
    pub allowed_origins: Vec<String>,
    /// Where Cloudflare should keep rooms.
    pub location_hint: Option<String>,
    /// How much history a room keeps.
    pub retention: Retention,
    /// How much a room takes.
    pub bounds: Bounds,
    /// The signing key, if the deployer sets one.
    pub session_key: Option<SigningKey>,
    /// The signing key before it.
    pub previous_session_key: Option<SigningKey>,
    /// Whether the Worker takes passwords and derives their keys itself.
    pub plain_passwords: bool,
    /// The names of those who may everything.
    pub admins: Vec<PersonName>,
    /// What they register with.
    pub admin_setup_token: Option<String>,
    /// Where hosted Redis is, if the deployer has one.
    pub redis: Option<Endpoint>,
    /// How long a message waits at most before it is archived there.
    pub archive_every: Millis,
    /// What a day may cost.
    pub budget: Budget,
}

/// Who may make rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomCreation {
    /// Whoever has a session.
    Everyone,
    /// Accounts.
    Accounts,
    /// Admins.
    Admins,
}

impl RoomCreation {
    const WORDS: [&'static str; 3] = ["everyone", "accounts", "admins"];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        let [everyone, accounts, admins] = Self::WORDS;
        match self {
            Self::Everyone => everyone,
            Self::Accounts => accounts,
            Self::Admins => admins,
        }
    }

    /// Whether this viewer may make a room.
    pub fn allows(self, viewer: &Viewer) -> bool {
        match self {
            Self::Everyone => true,
            Self::Accounts => viewer.person.kind == Kind::Account,
            Self::Admins => viewer.admin,
        }
    }
}

/// Cloudflare's regions (Durable Objects, "Provide a location hint").
const LOCATIONS: [&str; 11] = ["wnam", "enam", "sam", "weur", "eeur", "apac", "apac-ne", "apac-se", "oc", "afr", "me"];

/// What is wrong with the settings, one sentence each. It names them and never shows a value: some are secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("wrong settings: {}", .0.join("; "))]
pub struct WrongSettings(pub Vec<String>);

impl Settings {
    /// The settings of this deployment.
    pub fn of(env: &worker::Env) -> Result<Rc<Self>, WrongSettings> {
        thread_local! {
            /// Read once an isolate: they can't change in between.
            static SETTINGS: RefCell<Option<Rc<Settings>>> = const { RefCell::new(None) };
        }
        if let Some(settings) = SETTINGS.with_borrow(Clone::clone) {
            return Ok(settings);
        }
        let settings = Rc::new(Self::read(|name| env.var(name).ok().map(|value| value.to_string()))?);
        SETTINGS.set(Some(Rc::clone(&settings)));
        Ok(settings)
    }

    /// Reads the settings; `get` gives the value of a name, if it is set.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Result<Self, WrongSettings> {
        let mut given = Given { get: &get, wrong: Vec::new() };
        let settings = Self {
            site_name: given.text("SITE_NAME", 64).unwrap_or_else(|| "HiHi Chat".to_owned()),
            site_welcome: given.text("SITE_WELCOME", 500),
            site_links: given.list("SITE_LINKS", ";", "\"Label https://…\" with semicolons between", link),
            guests: given.word("GUESTS", ["on", "off"]) == 0,
            registration: given.word("REGISTRATION", ["open", "closed"]) == 0,
            room_creation: match given.word("ROOM_CREATION", RoomCreation::WORDS) {
                0 => RoomCreation::Everyone,
                1 => RoomCreation::Accounts,
                _ => RoomCreation::Admins,
            },
            gravatar: given.word("AVATARS", ["drawn", "gravatar"]) == 1,
            allowed_origins: given.list(
                "ALLOWED_ORIGINS",
                " ",
                "origins like https://www.example.org with spaces between",
                |origin| is_origin(origin).then(|| origin.to_owned()),
            ),
            location_hint: given.checked("LOCATION_HINT", &format!("one of {}", LOCATIONS.join(", ")), |hint| {
                LOCATIONS.contains(&hint).then(|| hint.to_owned())
            }),
            retention: Retention {
                days: given.number("HISTORY_DAYS", 365, 36_500),
                messages: given.number("HISTORY_MESSAGES", 50_000, 10_000_000),
            },
            bounds: Bounds {
                entries_per_minute: given.number("MESSAGES_PER_MINUTE", 120, 60_000),
                connections: usize::try_from(given.number("ROOM_CONNECTIONS", 2_000, 20_000)).unwrap_or_default(),
            },
            session_key: given.key("SESSION_KEY"),
            previous_session_key: given.key("SESSION_KEY_PREVIOUS"),
            plain_passwords: given.word("PLAIN_PASSWORDS", ["off", "on"]) == 1,
            admins: given.list("ADMINS", ",", "names that somebody can have, with commas between", |name| {
                PersonName::parse(name).ok()
            }),
            admin_setup_token: given.checked(
                "ADMIN_SETUP_TOKEN",
                &format!("at least {SHORTEST_TOKEN} characters"),
                |token| (token.chars().count() >= SHORTEST_TOKEN).then(|| token.to_owned()),
            ),
            redis: given.redis(),
            archive_every: given.number("ARCHIVE_SECONDS", 30, 3_600) * SECOND,
            budget: Budget {
                requests: given.optional_number("DAILY_REQUESTS", MOST_A_DAY),
                rows: given.optional_number("DAILY_ROWS", MOST_A_DAY),
            },
        };
        match given.wrong.is_empty() {
            true => Ok(settings),
            false => Err(WrongSettings(given.wrong)),
        }
    }

    /// Whether the deployer named this person an admin. A guest of that name is none.
    pub fn is_admin(&self, person: &Person) -> bool {
        person.kind == Kind::Account && self.admins.iter().any(|name| name.key() == person.name.key())
    }

    /// Whether this is the name of an admin, or looks like one.
    pub fn is_kept_for_admins(&self, name: &PersonName) -> bool {
        self.admins.iter().any(|admin| admin.key() == name.key() || admin.skeleton() == name.skeleton())
    }
}

/// The settings as they were given, and what is wrong with them.
struct Given<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    wrong: Vec<String>,
}

impl Given<'_> {
    fn value(&self, name: &str) -> Option<String> {
        (self.get)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    fn checked<T>(&mut self, name: &str, must: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let read = read(&value);
        if read.is_none() {
            self.wrong.push(format!("{name} must be {must}"));
        }
        read
    }

    fn text(&mut self, name: &str, most: usize) -> Option<String> {
        self.checked(name, &format!("at most {most} characters"), |value| {
            (value.chars().count() <= most).then(|| value.to_owned())
        })
    }

    fn number(&mut self, name: &str, default: i64, most: i64) -> i64 {
        self.optional_number(name, most).unwrap_or(default)
    }

    fn optional_number(&mut self, name: &str, most: i64) -> Option<i64> {
        let must = format!("a whole number from 1 to {most}");
        let read = |value: &str| value.parse().ok().filter(|value| (1..=most).contains(value));
        self.checked(name, &must, read)
    }

    /// The place of the word in the list, whose first is the default.
    fn word<const N: usize>(&mut self, name: &str, words: [&str; N]) -> usize {
        let must = words.join(" or ");
        self.checked(name, &must, |value| words.iter().position(|word| *word == value)).unwrap_or(0)
    }

    fn list<T>(&mut self, name: &str, separator: &str, must: &str, read: fn(&str) -> Option<T>) -> Vec<T> {
        let all = |value: &str| {
            let items = value.split(separator).map(str::trim).filter(|item| !item.is_empty());
            items.map(read).collect::<Option<Vec<T>>>()
        };
        self.checked(name, must, all).unwrap_or_default()
    }

    fn redis(&mut self) -> Option<Endpoint> {
        let (url, token) = ("UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN");
        for (set, missing) in [(url, token), (token, url)] {
            if self.value(set).is_some() && self.value(missing).is_none() {
                self.wrong.push(format!("{missing} must be set, because {set} is"));
            }
        }
        let url = self.checked(url, "the https address that Upstash shows, without a path", redis_url);
        let token = self.checked(token, "the token that Upstash shows", |token| {
            token.bytes().all(|byte| byte.is_ascii_graphic()).then(|| token.to_owned())
        });
        url.zip(token).map(|(url, token)| Endpoint { url, token })
    }

    fn key(&mut self, name: &str) -> Option<SigningKey> {
        let must = format!("at least {SHORTEST_KEY} characters");
        self.checked(name, &must, |value| SigningKey::new(value.as_bytes().to_vec()))
    }
}

/// The REST address of a database: https, or plain http on this machine, for the token is in every request.
fn redis_url(text: &str) -> Option<String> {
    let url = text.strip_suffix('/').unwrap_or(text);
    let host = url.strip_prefix("http://").map(|rest| rest.split(':').next().unwrap_or_default());
    let is_here = host.is_some_and(|host| matches!(host, "127.0.0.1" | "localhost"));
    (is_origin(url) && (url.starts_with("https://") || is_here)).then(|| url.to_owned())
}

/// Scheme, host and perhaps a port, and nothing after.
fn is_origin(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']))
}

/// A label and an https address, so that no link runs a script.
fn link(text: &str) -> Option<Link> {
    let (label, url) = text.rsplit_once(char::is_whitespace)?;
    let fits = url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty()) && !label.trim().is_empty();
    fits.then(|| Link { label: label.trim().to_owned(), url: url.to_owned() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::id::PersonId;

    fn read(given: &[(&str, &str)]) -> Result<Settings, WrongSettings> {
        Settings::read(|name| given.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn without_any_setting_the_defaults_hold() {
        let settings = read(&[]).ok().unwrap();
        assert_eq!(settings.site_name, "HiHi Chat");
        assert_eq!(settings.retention, Retention { days: 365, messages: 50_000 });
        assert_eq!(settings.bounds, Bounds { entries_per_minute: 120, connections: 2_000 });
        assert!(settings.session_key.is_none() && settings.allowed_origins.is_empty());
        assert!(settings.guests && settings.registration && !settings.gravatar && !settings.plain_passwords);
        assert_eq!(settings.room_creation, RoomCreation::Everyone);
        assert!(settings.redis.is_none() && settings.archive_every == 30_000);
        assert_eq!(settings.budget, Budget::default());
        assert!(settings.admins.is_empty() && settings.site_welcome.is_none() && settings.site_links.is_empty());
    }

    #[test]
    fn what_is_set_is_read() {
        let settings = read(&[
            ("SITE_WELCOME", " Be kind. "),
            ("SITE_LINKS", "House rules https://a.example/rules; 帮助 https://b.example;"),
            ("GUESTS", "off"),
            ("REGISTRATION", "closed"),
            ("ROOM_CREATION", "admins"),
            ("AVATARS", "gravatar"),
            ("LOCATION_HINT", "apac"),
            ("PLAIN_PASSWORDS", "on"),
            ("ADMINS", "Ann, 安娜"),
            ("DAILY_REQUESTS", "100000"),
            ("ALLOWED_ORIGINS", "https://a.example  http://localhost:3000"),
        ])
        .ok()
        .unwrap();
        assert_eq!(settings.site_welcome.as_deref(), Some("Be kind."));
        let links: Vec<_> = settings.site_links.iter().map(|link| (link.label.as_str(), link.url.as_str())).collect();
        assert_eq!(links, [("House rules", "https://a.example/rules"), ("帮助", "https://b.example")]);
        assert!(!settings.guests && !settings.registration && settings.gravatar && settings.plain_passwords);
        assert_eq!(settings.room_creation, RoomCreation::Admins);
        assert_eq!(settings.location_hint.as_deref(), Some("apac"));
        assert_eq!(settings.admins.len(), 2);
        assert_eq!(settings.budget, Budget { requests: Some(100_000), rows: None });
        assert_eq!(settings.allowed_origins.len(), 2);
    }

    #[test]
    fn everything_wrong_is_named_in_one_message_and_no_value_shown() {
        let names = [
            "SITE_LINKS",
            "GUESTS",
            "REGISTRATION",
            "ROOM_CREATION",
            "AVATARS",
            "ALLOWED_ORIGINS",
            "LOCATION_HINT",
            "HISTORY_DAYS",
            "HISTORY_MESSAGES",
            "MESSAGES_PER_MINUTE",
            "ROOM_CONNECTIONS",
            "SESSION_KEY",
            "SESSION_KEY_PREVIOUS",
            "PLAIN_PASSWORDS",
            "ADMIN_SETUP_TOKEN",
            "UPSTASH_REDIS_REST_URL",
            "ARCHIVE_SECONDS",
            "DAILY_REQUESTS",
            "DAILY_ROWS",
        ];
        let long = "x".repeat(501);
        let mut given: Vec<(&str, &str)> = names.iter().map(|name| (*name, "hunter2/")).collect();
        given.push(("UPSTASH_REDIS_REST_TOKEN", "hunter2 hunter3"));
        given.extend([("SITE_NAME", long.as_str()), ("SITE_WELCOME", long.as_str()), ("ADMINS", "Ann, admin")]);
        let message = read(&given).err().unwrap().to_string();
        for (name, _) in &given {
            assert!(message.contains(&format!("{name} must be ")), "{name}: {message}");
        }
        assert!(!message.contains("hunter2"), "{message}");
        for wrong in ["http://a.example", "Rules javascript:alert(1)", "https://a.example", "Rules https://"] {
            assert!(read(&[("SITE_LINKS", wrong)]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn half_of_redis_is_refused_and_says_what_is_missing() {
        let (url, token) = (("UPSTASH_REDIS_REST_URL", "https://a.example/"), ("UPSTASH_REDIS_REST_TOKEN", "t"));
        let missing = |given| read(&[given]).err().unwrap().to_string();
        assert!(missing(url).contains("UPSTASH_REDIS_REST_TOKEN must be set"));
        assert!(missing(token).contains("UPSTASH_REDIS_REST_URL must be set"));
        let redis = read(&[url, token]).ok().unwrap().redis.unwrap();
        assert_eq!((redis.url.as_str(), redis.token.as_str()), ("https://a.example", "t"));
        for wrong in ["http://a.example", "https://a.example/path", "redis://a.example", "http://127.0.0.1.a.example"] {
            assert!(read(&[(url.0, wrong), token]).is_err(), "{wrong}");
        }
        assert!(read(&[(url.0, "http://127.0.0.1:8079"), token]).is_ok());
    }

    #[test]
    fn an_admin_is_an_account_of_the_name_and_nobody_else_takes_it() {
        let settings = read(&[("ADMINS", "Paula")]).ok().unwrap();
        let name = |name: &str| PersonName::parse(name).unwrap();
        let person = |kind| Person { id: PersonId::from_random([1; 20]), name: name("PAULA"), kind };
        assert!(settings.is_admin(&person(Kind::Account)) && !settings.is_admin(&person(Kind::Guest)));
        // The second has a Cyrillic a.
        for kept in ["paula", "Pаula", "ＰＡＵＬＡ"] {
            assert!(settings.is_kept_for_admins(&name(kept)), "{kept}");
        }
        assert!(!settings.is_kept_for_admins(&name("Paul")));
    }
}
