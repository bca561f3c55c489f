/**
 * The only script of a page: search within lists and tables, the key `/`, and open details in print. No value is in it, so that its hash is the same for
 * all pages. It reads texts and sets `hidden`, `open` and texts, and never makes HTML.
 */
export const pageScript = `
"use strict";
for (const box of document.querySelectorAll("input[type=search]")) {
  const items = [...document.getElementById(box.getAttribute("aria-controls")).children].map((item) => [item, item.textContent.toLowerCase()]);
  const said = document.getElementById(box.getAttribute("aria-describedby"));
  const usual = said.textContent;
  const search = () => {
    const words = box.value.toLowerCase().split(/\\s+/).filter((word) => word !== "");
    let shown = 0;
    for (const [item, text] of items) {
      item.hidden = !words.every((word) => text.includes(word));
      if (!item.hidden) shown++;
    }
    said.textContent = words.length === 0 ? usual : shown + " of " + items.length + " match";
  };
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    box.value = "";
    search();
  });
  box.closest("[hidden]").hidden = false;
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input")) return;
  const boxes = [...document.querySelectorAll("input[type=search]")];
  const box = boxes.find((each) => each.getBoundingClientRect().bottom > 0) || boxes.at(-1);
  if (box === undefined) return;
  event.preventDefault();
  box.focus();
});
const openTarget = () => {
  const target = location.hash === "" ? null : document.getElementById(location.hash.slice(1));
  const folded = target === null ? null : target.closest("details");
  if (folded !== null) folded.open = true;
};
addEventListener("hashchange", openTarget);
openTarget();
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
`
