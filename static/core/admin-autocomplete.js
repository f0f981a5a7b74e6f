/* Select2 replaces a field and forgets its label. This names the parts that stand in for it. */
const nameParts = (select) => {
  const label = select.labels[0];
  const box = select.nextElementSibling;
  if (!label || !box) return;
  label.id ||= `${select.id}_label`;
  for (const part of box.querySelectorAll("[role='textbox'], .select2-search__field")) {
    part.setAttribute("aria-labelledby", label.id);
  }
  const single = box.querySelector(".select2-selection--single");
  single?.setAttribute("aria-labelledby", `${label.id} ${single.querySelector("[role='textbox']").id}`);
};

const nameList = ({ target }) => {
  const box = target.nextElementSibling.querySelector("[role='combobox']");
  box.setAttribute("aria-controls", box.getAttribute("aria-owns"));
  for (const part of document.querySelectorAll(".select2-container--open :is(.select2-search__field, [role='listbox'], [role='tree'])")) {
    part.setAttribute("aria-labelledby", target.labels[0].id);
  }
};

/* A photo is chosen by its picture, which then stands in its row. */
const withPicture = ({ picture, text }) => {
  if (!picture) return text;
  const shown = Object.assign(document.createElement("span"), { className: "with-picture", textContent: text });
  shown.prepend(Object.assign(new Image(), { src: picture, alt: "" }));
  return shown;
};

const showPicture = ({ target, params }) => {
  if (!params.data.picture) return;
  const place = target.closest(".inline-related")?.querySelector(".field-picture .readonly");
  place?.replaceChildren(Object.assign(new Image(), { src: params.data.picture, alt: "", className: "thumbnail" }));
};

django.jQuery?.fn.select2?.defaults.set("templateResult", withPicture);
document.addEventListener("DOMContentLoaded", () => {
  // jQuery calls back in the order of asking: Select2 is there by then.
  django.jQuery(() => document.querySelectorAll("select.admin-autocomplete").forEach(nameParts));
  document.addEventListener("formset:added", ({ target }) => {
    target.querySelectorAll("select.admin-autocomplete").forEach(nameParts);
  });
  django.jQuery(document).on("select2:open", nameList).on("select2:select", showPicture);
});
