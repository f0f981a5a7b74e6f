/* The address that a name makes while it is typed, in place of Django's, which knows fewer letters. A name in another
   script gets its address when it is saved: twinning/core/addresses.py. */
const LETTERS = { "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "'": "", "’": "" };

const addressOf = (name, most) => {
  const plain = name.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[đðøłßæœþı'’]/g, (letter) => LETTERS[letter]);
  if (/\p{L}/u.test(plain.replace(/[a-z]/g, ""))) return "";
  return plain.replace(/[^a-z0-9]+/g, "-").slice(0, most).replace(/^-+|-+$/g, "");
};

document.addEventListener("DOMContentLoaded", () => {
  window.URLify = addressOf;
});
