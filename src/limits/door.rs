//! What is counted before the Directory does any work, and under which numbers. Pure: the Directory's object keeps the
//! buckets.

use super::bucket::Rate;
use super::rates;
use crate::domain::address::ClientAddress;
use crate::domain::id::PersonId;
use crate::domain::text::PersonKey;
use crate::domain::time::{Millis, SECOND};
use serde::{Deserialize, Serialize};

/// A bucket that fills more slowly than this would be full again whenever its object was idle and had gone.
const KEPT_FROM: Millis = 10 * SECOND;

/// One token: out of the bucket of this number, whose burst and time for one these are. No bucket of another rate has the
/// number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(pub u64, u32, Millis);

impl Token {
    /// A token of this rate.
    pub fn new(number: u64, rate: Rate) -> Self {
        Self(number, rate.burst, rate.every)
    }

    /// How often there is one.
    pub fn rate(self) -> Rate {
        Rate::new(self.1, self.2)
    }

    /// Whether its bucket outlives the object.
    pub fn is_kept(self) -> bool {
        self.2 > KEPT_FROM
    }
}

/// What somebody wants of the Directory.
#[derive(Debug, Clone, Copy)]
pub enum Attempt<'a> {
    /// To enter as a guest.
    Guest,
    /// To register.
    Registration,
    /// To know what to derive a key with.
    Params,
    /// To log in to the account of this name; known by its id is a device that its owner has logged in on before.
    LogIn(&'a PersonKey, Option<&'a str>),
    /// To set the password of the account of this name, with its recovery code.
    Recovery(&'a PersonKey),
    /// To set a password with an admin's token.
    Reset,
    /// To prove, in a session of this person, that they know their password.
    Proof(&'a PersonId),
    /// To make a room, as this person.
    Room(&'a PersonId),
}

impl Attempt<'_> {
    /// Whether it adds to what the deployment has to carry from then on.
    pub fn adds(self) -> bool {
        matches!(self, Self::Guest | Self::Registration | Self::Room(_))
    }

    /// The tokens it takes. `alias` gives the number that stands for a name or an address.
    ///
    /// They don't depend on whether there is such an account: else they would tell.
    pub fn tokens(self, from: Option<ClientAddress>, alias: impl Fn(&str) -> u64) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(3);
        let mut take = |rate, [what, whose, of]: [&str; 3]| {
            // No name has a line feed in it, so no two attempts make one text.
            tokens.push(Token::new(alias(&[what, whose, of].join("\n")), rate));
        };
        let address = from.map(|from| from.number().to_string());
        let address = address.as_deref();
        let mut log_in = |what: &str, name: &str| {
            if let Some(address) = address {
                take(rates::LOG_INS, [what, address, ""]);
                take(rates::LOG_INS_TO_ACCOUNT_FROM_ADDRESS, [what, address, name]);
            }
            take(rates::LOG_INS_TO_ACCOUNT, [what, "", name]);
        };
        match (self, address) {
            // So nobody else, wherever they guess from, can keep the owner out.
            (Self::LogIn(name, Some(device)), _) => take(rates::LOG_INS_ON_DEVICE, ["device", device, name.as_str()]),
            (Self::LogIn(name, None), _) => log_in("log-in", name.as_str()),
            // Apart from log-ins: the way back in is open while others guess passwords.
            (Self::Recovery(name), _) => log_in("recovery", name.as_str()),
            (Self::Proof(person), _) => take(rates::LOG_INS_ON_DEVICE, ["proof", person.as_str(), ""]),
            (Self::Room(person), address) => {
                take(rates::ROOMS_OF_PERSON, ["rooms of", person.as_str(), ""]);
                if let Some(address) = address {
                    take(rates::ROOMS_FROM_ADDRESS, ["rooms", address, ""]);
                }
            }
            (Self::Guest, Some(address)) => take(rates::GUESTS, ["guests", address, ""]),
            (Self::Registration, Some(address)) => take(rates::REGISTRATIONS, ["registrations", address, ""]),
            (Self::Params, Some(address)) => take(rates::PARAMS, ["params", address, ""]),
            (Self::Reset, Some(address)) => take(rates::LOG_INS, ["reset", address, ""]),
            (Self::Guest | Self::Registration | Self::Params | Self::Reset, None) => {}
        }
        tokens
    }
}

