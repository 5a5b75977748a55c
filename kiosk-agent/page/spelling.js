// Finding a municipality by its name, as typed on the screen: kana or roman letters.

/// The fifty sounds, a row of the table each; a blank is no key.
export const KANA_KEYS = [
  "あいうえお",
  "かきくけこ",
  "さしすせそ",
  "たちつてと",
  "なにぬねの",
  "はひふへほ",
  "まみむめも",
  "や ゆ よ",
  "らりるれろ",
  "わをんー ",
];

/// The letters in the order of the alphabet, which needs no practice.
export const LETTER_KEYS = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz"];

const PLAIN = {
  が: "か", ぎ: "き", ぐ: "く", げ: "け", ご: "こ",
  ざ: "さ", じ: "し", ず: "す", ぜ: "せ", ぞ: "そ",
  だ: "た", ぢ: "ち", づ: "つ", で: "て", ど: "と",
  ば: "は", び: "ひ", ぶ: "ふ", べ: "へ", ぼ: "ほ",
  ぱ: "は", ぴ: "ひ", ぷ: "ふ", ぺ: "へ", ぽ: "ほ",
  ぁ: "あ", ぃ: "い", ぅ: "う", ぇ: "え", ぉ: "お",
  ゃ: "や", ゅ: "ゆ", ょ: "よ", っ: "つ", ゎ: "わ",
};

/// Kana without voicing and size, so that nobody has to look for ゛ or a small っ; roman letters
/// without marks and case.
export function plain(text) {
  return [...text.normalize("NFKC").toLowerCase()]
    .map((letter) =>
      letter >= "ァ" && letter <= "ヶ"
        ? String.fromCodePoint(letter.codePointAt(0) - 0x60)
        : letter,
    )
    .map((letter) => PLAIN[letter] ?? letter)
    .join("")
    .normalize("NFD")
    .replace(/[\u0300-\u036f\u3099\u309a\u309b\u309c]/g, "");
}

/// Whether an entry's name, kana or roman name begins so.
export function matches(entry, typed) {
  const wanted = plain(typed);
  return [entry.name, entry.kana, entry["roman-name"]].some(
    (name) => name && plain(name).startsWith(wanted),
  );
}
