/** Follows a review until it is over, by reading its own page again; a focused button stays where it is. */

const EVERY_MILLISECONDS = 1000;
const announcement = document.getElementById("announcement");

follow();

async function follow() {
  while (!("final" in current().dataset)) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MILLISECONDS));
    if (!document.hidden) await look();
  }
}

async function look() {
  try {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    // Without its review the page says why: expired, signed out, or not reachable.
    if (page.getElementById("review")) update(page.getElementById("review"));
    else location.reload();
  } catch {
    announcement.textContent = "The connection was lost; trying again.";
  }
}

function update(fresh) {
  if (fresh.dataset.status !== current().dataset.status) {
    current().replaceWith(fresh);
    if ("final" in fresh.dataset) announce(fresh);
    return;
  }
  current().querySelector("progress").replaceWith(fresh.querySelector("progress"));
  current().querySelector("[data-progress-text]").textContent =
    fresh.querySelector("[data-progress-text]").textContent;
  announcement.textContent = "";
}

function announce(fresh) {
  announcement.textContent = `The review is ${fresh.dataset.status}.`;
  document.getElementById("result-heading")?.focus();
}

function current() {
  return document.getElementById("review");
}
