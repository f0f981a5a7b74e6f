/* Beside a chooser: a button that adds a record to choose, in a dialog, so that nobody leaves the form for it. */
const { jQuery } = django;

/* Marks the record as chosen, and shows its picture where the row has room for one. */
function choose(select, { id, text, picture }) {
  select.append(new Option(text, id, true, true));
  jQuery(select).trigger("change").trigger({ type: "select2:select", params: { data: { id, text, picture } } });
}

function dialogFor(select, button) {
  const dialog = document.createElement("dialog");
  dialog.className = "in-place";
  dialog.setAttribute("aria-labelledby", "in-place-title");
  document.getElementById("content-start").append(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); button.focus(); });
  dialog.addEventListener("click", ({ target }) => { if (target.closest("[data-close]")) dialog.close(); });
  dialog.addEventListener("submit", async (event) => {
    event.preventDefault();
    const send = dialog.querySelector(".default");
    if (send.disabled) return;
    send.disabled = true;
    const answer = await ask(event.target.action, { method: "POST", body: new FormData(event.target) });
    send.disabled = false;
    if (answer?.headers.get("Content-Type").startsWith("application/json")) {
      choose(select, await answer.json());
      dialog.close();
    } else if (answer) show(dialog, await answer.text());
    else location.reload();
  });
  return dialog;
}

function show(dialog, html) {
  dialog.innerHTML = html;
  dialog.dispatchEvent(new CustomEvent("in-place:shown", { bubbles: true }));
  (dialog.querySelector(".errors :is(input, select, textarea)") ?? dialog.querySelector("input:not([type=hidden])")).focus();
}

/* An answer of this form; none where one has been signed out, or the site does not answer. */
async function ask(address, options) {
  const answer = await fetch(address, options).catch(() => null);
  return answer?.ok && !answer.redirected ? answer : null;
}

function furnish(select) {
  if (select.closest(".empty-form")) return;
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "button in-place", textContent: select.dataset.inPlaceWords,
  });
  button.addEventListener("click", async () => {
    const answer = await ask(select.dataset.inPlace);
    if (!answer) return location.reload();
    const dialog = dialogFor(select, button);
    dialog.showModal();
    show(dialog, await answer.text());
  });
  select.parentElement.append(button);
}

document.querySelectorAll("select[data-in-place]").forEach(furnish);
document.addEventListener("formset:added", ({ target }) => target.querySelectorAll("select[data-in-place]").forEach(furnish));
