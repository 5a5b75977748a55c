//! The words of the kiosk in every language: Fluent files in `texts/`, one for each.
//!
//! A text is asked for by a key that has a type: a variant of an enum made by [`keys!`], with the
//! arguments that the text takes. A key that no file has, a text that no key asks for, and a
//! language that lacks one fail the tests (`texts/tests/`, ADR 0022).

mod argument;
mod keys;
mod labels;
mod prefectures;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use domain::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub(crate) use argument::Argument;
pub(crate) use keys::keys;
pub(crate) use labels::Label;
pub(crate) use prefectures::PREFECTURES;

/// A text and its arguments.
pub(crate) trait Key {
    /// Every key of this kind, with the names of its arguments.
    const DECLARED: &'static [(&'static str, &'static [&'static str])];

    /// Its name in the files.
    fn name(&self) -> &'static str;

    /// The arguments, by name.
    fn arguments(&self) -> FluentArgs<'_>;

    /// The text.
    fn to(&self, language: Language) -> String {
        written(self.name(), None, &self.arguments(), language).unwrap_or_default()
    }

    /// What to do, where the text says so: its attribute `do`. Lines as in the file.
    fn to_do(&self, language: Language) -> Option<String> {
        written(self.name(), Some("do"), &self.arguments(), language)
    }
}

/// Arguments by name; for [`keys!`].
pub(crate) fn arguments<'a, const N: usize>(
    given: [(&'static str, FluentValue<'a>); N],
) -> FluentArgs<'a> {
    given.into_iter().collect()
}

/// The file of a language.
pub(crate) const fn source(language: Language) -> &'static str {
    match language {
        Language::Japanese => include_str!("../../texts/ja.ftl"),
        Language::EasyJapanese => include_str!("../../texts/ja-x-easy.ftl"),
        Language::English => include_str!("../../texts/en.ftl"),
        Language::SimplifiedChinese => include_str!("../../texts/zh-Hans.ftl"),
        Language::Korean => include_str!("../../texts/ko.ftl"),
        Language::Vietnamese => include_str!("../../texts/vi.ftl"),
        Language::Portuguese => include_str!("../../texts/pt.ftl"),
    }
}

/// By whose rules numbers are put into words. Fluent's identifiers know no private use, as in
/// `ja-x-easy`; its plural rules are those of Japanese.
fn plural_rules(language: Language) -> LanguageIdentifier {
    let tag = match language {
        Language::EasyJapanese => Language::Japanese.tag(),
        Language::Japanese
        | Language::English
        | Language::SimplifiedChinese
        | Language::Korean
        | Language::Vietnamese
        | Language::Portuguese => language.tag(),
    };
    // An identifier of no language has the plainest rules there are.
    tag.parse().unwrap_or_default()
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; Language::ALL.len()]> =
    LazyLock::new(|| Language::ALL.map(bundle));

fn bundle(language: Language) -> Bundle {
    // Lines that do not parse are left out here; the tests find every one.
    let resource =
        FluentResource::try_new(source(language).to_owned()).unwrap_or_else(|(parsed, _)| parsed);
    let mut bundle = Bundle::new_concurrent(vec![plural_rules(language)]);
    // Every language is written from left to right: no marks around what is put in.
    bundle.set_use_isolating(false);
    // Doubled keys: the first stands, and the tests find them.
    let _ = bundle.add_resource(resource);
    bundle
}

/// The text of this name, or an attribute of it; `None` where the file has none.
pub(crate) fn written(
    name: &str,
    attribute: Option<&str>,
    arguments: &FluentArgs<'_>,
    language: Language,
) -> Option<String> {
    let place = Language::ALL.iter().position(|it| *it == language)?;
    let message = BUNDLES.get(place)?.get_message(name)?;
    let pattern = match attribute {
        None => message.value()?,
        Some(attribute) => message.get_attribute(attribute)?.value(),
    };
    // What cannot be put in stands as its name; the tests let no text ask for anything else.
    let mut errors = Vec::new();
    let text = BUNDLES
        .get(place)?
        .format_pattern(pattern, Some(arguments), &mut errors);
    Some(text.into_owned())
}
