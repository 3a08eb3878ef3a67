// The page that reads and tries the API: finds operations, sends what was filled in, shows what came back.
// Whatever a server answers is put on the page as text, never as markup.
"use strict";

const field = (id) => document.getElementById(id);

function open(id) {
  const found = id && document.getElementById(id);
  if (found && found.matches("details")) {
    found.open = true;
    found.scrollIntoView();
  }
}

function find() {
  const words = field("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const chapter of document.querySelectorAll(".chapter")) {
    let here = 0;
    for (const one of chapter.querySelectorAll(".op")) {
      const text = `${one.id} ${one.querySelector("summary").textContent}`.toLowerCase();
      one.hidden = !words.every((word) => text.includes(word));
      here += !one.hidden;
    }
    chapter.hidden = here === 0;
    shown += here;
  }
  field("none").hidden = shown > 0;
}

function address(form, operation) {
  let path = operation.dataset.path;
  const query = new URLSearchParams();
  for (const input of form.querySelectorAll("input")) {
    const [kind, name] = input.name.split(".");
    if (kind === "path") path = path.replace(`{${name}}`, encodeURIComponent(input.value));
    if (kind === "query" && input.value) query.set(name, input.value);
  }
  if (operation.dataset.method !== "GET" && field("dry").checked) query.set("dry_run", "true");
  return query.size ? `${path}?${query}` : path;
}

async function send(form) {
  const operation = form.closest(".op");
  const body = form.querySelector("textarea");
  const headers = {};
  if (field("token").value) headers.Authorization = `Bearer ${field("token").value.trim()}`;
  if (field("world").value) headers["X-Pbxsim-World"] = field("world").value.trim();
  if (body && body.value.trim()) headers["Content-Type"] = body.dataset.media;
  const began = performance.now();
  const path = address(form, operation);
  const answer = await fetch(path, {
    method: operation.dataset.method,
    headers,
    body: body && body.value.trim() ? body.value : undefined,
    signal: AbortSignal.timeout(30000),
  });
  const shown = answer.headers.get("Content-Type")?.startsWith("text/event-stream")
    ? "A stream of events: read it with curl -N, or an EventSource."
    : await answer.text();
  show(form, operation.dataset.method, path, answer, shown, performance.now() - began);
}

function show(form, method, path, answer, text, took) {
  const line = document.createElement("div");
  line.className = "line";
  const status = document.createElement("span");
  status.className = `status s${String(answer.status)[0]}`;
  status.textContent = answer.status;
  line.append(status, `${method} ${path}`, ` ${took.toFixed(0)} ms`);
  for (const name of ["Location", "ETag"]) {
    if (answer.headers.has(name)) line.append(` ${name}: ${answer.headers.get(name)}`);
  }
  const output = form.querySelector("output");
  output.replaceChildren(line);
  if (text) {
    const block = document.createElement("pre");
    block.textContent = pretty(text);
    output.append(block);
  }
  const rule = ruleOf(text);
  if (rule) {
    const link = document.createElement("a");
    link.href = rule;
    link.textContent = "What the rule says";
    output.append(link);
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function ruleOf(text) {
  try {
    const { type } = JSON.parse(text);
    return typeof type === "string" && type.startsWith("/rules/") ? type : "";
  } catch {
    return "";
  }
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (!form.matches(".try")) return;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await send(form);
  } catch (error) {
    form.querySelector("output").textContent = `The server did not answer: ${error.message}`;
  } finally {
    button.disabled = false;
  }
});
field("find").addEventListener("input", find);
addEventListener("hashchange", () => open(location.hash.slice(1)));
open(location.hash.slice(1));
