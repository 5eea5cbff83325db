//! The documents against the code.

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
const DOCUMENTS: [&str; 6] =
    ["README.md", "docs/README.zh-CN.md", "ARCHITECTURE.md", "SECURITY.md", "docs/protocol.md", "docs/redis.md"];

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
