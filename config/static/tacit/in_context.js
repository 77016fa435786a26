/** "Open in context" in a dialog of the same page; with a modifier key it stays an ordinary link. */

const dialog = document.getElementById("context");
const content = dialog.querySelector("[data-content]");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in-context]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

dialog.addEventListener("close", () => content.replaceChildren());

async function open(link) {
  content.replaceChildren(await sourceAt(link.href));
  dialog.showModal();
  dialog.querySelector("mark")?.scrollIntoView({ block: "center" });
}

async function sourceAt(address) {
  try {
    const response = await fetch(address);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.getElementById("source") ?? page.querySelector("[data-problem]") ?? unavailable();
  } catch {
    return unavailable();
  }
}

function unavailable() {
  return document.getElementById("source-unavailable").content.cloneNode(true);
}
