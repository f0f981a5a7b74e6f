/* The address that a name makes while it is typed, in place of Django's, which knows fewer letters. A name in another
   script gets its address when it is saved: twinning/core/addresses.py. */
const LETTERS = { "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "'": "", "’": "" };

const addressOf = (name, most) => {
  const plain = name.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[đðøłßæœþı'’]/g, (letter) => LETTERS[letter]);
  if (/\p{L}/u.test(plain.replace(/[a-z]/g, ""))) return "";
  return plain.replace(/[^a-z0-9]+/g, "-").slice(0, most).replace(/^-+|-+$/g, "");
};

/* A form that comes back with something wrong has an address already: it still follows the name, if that made it. */
const followAgain = ({ id, dependency_ids: [source], maxLength }) => {
  const [address, name] = [id, source].map((one) => document.querySelector(one));
  if (!address?.value || address.value !== addressOf(name.value, maxLength)) return;
  const follow = () => { address.value = addressOf(name.value, maxLength); };
  name.addEventListener("input", follow);
  address.addEventListener("input", () => name.removeEventListener("input", follow));
};

document.addEventListener("DOMContentLoaded", () => {
  window.URLify = addressOf;
  const { prepopulatedFields } = document.getElementById("django-admin-prepopulated-fields-constants")?.dataset ?? {};
  // What is saved has its address: others may know it.
  if (location.pathname.endsWith("/add/")) JSON.parse(prepopulatedFields ?? "[]").forEach(followAgain);
});
