/* The rich text editor hides the field that a label names. This gives the label's name, and its click, to the editor, and
   after a paste says below it what was left out. */
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const label = textarea.labels[0];
  const help = document.getElementById(`${textarea.id}_helptext`);
  const attributes = { "aria-multiline": "true" };
  if (label) {
    label.id ||= `${textarea.id}_label`;
    label.addEventListener("click", () => editor.commands.focus());
    attributes["aria-labelledby"] = label.id;
  }
  if (help) attributes["aria-describedby"] = help.id;
  const notice = document.createElement("p");
  notice.className = "help left-out";
  notice.setAttribute("role", "status");
  textarea.closest(".prose-editor").after(notice);

  const transformPastedHTML = (html) => {
    const paste = new Paste(html), clean = paste.html;
    const said = Object.entries(paste.left).map(([kind, number]) => `${textarea.dataset[kind]} (${number})`);
    notice.textContent = said.length ? `${textarea.dataset.leftOut} ${said.join(", ")}.` : "";
    return clean;
  };
  const transformPastedText = (text) => {
    notice.textContent = "";
    return text;
  };
  editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes, transformPastedHTML, transformPastedText } });
});
