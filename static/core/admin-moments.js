/* Browsers send a day without a time as nothing at all, and nothing can mean "at once". This stops the form instead. */
document.addEventListener("submit", (event) => {
  const half = [...event.target.elements].find((field) => field.validity?.badInput);
  if (!half) return;
  event.preventDefault();
  const folded = half.closest("details");
  if (folded) folded.open = true;
  half.reportValidity();
});
