/* Keeps what is typed into a form in this browser until it is saved, and offers it when the form is opened again.

   It is locked with a key that only pages for the same person bring. It goes when the form is saved, at log-out, and after
   a week; all of it at once where the site brings no key. */
const { key, reader, saved, office, logout } = document.querySelector("script[data-reader]").dataset;
const PREFIX = "twinning-unsaved:", WEEK = 7 * 24 * 60 * 60 * 1000, EVERY = 1000;
const here = `${PREFIX}${reader}:${location.pathname}${location.search}`;

let isLoggedOut = false; // nothing is written any more, not even what is just being encrypted

function forget(isOver) {
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    if (isOver(JSON.parse(localStorage.getItem(name)))) localStorage.removeItem(name);
  }
}

function tidy() {
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(`${saved}=`));
  const id = cookie?.slice(saved.length + 1);
  if (cookie) document.cookie = `${saved}=; Max-Age=0; Path=${office}`;
  forget((kept) => !key || kept.id === id || Date.now() - kept.at > WEEK);
  document.addEventListener("submit", ({ target }) => {
    if ((target.getAttribute("action") || location.pathname) !== logout) return;
    isLoggedOut = true;
    forget(() => true);
  });
}

/* Encrypts and decrypts with AES-GCM; what was changed, or locked with another key, is an error. */
async function locked() {
  const bytes = Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));
  const lock = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  const toText = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return {
    async close(text) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, lock, new TextEncoder().encode(text));
      return { iv: toText(iv), sealed: toText(sealed) };
    },
    async open({ iv, sealed }) {
      const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: toBytes(iv) }, lock, toBytes(sealed));
      return new TextDecoder().decode(opened);
    },
  };
}

/* What a form would send, without its buttons and what the site itself wrote into it. */
function typedInto(form) {
  const fields = [], files = [];
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) value.name && files.push(value.name);
    else if (name === "_version" || !(name.startsWith("_") || name === "csrfmiddlewaretoken")) fields.push([name, value]);
  }
  return { fields, files };
}

const asText = ({ fields, files }) => JSON.stringify([fields.filter(([name]) => name !== "_version"), files]);

function hidden(form, name, value) {
  const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
  form.append(field);
}

/* Sends what was kept back to the site, which shows the form with it and saves nothing. */
function show(form, { fields, files }) {
  const again = Object.assign(document.createElement("form"), { method: "post" });
  for (const name of ["csrfmiddlewaretoken", "_shown_to"]) hidden(again, name, form.elements[name].value);
  for (const [name, value] of fields) hidden(again, name, value);
  for (const name of files) hidden(again, "_files", name);
  hidden(again, "_show_unsaved", "on");
  document.body.append(again);
  again.submit();
}

async function offer(place, form, lock) {
  const kept = JSON.parse(localStorage.getItem(here));
  const typed = JSON.parse(await lock.open(kept).catch(() => "null"));
  if (!typed || asText(typed) === asText(typedInto(form))) return localStorage.removeItem(here);
  place.append(place.querySelector("template").content.cloneNode(true));
  place.querySelector("time").textContent = new Date(kept.at).toLocaleString(document.documentElement.lang);
  place.querySelector("[data-show]").addEventListener("click", () => show(form, typed));
  return new Promise((answered) => place.querySelector("[data-drop]").addEventListener("click", () => {
    localStorage.removeItem(here);
    place.querySelectorAll("p").forEach((line) => line.remove());
    form.querySelector("input:not([type=hidden]), textarea, select").focus();
    answered();
  }));
}

async function keep(place, form) {
  const lock = await locked(), id = crypto.randomUUID(), isTyped = "typed" in place.dataset;
  hidden(form, "_draft", id);
  if (!isTyped && localStorage.getItem(here)) await offer(place, form, lock);
  // The editors for rich text tidy what they are given: how the form began is known when somebody first touches it.
  let began = null, last = null;
  const begin = () => { began ??= isTyped ? "" : asText(typedInto(form)); };
  for (const touch of ["keydown", "pointerdown", "paste", "drop"]) form.addEventListener(touch, begin, { capture: true });
  const write = async () => {
    const typed = typedInto(form), text = asText(typed);
    if (isLoggedOut || began === null || text === (last ?? began)) return;
    last = text;
    if (text === began) return localStorage.removeItem(here);
    const closed = await lock.close(JSON.stringify(typed));
    if (!isLoggedOut) localStorage.setItem(here, JSON.stringify({ id, at: Date.now(), ...closed }));
  };
  if (isTyped) begin();
  setInterval(write, EVERY);
  form.addEventListener("submit", write);
  addEventListener("visibilitychange", write);
  form.dataset.keeps = "";
}

tidy();
const place = document.querySelector("[data-unsaved]");
if (place && key && crypto.subtle) keep(place, place.closest("form"));
