/** Remembers the visitor's text size in this browser, so that the next page opens in it. */
const KEY = "text-size";
const radios = [...document.querySelectorAll("[data-text-size] input")];

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be switched off: the sizes still work on the page
  }
}

function remember(size) {
  try {
    localStorage.setItem(KEY, size);
  } catch {
    // as above
  }
}

function restore() {
  const radio = radios.find((each) => each.value === remembered());
  if (radio) radio.checked = true;
}

restore();
addEventListener("pageshow", restore); // a page that comes back whole may still show an older choice
for (const radio of radios) radio.addEventListener("change", () => remember(radio.value));
