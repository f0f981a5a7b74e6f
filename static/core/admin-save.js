/* Saving from the keyboard, which stays where one is and says so; and a question before text that is not saved is left. */
const form = document.querySelector("[data-unsaved]")?.closest("form");
const PLACE = "twinning-saved-at", SOON = 30_000;

/* What the form would send, without what the site itself wrote into it. */
function typed() {
  const sent = [...new FormData(form)].filter(([name]) => !name.startsWith("_") && name !== "csrfmiddlewaretoken");
  return JSON.stringify(sent.map(([name, value]) => [name, value.name ?? value]));
}

function askBeforeLeaving() {
  let began = "typed" in form.querySelector("[data-unsaved]").dataset ? "" : null, isSent = false;
  const begin = () => { began ??= typed(); };
  for (const touch of ["keydown", "pointerdown", "paste", "drop"]) form.addEventListener(touch, begin, { capture: true });
  form.addEventListener("submit", () => { isSent = true; });
  addEventListener("pageshow", () => { isSent = false; });
  addEventListener("beforeunload", (event) => {
    if (!isSent && began !== null && typed() !== began) event.preventDefault();
  });
}

function saveByKey(said) {
  const button = form.querySelector("[name='_continue']") ?? form.querySelector(".submit-row [name='_save']");
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s" || !button) return;
    event.preventDefault();
    const place = { form: form.id, at: Date.now(), y: scrollY, focus: document.activeElement.id };
    sessionStorage.setItem(PLACE, JSON.stringify(place));
    said.textContent = said.dataset.saving;
    form.requestSubmit(button);
    if (!form.checkValidity()) said.textContent = "";
  });
}

/* Back to where one was when the form comes back saved; what has to be corrected is shown from the top. */
function comeBack(said) {
  const place = JSON.parse(sessionStorage.getItem(PLACE));
  sessionStorage.removeItem(PLACE);
  if (!place || place.form !== form.id || Date.now() - place.at > SOON || document.querySelector(".errornote")) return;
  scrollTo(0, place.y);
  if (place.focus) document.getElementById(place.focus)?.focus({ preventScroll: true });
  said.textContent = `${said.dataset.saved} ${new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" })}`;
}

/* The link to a place inside something folded opens it; that to a text leads to its editor, which stands in for it. */
function unfold() {
  const place = document.getElementById(location.hash.slice(1));
  for (let folded = place?.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
  if (place?.labels?.length && !place.offsetParent) place.labels[0].click();
}

addEventListener("hashchange", unfold);
if (form) {
  const said = form.querySelector(".submit-row .saved");
  askBeforeLeaving();
  if (said) saveByKey(said);
  if (said) addEventListener("load", () => comeBack(said));
}
