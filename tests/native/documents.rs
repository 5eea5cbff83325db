//! The documents against the code.

use crate::support::world::{send, World};
use hihichat::sql::Sql;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn read(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

fn is_setting(name: &str) -> bool {
    name.len() > 3 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

const READMES: [&str; 2] = ["README.md", "docs/README.zh-CN.md"];
const DOCUMENTS: [&str; 10] = [
    "README.md",
    "docs/README.zh-CN.md",
    "ARCHITECTURE.md",
    "SECURITY.md",
    "docs/benchmarks.md",
    "docs/cost.md",
    "docs/protocol.md",
    "docs/redis.md",
    "docs/reliability.md",
    "docs/scale.md",
];

#[test]
fn the_table_of_settings_in_the_readme_is_the_code_s() {
    let source = read("src/config.rs");
    let code = source.split("#[cfg(test)]").next().unwrap();
    let read_in_code: BTreeSet<&str> = code.split('"').filter(|word| is_setting(word)).collect();
    let table = rows("README.md");
    let settings = table.iter().map(String::as_str).filter(|name| is_setting(name));
    assert_eq!(settings.collect::<BTreeSet<_>>(), read_in_code);
}

/// Where a document's own links lead, from the root, without what comes after `#`.
fn links(document: &str) -> BTreeSet<String> {
    let folder = Path::new(document).parent().unwrap();
    let text = read(document);
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    links
        .map(|link| match link.strip_prefix("../") {
            _ if link.starts_with("https://") => link.to_owned(),
            Some(above) => above.to_owned(),
            None => folder.join(link).to_str().unwrap().to_owned(),
        })
        .map(|link| link.split('#').next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_file_the_documents_lead_to_exists() {
    for document in DOCUMENTS {
        for link in links(document).iter().filter(|link| !link.starts_with("https://")) {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(), "{document} leads to {link}");
        }
    }
}

/// The lines between "```sh" and "```", block by block.
fn commands(document: &str) -> Vec<Vec<String>> {
    let text = read(document);
    let blocks = text.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    blocks.map(|block| block.lines().map(str::to_owned).collect()).collect()
}

/// What stands as code at the beginning of each row of a table.
fn rows(document: &str) -> Vec<String> {
    let text = read(document);
    text.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned())).collect()
}

#[test]
fn the_chinese_readme_has_the_commands_settings_and_links_of_the_english_one() {
    let [english, chinese] = READMES;
    assert!(commands(english).len() >= 5);
    assert_eq!(commands(chinese), commands(english));
    assert!(rows(english).iter().any(|row| is_setting(row)));
    assert_eq!(rows(chinese), rows(english));
    let to_others = |readme| links(readme).into_iter().filter(|link| !READMES.contains(&link.as_str()));
    assert!(links(english).contains(chinese) && links(chinese).contains(english));
    assert_eq!(to_others(chinese).collect::<BTreeSet<_>>(), to_others(english).collect());
}

#[test]
fn the_keys_in_the_document_about_redis_are_the_code_s_and_each_has_an_example() {
    let source = read("src/redis/keys.rs");
    let code: BTreeSet<&str> =
        source.split('"').skip(1).step_by(2).filter(|text| text.starts_with("hihi:") || text.ends_with('-')).collect();
    assert!(code.len() >= 20 && code.contains("msg-"), "{code:?}");
    let document = read("docs/redis.md");
    let table = document.split("\n| key |").nth(1).unwrap().split("\n\n").next().unwrap();
    let mut shown = Vec::new();
    for row in table.lines().skip(2) {
        let cells: Vec<&str> = row.trim_matches(['|', ' ']).split(" | ").collect();
        assert!(cells.len() == 3 && cells[2].contains('`'), "no example: {row}");
        shown.push(cells[0].trim_matches('`').split('{').next().unwrap());
    }
    assert_eq!(shown.len(), code.len(), "a key has two rows");
    assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), code);
    // Wherever else one is named it has to be one of these too.
    let words = document.split(|c: char| c.is_whitespace() || "`\"'()|,;.".contains(c));
    for word in words.filter(|word| word.starts_with("hihi:")) {
        let is = |key: &&str| word == *key || (key.ends_with(':') && word.starts_with(key));
        assert!(code.iter().any(is), "{word}");
    }
}

#[test]
fn every_native_test_that_architecture_names_exists() {
    let architecture = read("ARCHITECTURE.md");
    let named =
        architecture.split('`').filter(|word| word.contains("::") && word.starts_with(|c: char| c.is_lowercase()));
    let mut count = 0;
    for (module, test) in named.filter_map(|word| word.split_once("::")).filter(|(_, test)| test.contains('_')) {
        assert!(read(&format!("tests/native/{module}.rs")).contains(&format!("fn {test}(")), "{module}::{test}");
        count += 1;
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn each_of_the_43_cases_that_broke_other_chats_is_in_security_and_each_test_named_there_exists() {
    let security = read("SECURITY.md");
    let table = security.split("\n| | case | held by |\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().skip(1).map(|row| row.trim_matches(['|', ' ']).split(" | ").collect()).collect();
    let numbers: Vec<_> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(numbers, (1..=43).map(|number: u32| number.to_string()).collect::<Vec<_>>());
    for row in rows {
        let [number, case, held] = row[..] else { panic!("{row:?}") };
        assert!(case.len() > 10, "{row:?}");
        for place in held.split("; ") {
            let (file, test) =
                place.trim_matches('`').split_once("`: `").unwrap_or_else(|| panic!("{number}: {place}"));
            let is_there = match file.ends_with(".rs") {
                true => read(file).contains(&format!("fn {test}(")),
                false => read(file).contains(&format!("test('{test}'")),
            };
            assert!(is_there, "{number}: no {test} in {file}");
        }
    }
}

#[test]
fn the_money_in_the_documents_is_what_the_counted_figures_come_to() {
    use crate::price::{table, DAYS, WIDE};
    for (document, table) in [("docs/cost.md", table(&DAYS)), ("docs/scale.md", table(&WIDE))] {
        assert!(read(document).contains(&table), "`scripts/cost --price` says for {document}:\n{table}");
    }
}

#[test]
fn what_the_document_about_scale_says_of_relays_is_what_their_simulation_says() {
    for table in crate::relays::tables() {
        assert!(read("docs/scale.md").contains(&table), "`cargo test --quiet --bench relays` says:\n{table}");
    }
}

#[test]
fn a_room_and_a_message_take_on_disk_what_the_documents_say() {
    const MESSAGES: i64 = 4_000;
    let mut world = World::new();
    let owner = world.owner.clone();
    let pages = |world: &World| {
        let page = |what| world.core.log().sql().first(what, &[]).unwrap().unwrap().integer(0).unwrap();
        page("PRAGMA page_count") * page("PRAGMA page_size")
    };
    let before = pages(&world);
    assert_eq!(before, crate::price::EMPTY_ROOM);
    for number in 0..MESSAGES {
        // An id as the page makes it.
        let id = format!("01234567-89ab-4cde-8f01-{number:012}");
        world.core.post(&owner, &send(&id, &"a word ".repeat(9)[..60]), world.now).unwrap();
    }
    let each = (pages(&world) - before) / MESSAGES;
    assert!((each - crate::price::STORED).abs() <= 10, "{each} bytes a message");
}
