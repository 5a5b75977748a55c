//! How the texts are worded: scripts, jargon, length, and what must not be said.

use domain::Language;

use super::messages;
use crate::screens::{Notice, Step};
use crate::texts::{Key, Label};

/// What the PIN is called in every language: people look for these characters on their letter.
const PIN: &str = "券面事項入力補助用暗証番号";

/// Words of ours that are not a resident's.
const JARGON: [&str; 34] = [
    "HTTP",
    "TLS",
    "APDU",
    "JSON",
    "PDF",
    "ticket",
    "server",
    "challenge",
    "error",
    "session",
    "timeout",
    "token",
    "kiosk-agent",
    "null",
    "サーバ",
    "エラー",
    "通信",
    "セッション",
    "タイムアウト",
    "システム",
    "認証局",
    "服务器",
    "错误代码",
    "会话",
    "系统",
    "서버",
    "오류",
    "세션",
    "시스템",
    "máy chủ",
    "lỗi hệ thống",
    "servidor",
    "sessão",
    "erro do sistema",
];

fn is_kana(it: char) -> bool {
    matches!(it, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}')
}

fn is_han(it: char) -> bool {
    matches!(it, '\u{3400}'..='\u{9fff}')
}

fn is_hangul(it: char) -> bool {
    matches!(it, '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Characters that are written so in China only, and in Japan only: common ones of such texts.
const SIMPLIFIED: &str = "证发读请选币钱纸给时间这还说页错码续费领书话关于您没";
const JAPANESE_FORMS: &str = "証発読請選択紙時間続費機書話関際対応変録図単気";

#[test]
fn no_language_shows_the_script_of_another() {
    for language in Language::ALL {
        for (key, written) in messages(language) {
            let foreign = |it: char| match language {
                Language::Japanese | Language::EasyJapanese => {
                    is_hangul(it) || SIMPLIFIED.contains(it)
                }
                Language::SimplifiedChinese => {
                    is_kana(it) || is_hangul(it) || JAPANESE_FORMS.contains(it)
                }
                Language::Korean => is_kana(it) || is_han(it),
                Language::English | Language::Vietnamese | Language::Portuguese => {
                    is_kana(it) || is_han(it) || is_hangul(it)
                }
            };
            let found: String = written.text.chars().filter(|it| foreign(*it)).collect();
            assert_eq!(found, "", "{}: {key}", language.tag());
        }
    }
}

#[test]
fn no_text_uses_words_of_ours() {
    for language in Language::ALL {
        for (key, written) in messages(language) {
            let text = written.text.to_lowercase();
            for jargon in JARGON {
                let found = text.contains(&jargon.to_lowercase());
                assert!(!found, "{}: {key}: {jargon}", language.tag());
            }
        }
    }
}

#[test]
fn the_pin_has_its_japanese_name_in_every_language() {
    for language in Language::ALL {
        for text in [
            Step::EnterPin { tries: 2 }.to(language),
            Step::EnterPinLast.to(language),
            Step::WrongPin { tries: 2 }.to_do(language).unwrap(),
            Step::WrongPinLast.to_do(language).unwrap(),
            Step::Start.to_do(language).unwrap(),
            Notice::PinLocked.to(language),
            Label::AskPin.to(language),
        ] {
            assert!(text.contains(PIN), "{}: {text}", language.tag());
        }
    }
}

#[test]
fn buttons_are_called_what_they_say() {
    for language in Language::ALL {
        let start = Step::Start.to_do(language).unwrap();
        assert!(start.contains(&Label::Begin.to(language)), "{start}");
        let another = Step::Another.to_do(language).unwrap();
        assert!(another.contains(&Label::Finish.to(language)), "{another}");
    }
}

#[test]
fn a_lookup_that_failed_is_not_shown_as_no_doses() {
    for language in Language::ALL {
        let failed = Notice::CannotLookUpNow.to(language);
        let neutral = Notice::AskTheCounter.to(language);
        assert_ne!(failed, neutral);
        assert!(!failed.contains(char::is_numeric), "{failed}");
        // Two sentences: the second says that this does not mean that there are none.
        let sentences = failed.split(['。', '.']).filter(|it| !it.trim().is_empty());
        assert_eq!(sentences.count(), 2, "{failed}");
    }
}

/// It tells nothing: not whether somebody is registered, protected, or has doses.
#[test]
fn the_neutral_answer_names_no_reason() {
    let reasons = [
        "記録",
        "登録",
        "一致",
        "保護",
        "record",
        "register",
        "match",
        "protect",
        "记录",
        "登记",
        "保护",
        "기록",
        "등록",
        "보호",
        "hồ sơ",
        "đăng ký",
        "bảo vệ",
        "registro",
        "protegid",
    ];
    for language in Language::ALL {
        let neutral = Notice::AskTheCounter;
        let text = neutral.to(language) + neutral.to_do(language).unwrap().as_str();
        for reason in reasons {
            assert!(!text.to_lowercase().contains(reason), "{text}: {reason}");
        }
    }
}

#[test]
fn japanese_is_short() {
    for (key, written) in messages(Language::Japanese) {
        let heading = written.heading.chars().count();
        assert!(heading <= 50, "{key}: {heading}");
        for line in written.text.split(['。', '\n']) {
            assert!(line.chars().count() <= 45, "{key}: {line}");
        }
        for chain in [
            "させていただ",
            "いただけますでしょうか",
            "おります",
            "存じ",
            "何卒",
        ] {
            assert!(!written.text.contains(chain), "{key}: {chain}");
        }
    }
}

/// Every word in kanji has its reading behind it, where it first stands in a text.
#[test]
fn easy_japanese_can_be_read_without_kanji() {
    for (key, written) in messages(Language::EasyJapanese) {
        let mut explained = String::new();
        let mut rest = written.text.as_str();
        while let Some(start) = rest.find(is_han) {
            let word = &rest[start..];
            let length = word.find(|it| !is_han(it)).unwrap_or(word.len());
            let (kanji, after) = word.split_at(length);
            let after_kana = after.trim_start_matches(is_kana);
            let known = kanji.chars().all(|it| explained.contains(it));
            assert!(known || after_kana.starts_with('（'), "{key}: {kanji}");
            explained.push_str(kanji);
            rest = after;
        }
        for chain in [
            "くださいませ",
            "いただ",
            "ございます。",
            "でしょうか",
            "おります",
        ] {
            assert!(!written.text.contains(chain), "{key}: {chain}");
        }
    }
}
