//! The claims about accounts, their sessions, and who is blocked.

use super::{joined, now, publication};
use crate::support::world::{viewer, START};
use hihichat::directory::accounts::{Account, Farewell, Login, Proof, Registration, Session, Which, RESET};
use hihichat::directory::{Directory, DirectoryError};
use hihichat::domain::id::{PersonId, SessionId};
use hihichat::domain::membership::Change;
use hihichat::domain::person::{Kind, Person, SESSION};
use hihichat::domain::text::PersonName;
use hihichat::domain::time::Millis;

/// A guest by their number.
pub fn guest(number: u8) -> PersonId {
    viewer("Bo", number).person.id
}

/// A guest's only session ends.
pub fn log_out(directory: &impl Directory, number: u8) -> Farewell {
    let session = SessionId::of_guest(&guest(number));
    now(directory.end(&guest(number), &Which::One(session), START)).unwrap()
}

fn name(name: &str) -> PersonName {
    PersonName::parse(name).unwrap()
}

pub fn session_id(number: u8) -> SessionId {
    SessionId::from_random([number; 20])
}

fn session(number: u8, created: Millis) -> Session {
    let device = "Firefox, Linux".to_owned();
    Session { id: session_id(number), device, created, used: created, expires: created + SESSION }
}

fn login(record: &str) -> Login {
    Login { salt: "AAECAwQFBgcICQoLDA0ODw==".to_owned(), rounds: 600_000, record: record.to_owned() }
}

pub fn registration(called: &str, number: u8) -> Registration {
    Registration {
        person: Person { id: guest(number), name: name(called), kind: Kind::Account },
        login: login("first"),
        recovery: "recovery".to_owned(),
        setup: false,
        session: session(number, START),
        guest: None,
    }
}

/// An account called Ann, of person 1 in session 1, and her id.
pub fn ann(directory: &impl Directory) -> PersonId {
    now(directory.register(&registration("Ann", 1), START)).unwrap();
    guest(1)
}

fn sessions(directory: &impl Directory, person: &PersonId, at: Millis) -> Vec<SessionId> {
    now(directory.sessions(person, at)).unwrap().into_iter().map(|session| session.id).collect()
}

fn open(directory: &impl Directory, person: &PersonId, number: u8, at: Millis) -> Result<(), DirectoryError> {
    now(directory.open(person, "first", &session(number, at)))
}

fn ended(farewell: &Farewell) -> Vec<SessionId> {
    farewell.departed.sessions.iter().map(|one| one.session.clone()).collect()
}

pub fn a_name_is_taken_once_whatever_its_case_width_or_look(directory: &impl Directory) {
    now(directory.register(&registration("Paula", 1), START)).unwrap();
    // The last has a Cyrillic a.
    for double in ["Paula", "PAULA", "Ｐａｕｌａ", " Paula ", "Pаula"] {
        let wanted = registration(double, 2);
        assert_eq!(now(directory.register(&wanted, START)), Err(DirectoryError::Taken), "{double}");
    }
    assert_eq!(now(directory.register(&registration("Pablo", 2), START)), Ok(vec![]));
}

pub fn an_account_is_found_by_its_name_in_any_case(directory: &impl Directory) {
    let ann = ann(directory);
    let found: Account = now(directory.account(&name("ANN").key())).unwrap().unwrap();
    let person = Person { id: ann, name: name("Ann"), kind: Kind::Account };
    let expected =
        Account { person, login: login("first"), recovery: "recovery".to_owned(), setup: false, blocked: false };
    assert_eq!(found, expected);
    let admin = Registration { setup: true, ..registration("Root", 2) };
    now(directory.register(&admin, START)).unwrap();
    assert!(now(directory.account(&name("root").key())).unwrap().unwrap().setup);
    assert_eq!(now(directory.account(&name("Bob").key())), Ok(None));
}

pub fn a_guest_may_not_have_an_account_s_name_or_one_like_it(directory: &impl Directory) {
    now(directory.register(&registration("Paula", 1), START)).unwrap();
    for taken in ["Paula", "pAULA", "Pаula"] {
        assert_eq!(now(directory.free_for_guests(&name(taken))), Err(DirectoryError::Taken), "{taken}");
    }
    assert_eq!(now(directory.free_for_guests(&name("Paul"))), Ok(()));
}

pub fn a_guest_who_registers_is_the_same_person_and_their_rooms_are_told(directory: &impl Directory) {
    let bo = guest(2);
    let lobby = publication("Lobby", START, vec![joined(&bo)]);
    now(directory.publish(&lobby, START)).unwrap();
    let as_guest = SessionId::of_guest(&bo);
    let wanted = Registration { guest: Some(as_guest.clone()), ..registration("Bo", 2) };
    let rooms = now(directory.register(&wanted, START)).unwrap();
    assert_eq!(rooms, std::slice::from_ref(&lobby.key));
    // What was on its way learns that the guest's session has ended, and that it was not the last.
    let departed = now(directory.publish(&lobby, START)).unwrap();
    assert_eq!(departed.len(), 1);
    assert_eq!((&departed[0].sessions[0].session, departed[0].last), (&as_guest, false));
}

