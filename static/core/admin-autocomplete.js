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

document.addEventListener("DOMContentLoaded", () => {
  // jQuery calls back in the order of asking: Select2 is there by then.
  django.jQuery(() => document.querySelectorAll("select.admin-autocomplete").forEach(nameParts));
  document.addEventListener("formset:added", ({ target }) => {
    target.querySelectorAll("select.admin-autocomplete").forEach(nameParts);
  });
  django.jQuery(document).on("select2:open", nameList);
});
