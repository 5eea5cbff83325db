//! Everything that reads what comes from outside, fed by chance: rubbish, and what is right with something wrong in it.

#[path = "../support/claims.rs"]
mod claims;

use claims::CLAIMS;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

/// What is right somewhere: the golden files, and a word or two of each other kind.
fn seeds() -> Vec<String> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = ["frames/client", "frames/server"].iter().flat_map(|folder| golden.join(folder).read_dir().unwrap());
    let mut seeds: Vec<_> = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let others = [
        "Ann",
        "你好 lobby",
        "e\u{301}\u{302}",
        "👩‍👩‍👧‍👦",
        "__Host-hihi=a.b.c; hihi=d.e.f; x",
        r#"{"name":"Tea","description":"hot","access":"private"}"#,
        r#"{"username":"Ann","salt":"BwcHBwcHBwcHBwcHBwcHBw==","rounds":600000,"key":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="}"#,
        r#"{"p":"01111111111111111111","n":"Ann","k":"guest","s":"01111111111111111111","i":1,"e":2,"a":false}"#,
        r#"{"result":["a",1,null]}"#,
        r#"[{"result":1},{"error":"ERR x"}]"#,
        r#"{"username":"ann","msg":"hi","seq":3}"#,
        "lobby/messages?before=5&limit=100&since=3&epoch=0123456789ab",
        "2001:db8::1",
        "-1",
        r#"[1,"lobby"]"#,
    ];
    seeds.extend(others.map(str::to_owned));
    seeds
}

/// Characters that mean something to somebody: to JSON, to addresses, to Unicode.
fn odd() -> impl Strategy<Value = String> {
    let odd = "\0\u{1b}\r\n\t \"\\{}[]:,;=.%/?*&+-#eE019\u{ad}\u{300}\u{301}\u{200b}\u{200d}\u{202e}\u{2066}\u{fe0f}\u{feff}\u{fffd}\u{fdfa}ıßﬁAaА字🍵👍\u{e000}\u{10ffff}";
    let odd: Vec<char> = odd.chars().collect();
    let odd = prop_oneof![4 => proptest::sample::select(odd), 1 => any::<char>()];
    proptest::collection::vec(odd, 0..40).prop_map(|characters| characters.into_iter().collect())
}

/// A seed with a piece cut out, something odd in its place, and perhaps all of it many times.
fn altered() -> impl Strategy<Value = String> {
    let parts =
        (proptest::sample::select(seeds()), any::<(u8, u8)>(), odd(), prop_oneof![9 => Just(1), 1 => 1..200_usize]);
    parts.prop_map(|(seed, (from, length), odd, times)| {
        let characters: Vec<char> = seed.chars().collect();
        let from = usize::from(from) % (characters.len() + 1);
        let until = (from + usize::from(length) % 12).min(characters.len());
        let altered: String =
            characters[..from].iter().copied().chain(odd.chars()).chain(characters[until..].iter().copied()).collect();
        altered.repeat(times)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_from_outside_panics_nobody_and_what_is_read_keeps_its_limits(
        input in prop_oneof![2 => odd(), 3 => altered(), 1 => proptest::sample::select(seeds())],
    ) {
        for (_, claim) in CLAIMS {
            claim(&input);
        }
    }
}

#[test]
fn every_claim_has_a_fuzz_target_and_a_seed_that_it_reads() {
    let targets = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    let mut targets: Vec<_> = targets.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    targets.sort();
    let names: Vec<_> = targets.iter().map(|file| file.file_stem().unwrap().to_str().unwrap()).collect();
    let mut claims: Vec<_> = CLAIMS.iter().map(|(name, _)| *name).collect();
    claims.sort_unstable();
    assert_eq!(names, claims);
    let read = |reads: &dyn Fn(&str) -> bool| seeds().iter().any(|seed| reads(seed));
    assert!(read(&|seed| hihichat::protocol::client::ClientFrame::parse(seed).is_ok()));
    assert!(read(&|seed| hihichat::protocol::account::Register::parse(seed).is_ok()));
    assert!(read(&|seed| hihichat::redis::reply::list(200, seed, 2).is_ok()));
    assert!(read(&|seed| hihichat::archive::entry::read(seed, "1").is_some()));
}

#[test]
fn of_a_field_that_is_there_twice_the_last_one_counts_as_in_browsers() {
    use hihichat::protocol::client::ClientFrame;
    let twice = r#"{"type":"send","type":"typing"}"#;
    assert_eq!(ClientFrame::parse(twice), Ok(ClientFrame::Typing));
}
