/* Puts into the form of a record what the page "What the public sees" finds, as soon as it has looked. */
const look = async (box) => {
  const { href } = box.querySelector("a");
  try {
    const page = new DOMParser().parseFromString(await (await fetch(href)).text(), "text/html");
    const found = page.querySelector("[data-seen]");
    if (found) box.replaceChildren(found);
  } catch {
    // No connection: the link to the page stays.
  }
};

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-public]").forEach(look);
});
