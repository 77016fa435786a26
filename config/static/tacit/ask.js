/** Asks without leaving the page, and shows each part of the answer as it comes, as HTML from the server. */

import "./counter.js";
import "./in_context.js";
import { eventsOf } from "./events.js";

const form = document.getElementById("ask-form");
const cancel = document.getElementById("cancel");
const progress = document.getElementById("progress");
const problem = document.getElementById("problem");
const answer = document.getElementById("answer");
const heading = document.getElementById("answer-heading");

const NEXT = {
  facts: "The chart is read. Working out scores…",
  safety: "Medicines are checked. Searching the evidence…",
  evidence: "Sources are found. Wording and checking statements…",
};
let running = null;
let lastMode = "thorough";

form.addEventListener("submit", (event) => {
  event.preventDefault();
  // "Try again" has no mode of its own.
  if (!running) ask(event.submitter ? event.submitter.value || lastMode : "thorough");
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
// An answer about one patient must not stand under the name of another.
form.elements.patient.addEventListener("change", () => {
  running?.abort();
  clear();
});
cancel.addEventListener("click", () => running?.abort());

async function ask(mode) {
  lastMode = mode;
  const asking = (running = new AbortController());
  begin();
  try {
    const response = await fetch(form.dataset.stream, {
      method: "POST",
      body: new URLSearchParams([...new FormData(form), ["mode", mode]]),
      signal: asking.signal,
    });
    if (await isRefused(response)) return;
    let last = "";
    for await (const { name, html } of eventsOf(response.body)) {
      if (asking.signal.aborted) break;
      show(name, html);
      last = name;
    }
    if (asking.signal.aborted) stopped();
    else if (last === "receipt") finish();
    else if (last !== "problem") fail(copyOf("connection-lost"));
  } catch (error) {
    if (asking.signal.aborted) stopped();
    else fail(copyOf("connection-lost"));
  } finally {
    running = null;
    cancel.hidden = true;
    answer.removeAttribute("aria-busy");
  }
}

async function isRefused(response) {
  if (response.redirected) fail(copyOf("session-ended"));
  else if (!response.ok) fail(problemOn(await response.text()));
  else return false;
  return true;
}

function begin() {
  if (problem.contains(document.activeElement)) form.elements.question.focus();
  clear();
  const { patient, question } = form.elements;
  answer.querySelector('[data-asked="patient"]').textContent = patient.selectedOptions[0].textContent;
  answer.querySelector('[data-asked="question"]').textContent = question.value.trim();
  heading.textContent = "Answer, in progress";
  answer.setAttribute("aria-busy", "true");
  answer.hidden = cancel.hidden = false;
  say("Reading the chart…");
  progress.parentElement.scrollIntoView({ block: "start" });
}

function clear() {
  problem.replaceChildren();
  answer.hidden = true;
  for (const part of answer.querySelectorAll("[data-part]")) part.replaceChildren();
  for (const section of answer.querySelectorAll(".part")) section.hidden = true;
  say("");
}

function show(name, html) {
  if (name === "problem") return fail(problemOn(html));
  const part = answer.querySelector(`[data-part="${name}"]`);
  part.insertAdjacentHTML("beforeend", html);
  part.closest(".part")?.removeAttribute("hidden");
  say(name === "claim" ? `Checked: ${statements()}. More may follow…` : (NEXT[name] ?? ""));
}

function finish() {
  heading.textContent = "Answer";
  say(answer.querySelector(".claim") ? `Done: ${statements()}.` : "Done.");
  if (!document.querySelector("dialog[open]")) heading.focus({ preventScroll: true });
}

function stopped() {
  interrupted();
  if (!answer.hidden) say("Cancelled. What is shown is not the whole answer.");
  if (document.activeElement === cancel) form.elements.question.focus();
}

function fail(message) {
  interrupted();
  say("");
  problem.replaceChildren(message, copyOf("try-again"));
}

function interrupted() {
  const isEmpty = !answer.querySelector("[data-part] > *");
  heading.textContent = "Incomplete answer";
  answer.hidden ||= isEmpty;
}

function statements() {
  const count = answer.querySelectorAll(".claim").length;
  return count === 1 ? "1 statement" : `${count} statements`;
}

function say(text) {
  progress.textContent = text;
}

function copyOf(id) {
  return document.getElementById(id).content.cloneNode(true);
}

function problemOn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  // On a page of its own a problem's title is the first heading; here the page has one.
  for (const title of page.querySelectorAll("[data-problem] h1")) {
    title.outerHTML = `<p class="problem-title">${title.innerHTML}</p>`;
  }
  return page.querySelector("[data-problem]") ?? copyOf("connection-lost");
}