/// Why an attempt is not let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Denied {
    /// The token that is not there, by its place in the list; none is taken then. Nothing: the deployment is near its
    /// daily budget.
    pub token: Option<usize>,
    /// In so many milliseconds it is worth another try.
    pub wait: Millis,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::text::PersonName;

    /// The rates and numbers of an attempt's tokens.
    fn tokens(attempt: Attempt, from: &str) -> Vec<(Rate, u64)> {
        let alias = |what: &str| what.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31) ^ u64::from(byte));
        let tokens = attempt.tokens(ClientAddress::parse(from), alias);
        tokens.into_iter().map(|token| (token.rate(), token.0)).collect()
    }

    fn key(name: &str) -> PersonKey {
        PersonName::parse(name).unwrap().key()
    }

    #[test]
    fn a_log_in_is_counted_by_address_and_by_account_and_by_both() {
        let ann = key("Ann");
        let rates = |from| tokens(Attempt::LogIn(&ann, None), from).into_iter().map(|(rate, _)| rate);
        assert_eq!(
            rates("192.0.2.1").collect::<Vec<_>>(),
            [rates::LOG_INS, rates::LOG_INS_TO_ACCOUNT_FROM_ADDRESS, rates::LOG_INS_TO_ACCOUNT]
        );
        assert_eq!(rates("").collect::<Vec<_>>(), [rates::LOG_INS_TO_ACCOUNT], "where there is no edge");
    }

    #[test]
    fn a_known_device_shares_no_bucket_with_strangers() {
        let ann = key("Ann");
        let own = tokens(Attempt::LogIn(&ann, Some("d1")), "192.0.2.1");
        for other in [
            tokens(Attempt::LogIn(&ann, None), "192.0.2.1"),
            tokens(Attempt::LogIn(&ann, Some("d2")), "192.0.2.1"),
            tokens(Attempt::LogIn(&key("Bob"), Some("d1")), "192.0.2.1"),
        ] {
            assert!(other.iter().all(|token| !own.contains(token)), "{other:?}");
        }
        assert_eq!(own.len(), 1);
    }

    #[test]
    fn no_two_attempts_share_a_number() {
        let (ann, person) = (key("Ann"), PersonId::from_random([1; 20]));
        let all = [
            Attempt::Guest,
            Attempt::Registration,
            Attempt::Params,
            Attempt::LogIn(&ann, None),
            Attempt::LogIn(&ann, Some("d1")),
            // The way back in is open while others guess passwords.
            Attempt::Recovery(&ann),
            Attempt::Reset,
            Attempt::Proof(&person),
            Attempt::Room(&person),
        ];
        let mut numbers: Vec<_> =
            all.iter().flat_map(|one| tokens(*one, "192.0.2.1")).map(|(_, number)| number).collect();
        let many = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), many);
    }

    #[test]
    fn what_fills_slowly_outlives_its_object() {
        for (rate, is_kept) in [
            (rates::GUESTS, false),
            (rates::LOG_INS, false),
            (rates::PARAMS, false),
            (rates::REGISTRATIONS, true),
            (rates::LOG_INS_TO_ACCOUNT_FROM_ADDRESS, true),
            (rates::LOG_INS_TO_ACCOUNT, true),
            (rates::LOG_INS_ON_DEVICE, true),
            (rates::ROOMS_OF_PERSON, true),
            (rates::ROOMS_FROM_ADDRESS, true),
        ] {
            assert_eq!(Token::new(1, rate).is_kept(), is_kept, "{rate:?}");
        }
    }
}
