// One record: fires hooks, shows cards, tells the service what became of them, and opens Tacit in the frame.
const list = document.getElementById("cards");
const said = document.getElementById("cards-said");
const { patient, csrf } = list.dataset;
const WORDS = { info: "ℹ Information", warning: "⚠ Warning", critical: "✖ Critical" };

function element(name, content = {}, ...children) {
  const made = Object.assign(document.createElement(name), content);
  made.append(...children);
  return made;
}

async function send(path, body) {
  const response = await fetch(`/patients/${patient}/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ csrf, ...body }),
  });
  return response.json();
}

// A safe part of GitHub Flavored Markdown: paragraphs, lists, quotes, bold and links. Never HTML.
function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|\[[^\]]+\]\(https?:[^)\s]+\))/).map((part) => {
    const link = /^\[([^\]]+)\]\((https?:[^)\s]+)\)$/.exec(part);
    if (link) return element("a", { href: link[2], target: "_blank", rel: "noopener noreferrer" }, link[1]);
    return part.startsWith("**") ? element("strong", {}, part.slice(2, -2)) : part;
  });
}

function block(text) {
  const lines = text.split("\n");
  if (lines.every((line) => line.startsWith("- "))) {
    return element("ul", {}, ...lines.map((line) => element("li", {}, ...inline(line.slice(2)))));
  }
  if (lines.every((line) => line.startsWith(">"))) {
    return element("blockquote", {}, ...inline(lines.map((line) => line.replace(/^> ?/, "")).join(" ")));
  }
  return element("p", {}, ...inline(lines.join(" ")));
}

function launch(appContext) {
  const form = document.getElementById("launch-form");
  form.elements.app_context.value = appContext;
  form.requestSubmit(form.querySelector("button"));
}

function done(item, card, words, feedback) {
  item.replaceChildren(element("p", {}, words));
  send("feedback", { service: card.service, card: card.uuid, ...feedback });
}

function suggestions(item, card) {
  return (card.suggestions ?? []).map((suggestion) =>
    element("button", {
      onclick: () => done(item, card, `Accepted: ${suggestion.label}`, { outcome: "accepted", suggestion: suggestion.uuid }),
    }, suggestion.label));
}

function override(item, card) {
  const reasons = card.overrideReasons ?? [];
  if (!reasons.length) return [];
  const select = element("select", { ariaLabel: "Reason for overriding" }, element("option", { value: "" }, "Reason"),
    ...reasons.map((reason, index) => element("option", { value: String(index) }, reason.display)));
  const button = element("button", {
    className: "quiet",
    onclick: () => {
      const chosen = reasons[select.value];
      done(item, card, "Overridden", { outcome: "overridden", reason: chosen && { code: chosen.code, system: chosen.system } });
    },
  }, "Override");
  return [select, button];
}

function links(card) {
  return (card.links ?? []).map((link) => link.type === "smart"
    ? element("button", { className: "quiet", onclick: () => launch(link.appContext ?? "") }, link.label)
    : element("a", { href: link.url, target: "_blank", rel: "noopener noreferrer" }, link.label));
}

function show(card) {
  const item = element("li", { className: `card ${card.indicator}` });
  const source = card.source.url
    ? element("a", { href: card.source.url, target: "_blank", rel: "noopener noreferrer" }, card.source.label)
    : card.source.label;
  item.append(
    element("p", { className: "indicator" }, WORDS[card.indicator]),
    element("h3", {}, card.summary),
    ...(card.detail ?? "").split(/\n\n+/).filter(Boolean).map(block),
    element("p", { className: "source" }, "Source: ", source),
    element("p", { className: "actions" }, ...suggestions(item, card), ...override(item, card), ...links(card)),
  );
  return item;
}

let newest = 0;

async function fire(hook, more = {}) {
  const turn = ++newest;
  said.textContent = "Asking Tacit …";
  const begun = performance.now();
  const { cards = [], problem } = await send(`hooks/${hook}`, more).catch(() => ({ problem: "The EHR does not answer." }));
  if (turn !== newest) return; // a later hook has fired meanwhile: these cards are out of date
  const took = Math.round(performance.now() - begun);
  list.replaceChildren(...cards.map(show));
  said.textContent = problem ?? `${cards.length || "No"} ${cards.length === 1 ? "card" : "cards"} for ${hook} in ${took} ms`;
}

const medicine = document.getElementById("medicine");
const sign = document.getElementById("sign");
medicine.addEventListener("change", () => {
  sign.disabled = !medicine.value;
  if (medicine.value) fire("order-select", { order: medicine.value });
});
document.getElementById("order-form").addEventListener("submit", (event) => {
  event.preventDefault();
  document.getElementById("order-said").textContent = "Signing … the demo keeps no order.";
  fire("order-sign", { order: medicine.value });
});
document.getElementById("encounter").addEventListener("click", () => fire("encounter-start"));
document.getElementById("launch-form").addEventListener("submit", (event) => {
  const toTab = event.submitter?.formTarget === "_blank";
  if (!toTab) document.getElementById("app").hidden = false;
});
fire("patient-view");