pub fn a_guest_s_session_that_ended_or_was_used_makes_no_account(directory: &impl Directory) {
    let as_guest = |number, called| {
        let session = Some(SessionId::of_guest(&guest(number)));
        now(directory.register(&Registration { guest: session, ..registration(called, number) }, START))
    };
    log_out(directory, 2);
    assert_eq!(as_guest(2, "Bo"), Err(DirectoryError::Ended), "logged out");
    assert_eq!(as_guest(3, "Cy"), Ok(vec![]));
    assert_eq!(as_guest(3, "Di"), Err(DirectoryError::Ended), "registered before");
}

pub fn a_log_in_checked_against_a_record_that_is_gone_opens_nothing(directory: &impl Directory) {
    let ann = ann(directory);
    assert_eq!(open(directory, &ann, 2, START), Ok(()));
    assert_eq!(now(directory.open(&ann, "another", &session(3, START))), Err(DirectoryError::Ended));
    assert_eq!(open(directory, &guest(9), 4, START), Err(DirectoryError::Ended), "no account");
    assert_eq!(sessions(directory, &ann, START).len(), 2);
}

pub fn a_session_lasts_a_month_from_its_last_use(directory: &impl Directory) {
    let ann = ann(directory);
    let used = START + SESSION - 1;
    assert_eq!(now(directory.touch(&ann, &session_id(1), used)), Ok(used + SESSION));
    let listed = now(directory.sessions(&ann, used)).unwrap();
    assert_eq!((listed[0].created, listed[0].used), (START, used));
    assert_eq!(now(directory.touch(&ann, &session_id(1), used + SESSION)), Err(DirectoryError::Ended));
    assert!(sessions(directory, &ann, used + SESSION).is_empty());
}

pub fn a_session_that_ended_is_in_no_list_and_not_touched_again(directory: &impl Directory) {
    let ann = ann(directory);
    open(directory, &ann, 2, START + 1).unwrap();
    let farewell = now(directory.end(&ann, &Which::One(session_id(1)), START + 2)).unwrap();
    assert_eq!(ended(&farewell), [session_id(1)]);
    assert_eq!(farewell.departed.sessions[0].expires, START + 2 + SESSION, "no token of it can last longer");
    assert!(!farewell.departed.last);
    assert_eq!(sessions(directory, &ann, START + 2), [session_id(2)]);
    assert_eq!(now(directory.touch(&ann, &session_id(1), START + 3)), Err(DirectoryError::Ended));
}

pub fn one_s_own_sessions_only(directory: &impl Directory) {
    let ann = ann(directory);
    now(directory.register(&registration("Bob", 2), START)).unwrap();
    let farewell = now(directory.end(&guest(2), &Which::One(session_id(1)), START)).unwrap();
    assert!(farewell.departed.sessions.is_empty());
    assert_eq!(now(directory.touch(&guest(2), &session_id(1), START)), Err(DirectoryError::Ended));
    assert_eq!(sessions(directory, &ann, START), [session_id(1)]);
}

pub fn logging_out_everywhere_ends_all_and_the_last_is_said(directory: &impl Directory) {
    let ann = ann(directory);
    open(directory, &ann, 2, START).unwrap();
    let others = now(directory.end(&ann, &Which::AllBut(session_id(2)), START)).unwrap();
    assert_eq!((ended(&others), others.departed.last), (vec![session_id(1)], false));
    let all = now(directory.end(&ann, &Which::All, START)).unwrap();
    assert_eq!((ended(&all), all.departed.last), (vec![session_id(1), session_id(2)], true));
    assert!(sessions(directory, &ann, START).is_empty());
}

pub fn ending_a_session_again_tells_the_rooms_again(directory: &impl Directory) {
    let ann = ann(directory);
    now(directory.publish(&publication("Lobby", START, vec![joined(&ann)]), START)).unwrap();
    let end = || now(directory.end(&ann, &Which::One(session_id(1)), START)).unwrap();
    // A room that could not be told the first time is told the second.
    assert_eq!(end(), end());
    assert_eq!(end().rooms.len(), 1);
    // A join that was published late hears of it too.
    let late = now(directory.publish(&publication("Other", START, vec![joined(&ann)]), START)).unwrap();
    assert_eq!(late, [end().departed]);
}

fn change(directory: &impl Directory, ann: &PersonId, record: &str) -> Result<Farewell, DirectoryError> {
    let (session, renewed) = (session_id(1), session_id(7));
    let proof = Proof::Record { person: ann.clone(), record: record.to_owned(), session, renewed };
    now(directory.set_login(&proof, &login("second"), START))
}

