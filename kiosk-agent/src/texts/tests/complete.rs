//! Nothing is missing and nothing is left over.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Language, Yen};

use super::messages;
use crate::screens::{Notice, Step};
use crate::texts::{Key, Label};

/// Every key that the program asks for, with its arguments.
fn asked_for() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for (key, arguments) in [Label::DECLARED, Step::DECLARED, Notice::DECLARED].concat() {
        let arguments = arguments.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(keys.insert(key, arguments), None, "{key} twice");
    }
    keys
}

#[test]
fn each_language_has_exactly_the_texts_that_are_asked_for() {
    let asked_for: BTreeSet<_> = asked_for().into_keys().map(str::to_owned).collect();
    for language in Language::ALL {
        let there: BTreeSet<_> = messages(language).into_keys().collect();
        let missing: Vec<_> = asked_for.difference(&there).collect();
        let unused: Vec<_> = there.difference(&asked_for).collect();
        assert!(missing.is_empty(), "{}: no {missing:?}", language.tag());
        assert!(unused.is_empty(), "{}: unused {unused:?}", language.tag());
    }
}

#[test]
fn each_text_takes_the_same_arguments_in_every_language() {
    let asked_for = asked_for();
    for language in Language::ALL {
        for (key, written) in messages(language) {
            let declared = &asked_for[key.as_str()];
            assert_eq!(&written.arguments, declared, "{}: {key}", language.tag());
        }
    }
}

#[test]
fn what_is_to_be_done_is_said_in_every_language_or_in_none() {
    let japanese = messages(Language::Japanese);
    for language in Language::ALL {
        for (key, written) in messages(language) {
            let says = |attribute: &str| written.attributes.contains(attribute);
            assert_eq!(
                says("do"),
                japanese[&key].attributes.contains("do"),
                "{}: {key}",
                language.tag()
            );
            let is_recorded = matches!(language, Language::Japanese | Language::English);
            assert!(!says("spoken") || is_recorded, "{}: {key}", language.tag());
            let known = written
                .attributes
                .iter()
                .all(|it| it == "do" || it == "spoken");
            assert!(known, "{}: {key}", language.tag());
        }
    }
}

#[test]
fn numbers_follow_the_rules_of_the_language() {
    let tries = |tries| Step::WrongPin { tries }.to(Language::English);
    assert!(tries(2).ends_with("2 tries left."), "{}", tries(2));
    let copies = |copies, language| Label::CopiesCount { copies }.to(language);
    assert_eq!(copies(1, Language::English), "1 copy");
    assert_eq!(copies(1, Language::Portuguese), "1 cópia");
    assert_eq!(copies(3, Language::Portuguese), "3 cópias");
    assert_eq!(copies(3, Language::EasyJapanese), "3枚（まい）");
    let fee = Label::ForFee { fee: Yen(1200) };
    assert_eq!(fee.to(Language::Japanese), "1200円");
}
