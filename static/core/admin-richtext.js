/* The rich text editor hides the field that a label names. This gives the label's name, and its click, to the editor,
   and takes styles out of what is pasted: the content security policy would complain of each of them. */
const withoutStyles = (html) =>
  html.replace(/<[^>]+>/g, (tag) => tag.replace(/\sstyle=("[^"]*"|'[^']*'|[^\s>]+)/gi, ""));

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
  editor.setOptions({ editorProps: { ...editor.options.editorProps, attributes, transformPastedHTML: withoutStyles } });
});
