/** Files that are dragged onto the page. */

const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");

/** Files dropped on the node are handed to `take`; while they hover over it, it has the class "dropping". */
export function takeDrops(node, take) {
  const hover = (isOver) => node.classList.toggle("dropping", isOver);
  node.addEventListener("dragover", (event) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    hover(true);
  });
  node.addEventListener("dragleave", (event) => node.contains(event.relatedTarget) || hover(false));
  node.addEventListener("drop", (event) => {
    hover(false);
    if (!bringsFiles(event)) return;
    event.preventDefault();
    // A folder looks like a file until somebody reads it.
    const items = [...event.dataTransfer.items].filter((item) => !item.webkitGetAsEntry?.()?.isDirectory);
    take(items.map((item) => item.getAsFile()).filter(Boolean));
  });
}

/** A file that misses does not open in the place of the page. */
export function ignoreDrops() {
  for (const name of ["dragover", "drop"]) {
    addEventListener(name, (event) => {
      if (event.defaultPrevented || !bringsFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    });
  }
}
