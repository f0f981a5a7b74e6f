/* Tables of pasted text: the rows of one that shows data, with the cells that are shown; none of one that only arranges a
   page. The rules are those of twinning/core/fields/tables.py. */
const spanOf = (element, name) => {
  const value = element.getAttribute(name) ?? "";
  return /^\d{4}/.test(value) || /^\d+$/.test(value) ? Math.min(Math.max(1, Number(value.slice(0, 4))), 100) : 1;
};

const rowsOfData = (table, rules) => {
  const isHidden = (element) => Boolean(whyHidden(element, styleOf(element, rules)));
  const rows = [...table.rows].filter((row) => !isHidden(row));
  const arranges = ["none", "presentation"].includes(table.getAttribute("role")) || table.querySelector("table, h1, h2, h3, h4, h5, h6");
  if (rows.length < 2 || arranges) return [];
  const hidden = hiddenColumns(table, isHidden);
  let below = new Map();
  const placed = rows.map((row, number) => {
    below = new Map([...below].filter(([, left]) => left > 1).map(([column, left]) => [column, left - 1]));
    const cells = placedCells(row, below, hidden, isHidden);
    const isHead = row.parentElement.localName === "thead" || (number === 0 && areBold(cells, rules));
    const width = [...below.keys()].filter((column) => !hidden.has(column)).length;
    return [isHead ? cells.map(([, ...rest]) => ["th", ...rest]) : cells, width];
  });
  const widest = Math.max(...placed.map(([, width]) => width));
  return widest < 2 ? [] : placed.map(([cells, width]) => [...cells, ...Array(widest - width).fill(["td", "", null])]);
};

const hiddenColumns = (table, isHidden) => {
  const hidden = new Set();
  let at = 0;
  for (const column of table.querySelectorAll("col")) {
    for (let last = at + spanOf(column, "span"); at < last; at += 1) {
      if (isHidden(column) || column.getAttribute("width") === "0") hidden.add(at);
    }
  }
  return hidden;
};

const placedCells = (row, below, hidden, isHidden) => {
  const cells = [];
  let at = 0;
  for (const cell of row.cells) {
    while (below.has(at)) at += 1;
    const wide = spanOf(cell, "colspan"), high = spanOf(cell, "rowspan");
    let shown = 0;
    for (let last = at + wide; at < last; at += 1) {
      below.set(at, high);
      shown += !hidden.has(at);
    }
    const spans = (shown > 1 ? ` colspan=${shown}` : "") + (high > 1 ? ` rowspan=${high}` : "");
    if (shown && !isHidden(cell)) cells.push([cell.localName, spans, cell]);
  }
  return cells;
};

/* Whether all text of a row is bold: a row of headers, in programs that have no others. */
const areBold = (cells, rules) => {
  const parts = (element, outer) => {
    const style = styleOf(element, rules);
    if (whyHidden(element, style)) return [];
    const marks = marksWithin(element, style, outer);
    return [...element.childNodes].flatMap((child) =>
      child.nodeType === Node.ELEMENT_NODE ? parts(child, marks) : child.nodeType === Node.TEXT_NODE && child.data.trim() ? [marks.bold] : []);
  };
  const found = cells.flatMap(([, , cell]) => parts(cell, {}));
  return found.length > 0 && found.every(Boolean);
};