pub fn a_new_password_renews_its_own_session_and_ends_the_others(directory: &impl Directory) {
    let ann = ann(directory);
    open(directory, &ann, 2, START).unwrap();
    let farewell = change(directory, &ann, "first").unwrap();
    assert_eq!((ended(&farewell), farewell.departed.last), (vec![session_id(1), session_id(2)], false));
    assert_eq!(sessions(directory, &ann, START), [session_id(7)]);
    assert_eq!(now(directory.account(&name("Ann").key())).unwrap().unwrap().login, login("second"));
    assert_eq!(open(directory, &ann, 3, START), Err(DirectoryError::Ended), "the old record is gone");
}

pub fn an_old_password_s_proof_sets_nothing(directory: &impl Directory) {
    let ann = ann(directory);
    assert_eq!(change(directory, &ann, "another").err(), Some(DirectoryError::Ended));
    now(directory.end(&ann, &Which::One(session_id(1)), START)).unwrap();
    assert_eq!(change(directory, &ann, "first").err(), Some(DirectoryError::Ended), "the session has ended");
    let recovery = Proof::Recovery(ann, "another".to_owned());
    assert_eq!(now(directory.set_login(&recovery, &login("second"), START)).err(), Some(DirectoryError::Ended));
    assert_eq!(now(directory.account(&name("Ann").key())).unwrap().unwrap().login, login("first"));
}

pub fn a_recovery_ends_every_session(directory: &impl Directory) {
    let ann = ann(directory);
    let proof = Proof::Recovery(ann.clone(), "first".to_owned());
    let farewell = now(directory.set_login(&proof, &login("second"), START)).unwrap();
    assert!(farewell.departed.last);
    assert!(sessions(directory, &ann, START).is_empty());
}

fn reset(directory: &impl Directory, token: &str, at: Millis) -> Result<Farewell, DirectoryError> {
    now(directory.set_login(&Proof::Reset(token.to_owned()), &login("second"), at))
}

pub fn a_reset_token_is_good_once_and_for_an_hour(directory: &impl Directory) {
    let ann = ann(directory);
    assert_eq!(now(directory.offer_reset(&ann, "one", START)), Ok(START + RESET));
    assert_eq!(reset(directory, "one", START + RESET).err(), Some(DirectoryError::Ended));
    assert_eq!(reset(directory, "other", START).err(), Some(DirectoryError::Ended));
    assert_eq!(ended(&reset(directory, "one", START + RESET - 1).unwrap()), [session_id(1)]);
    assert_eq!(reset(directory, "one", START).err(), Some(DirectoryError::Ended));
}

pub fn a_newer_reset_token_or_password_ends_the_older_token(directory: &impl Directory) {
    let ann = ann(directory);
    now(directory.offer_reset(&ann, "one", START)).unwrap();
    now(directory.offer_reset(&ann, "two", START)).unwrap();
    assert_eq!(reset(directory, "one", START).err(), Some(DirectoryError::Ended));
    change(directory, &ann, "first").unwrap();
    assert_eq!(reset(directory, "two", START).err(), Some(DirectoryError::Ended));
}

pub fn whoever_is_blocked_has_no_session_and_gets_none(directory: &impl Directory) {
    let ann = ann(directory);
    let farewell = now(directory.block(&ann, START)).unwrap();
    assert_eq!((ended(&farewell), farewell.departed.last), (vec![session_id(1)], true));
    assert!(now(directory.account(&name("Ann").key())).unwrap().unwrap().blocked);
    assert_eq!(open(directory, &ann, 2, START), Err(DirectoryError::Ended));
    now(directory.unblock(&ann)).unwrap();
    assert_eq!(open(directory, &ann, 2, START), Ok(()));
}

pub fn a_guest_can_be_blocked_by_who_they_are(directory: &impl Directory) {
    let bo = guest(2);
    now(directory.publish(&publication("Lobby", START, vec![Change::Visited(bo.clone())]), START)).unwrap();
    let farewell = now(directory.block(&bo, START)).unwrap();
    assert_eq!(ended(&farewell), [SessionId::of_guest(&bo)]);
    assert_eq!(farewell.rooms.len(), 1);
    let wanted = Registration { guest: Some(SessionId::of_guest(&bo)), ..registration("Bo", 2) };
    assert_eq!(now(directory.register(&wanted, START)), Err(DirectoryError::Blocked));
}

pub fn nobody_unknown_is_reset_or_blocked(directory: &impl Directory) {
    assert_eq!(now(directory.offer_reset(&guest(9), "one", START)), Err(DirectoryError::Unknown));
    assert_eq!(now(directory.block(&guest(9), START)).err(), Some(DirectoryError::Unknown));
    assert_eq!(now(directory.unblock(&guest(9))), Ok(()));
}
