// Letters of the on-page keyboard as people of each language find them; a language without a layout types on English's.

const DIGITS = "1 2 3 4 5 6 7 8 9 0";
const LAST = "{shift} {space} {done}";

const LETTERS = {
  en: ["q w e r t y u i o p", "a s d f g h j k l", "z x c v b n m . - {bksp}"],
  de: ["q w e r t z u i o p ü", "a s d f g h j k l ö ä", "y x c v b n m ß . - {bksp}"],
  es: ["q w e r t y u i o p", "a s d f g h j k l ñ", "z x c v b n m . - {bksp}", "á é í ó ú ü ç '"],
  fr: ["a z e r t y u i o p", "q s d f g h j k l m", "w x c v b n ' . - {bksp}", "é è ê ë à â ç î ï ô ù"],
};

/** Both states of the keyboard, as simple-keyboard wants them. */
export function layout(language) {
  const rows = [DIGITS, ...(LETTERS[language] ?? LETTERS.en)];
  return { default: [...rows, LAST], shift: [...rows.map(capitals), LAST] };
}

function capitals(row) {
  return row.split(" ").map((key) => (key.startsWith("{") || key === "ß" ? key : key.toUpperCase())).join(" ");
}
