// The page's script. What things look like is the server's business: when something happens, the page is asked for
// again and what differs is changed in place. What a button does is written on it (data-do, data-body) and is a call
// of the JSON API. The one thing drawn here is a refusal, since it answers a question that only the API is asked.

const $ = (selector, from = document) => from.querySelector(selector);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** An element with attributes and children. Text is always a text node: no name can become markup. */
function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child != null && child !== false));
  return made;
}

function icon(name) {
  const source = $(`#page use[href$="#pen"], #page use[href$="#leave"]`).getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${source}#${name}`);
  svg.append(use);
  return svg;
}

// --- Changing what differs --------------------------------------------------------------------------------------

// What the reader has done and the server does not know: an open menu, a name being edited, a button at work.
const KEPT = new Set(["open", "data-editing", "data-new", "aria-busy"]);

/** Make `old` like `now`, touching only what differs: focus, selections and half-typed fields stay. */
function morph(old, now) {
  if (old.isEqualNode(now)) return;
  if (old.id?.startsWith("event-")) return; // what the log has said stays said, under the names of then
  if (old.nodeName !== now.nodeName || old.id !== now.id) return void old.replaceWith(now);
  if (old.nodeType !== Node.ELEMENT_NODE) return void (old.data = now.data);
  for (const { name } of [...old.attributes]) {
    if (!now.hasAttribute(name) && !KEPT.has(name)) old.removeAttribute(name);
  }
  for (const { name, value } of now.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  // Children with an id are the same thing wherever they stand; those that are gone go first, so that none moves.
  const present = new Set([...now.children].map((child) => child.id).filter(Boolean));
  const known = new Map();
  for (const child of [...old.children]) {
    if (!child.id) continue;
    if (present.has(child.id)) known.set(child.id, child);
    else child.remove();
  }
  let at = old.firstChild;
  for (const child of [...now.childNodes]) {
    const twin = child.id ? known.get(child.id) : at && !at.id && at.nodeName === child.nodeName ? at : null;
    if (!twin) {
      if (child.id) child.dataset.new = ""; // it arrives: the style may show that
      old.insertBefore(child, at);
      continue;
    }
    if (twin === at) at = at.nextSibling;
    else old.insertBefore(twin, at);
    morph(twin, child);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

let drawing = false;
let wanted = false;

/** Ask for the page again, soon: a burst of events is one question. */
async function refresh() {
  wanted = true;
  if (drawing) return;
  drawing = true;
  while (wanted) {
    await sleep(60);
    wanted = false;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (new URL(answer.url).pathname === "/login") return void location.assign("/login");
      if (!answer.ok) continue; // whatever it is, the next event asks again
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!$("#page", page)) continue;
      document.title = page.title;
      morph($("#page"), document.adoptNode($("#page", page)));
      wind();
      if (asked) await look();
    } catch {
      // The line is down; the stream of events says so, and asks when it is up.
    }
  }
  drawing = false;
}

// --- The clock --------------------------------------------------------------------------------------------------

let clock = { now: 0, rate: 0, at: 0 };

const reading = () => clock.now + (performance.now() - clock.at) * clock.rate;

/** Set our clock by the server's, unless they differ by no more than an answer's way here. */
function wind() {
  const { now, rate } = $("#page").dataset;
  const fresh = { now: Number(now), rate: Number(rate), at: performance.now() };
  const slack = 400 * Math.max(1, fresh.rate);
  if (fresh.rate !== clock.rate || Math.abs(fresh.now - reading()) > slack) clock = fresh;
  tick();
}

function tick() {
  const [day, date, month, year, time] = new Date(reading()).toUTCString().replace(",", "").split(" ");
  const write = (id, text) => {
    const place = document.getElementById(id);
    if (place && place.textContent !== text) place.textContent = text;
  };
  write("time", time);
  write("date", `${day} ${Number(date)} ${month} ${year}`);
}

// --- Asking the API ---------------------------------------------------------------------------------------------

/** The answer's value, or throws the problem (RFC 9457) that the API describes. */
async function ask(method, path, body) {
  let answer;
  try {
    const headers = { "X-Pbxsim-CSRF": document.body.dataset.csrf ?? "" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw { title: "The server cannot be reached", detail: "Nothing was changed. Is it still running?" };
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  if (answer.status === 401) location.assign("/login");
  throw await answer.json().catch(() => ({ title: answer.statusText, detail: "The server gave no reason." }));
}

/** Say what went wrong, where it is seen and heard. */
function note(problem) {
  const faults = (problem.errors ?? []).map((fault) => `${fault.pointer.slice(1)}: ${fault.message}`);
  const told = [problem.detail, ...faults].filter(Boolean);
  const made = el("div", { class: "note" },
    el("p", { class: "name" }, problem.title ?? "That did not work"),
    told.map((line) => el("p", {}, line)),
    el("button", { type: "button", class: "bare", title: "Close", "data-close": "note" }, icon("cross"),
      el("span", { class: "hidden" }, "Close")));
  $("#notes").append(made);
  setTimeout(() => made.remove(), 12_000);
}

/** Do something for a button or form, once at a time, and show it. */
async function busy(element, work) {
  if (element.getAttribute("aria-busy")) return false;
  element.setAttribute("aria-busy", "true");
  try {
    await work();
    return true;
  } catch (problem) {
    if (problem instanceof Error) throw problem;
    if (problem.blockers?.length) await refuse(problem);
    else note(problem);
    return false;
  } finally {
    element.removeAttribute("aria-busy");
    refresh();
  }
}

/** What is written on a button or a form. */
async function act(element) {
  const [method, path] = element.dataset.do.split(" ");
  const typed = element.matches("form") ? Object.fromEntries(new FormData(element)) : undefined;
  const body = typed ?? (element.dataset.body ? JSON.parse(element.dataset.body) : undefined);
  const done = await busy(element, () => ask(method, path, body));
  if (done && element.matches(".edit")) stopEditing(element.closest("[data-editing]"), false);
}

// --- Deleting, and what is in the way ---------------------------------------------------------------------------

// The question the dialog is about. `seen` keeps every blocker that was ever in the way, so that what has been cleared
// is ticked off rather than vanishing.
let asked = null;

const dialog = $("#dialog");
const keyOf = (blocker) => [blocker.kind, blocker.id, blocker.version].join("/");
const GROUPS = { login: "Logged in", queue: "In queues", callflow: "In callflows" };

/** Ask before deleting: a dry run tells whether it may be, and what is in the way. */
async function remove(button) {
  const { delete: path, what, then } = button.dataset;
  asked = { path, what, then, seen: new Map(), problem: null };
  await busy(button, look);
  if (asked && !dialog.open) dialog.showModal();
}

/** A refusal of anything else: shown alike, but there is nothing to try again. */
async function refuse(problem) {
  if (asked) return note(problem);
  asked = { path: "", what: "", then: "", seen: new Map(), problem: null };
  await weigh(problem);
  dialog.showModal();
}

/** Try again without doing it, and draw what is in the way by now. */
async function look() {
  if (!asked?.path) return;
  const question = asked;
  let problem = null;
  try {
    await ask("DELETE", `${question.path}?dry_run=true`);
  } catch (refusal) {
    problem = refusal;
  }
  if (problem?.status === 404 || problem?.status === 410) dialog.close();
  else if (asked === question) await weigh(problem);
}

async function weigh(problem) {
  const question = asked;
  question.problem = problem;
  for (const blocker of question.seen.values()) blocker.cleared = true;
  for (const blocker of problem?.blockers ?? []) {
    const way = await wayOut(blocker);
    question.seen.set(keyOf(blocker), { ...blocker, cleared: false, way });
  }
  if (asked === question) draw();
}

/** What can be done here about a blocker: the API's own request, or what the page knows besides. */
async function wayOut(blocker) {
  const { request, kind, id } = blocker;
  if (request) {
    const words = { login: "Log the app out", queue: "Remove from the queue" };
    return [{ text: words[kind] ?? `Delete version ${blocker.version}`, do: `${request.method} ${request.path}` }];
  }
  const phone = $(`.phone[data-device="${CSS.escape(id)}"]`);
  if (kind === "login" && phone) {
    const off = phone.dataset.phase === "off";
    return off
      ? [{ text: "One hour later", do: "POST /api/v1/clock", body: { advance: "PT1H" } }]
      : [{ text: "Factory-reset the phone", do: `POST /api/v1/phones/${phone.id.slice(6)}/factory-reset` }];
  }
  return kind === "callflow" && blocker.status === "ACTIVE" && asked.path ? waysOutOf(blocker) : [];
}

/** Out of a version in service: a new version without the user, or another callflow for its numbers. */
async function waysOutOf(blocker) {
  const [, account, user] = asked.path.match(/^(.*)\/users\/([^/]+)$/) ?? [];
  if (!account) return [];
  const path = `${account}/callflows/${encodeURIComponent(blocker.id)}`;
  const [callflow, boxes] = await Promise.all([ask("GET", path), ask("GET", `${account}/mailboxes?limit=1000`)]);
  const gone = new Set([user, ...boxes.items.filter((box) => box.owner === user).map((box) => box.id)]);
  const version = callflow.versions.find((one) => one.version === blocker.version);
  const root = version && without(version.root, gone);
  const ways = [];
  if (root) ways.push({ text: "Make a new version without this user", path, root });
  const form = $(`#callflow-${CSS.escape(blocker.id)} form.reassign`);
  if (form) ways.push({ form });
  return ways;
}

/** A callflow's tree without these ids; a node that rings nobody any more is left out. null if nothing remains. */
function without(node, gone) {
  if (!node) return null;
  if (gone.has(node.mailbox)) return null;
  const then = without(node.then, gone);
  if (!node.users) return node;
  const users = node.users.filter((id) => !gone.has(id));
  return users.length ? { ...node, users, then } : then;
}

/** A draft, made Available at once: the numbers follow. */
async function replace({ path, root }) {
  const draft = await ask("POST", `${path}/versions`, { root });
  await ask("POST", `${path}/versions/${draft.version}/make-available`);
}

const minutes = (iso) => Math.max(1, Math.round((Date.parse(iso) - reading()) / 60_000));

function meta(blocker) {
  if (blocker.version) {
    return [el("span", { class: "status", "data-status": blocker.status }, blocker.status),
      el("span", { class: "quiet" }, `version ${blocker.version}`)];
  }
  if (blocker.login === "app") return [el("span", { class: "quiet" }, "app")];
  return blocker.expires ? [el("span", { class: "quiet" }, `registered, ${minutes(blocker.expires)} min left`)] : [];
}

function remedies(blocker) {
  return (blocker.way ?? []).map((way, index) => {
    const id = `way-${keyOf(blocker).replaceAll(/\W/g, "-")}-${index}`;
    if (way.form) {
      const form = way.form.cloneNode(true);
      form.id = id;
      for (const part of form.querySelectorAll("[id], [for]")) {
        if (part.id) part.id = `${id}-to`;
        if (part.htmlFor) part.htmlFor = `${id}-to`;
      }
      return form;
    }
    const button = el("button", { type: "button", class: "small", id, "data-do": way.do,
      "data-body": way.body && JSON.stringify(way.body), "data-replace": way.root && keyOf(blocker) }, way.text);
    return button;
  });
}

function item(blocker) {
  return el("li", { id: `blocker-${keyOf(blocker).replaceAll(/\W/g, "-")}`, class: "blocker", "data-cleared": blocker.cleared },
    el("span", { class: "sign" }, icon(blocker.cleared ? "check" : blocker.kind in GROUPS ? blocker.kind : "cross")),
    el("div", {},
      el("div", { class: "told" },
        el("p", { class: "name" }, el("bdi", {}, blocker.name), " ", blocker.cleared ? null : meta(blocker)),
        blocker.cleared
          ? el("p", { class: "quiet" }, blocker.version ? `Version ${blocker.version}: cleared` : "Cleared")
          : el("p", { class: "do" }, el("bdi", {}, blocker.do))),
      blocker.cleared ? null : el("div", { class: "acts" }, remedies(blocker))));
}

/** The dialog: what was asked, everything in the way with what to do about each, and how far one has come. */
function draw() {
  const { problem, seen, what, then, path } = asked;
  const all = [...seen.values()];
  const done = all.filter((blocker) => blocker.cleared).length;
  const free = !problem;
  const title = problem?.title ?? (all.length ? `Nothing holds ${what} any more` : `Delete ${what}?`);
  const kinds = [...new Set(all.map((blocker) => blocker.kind))];
  const order = Object.keys(GROUPS);
  kinds.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const made = el("div", { class: "sheet" },
    el("header", {},
      el("h2", { id: "dialog-title", tabindex: "-1" }, title),
      el("p", { class: "quiet" }, free ? `${then} This cannot be undone.` : problem.detail),
      all.length > 0 && path && el("div", { class: "progress" },
        el("div", { class: "steps", "aria-hidden": "true" },
          all.map((_, index) => el("i", { "data-done": index < done }))),
        el("p", { class: "quiet", "aria-live": "polite" }, `${done} of ${all.length} cleared`))),
    el("div", { class: "groups" }, kinds.map((kind) => el("section", { id: `group-${kind}` },
      el("h3", {}, GROUPS[kind] ?? kind),
      el("ul", {}, all.filter((blocker) => blocker.kind === kind).map(item))))),
    el("footer", {},
      problem?.rule && el("p", { class: "quiet rule" }, "Rule ", el("code", {}, problem.rule),
        problem.source?.title && ` · ${problem.source.title}`),
      el("div", { class: "ends" },
        el("button", { type: "button", class: "button", "data-close": "dialog" }, free ? "Keep" : "Close"),
        path && el("button", { type: "button", class: "button grave", id: "sure", disabled: !free }, "Delete"))));
  if (dialog.firstElementChild) morph(dialog.firstElementChild, made);
  else dialog.append(made);
}

dialog.addEventListener("close", () => {
  asked = null;
  dialog.replaceChildren();
});

// --- What the reader does ---------------------------------------------------------------------------------------

function edit(row) {
  row.dataset.editing = "";
  const field = $("input", row);
  field.focus();
  field.select();
}

function stopEditing(row, undo) {
  if (undo) $("form.edit", row).reset();
  delete row.dataset.editing;
  $("[data-edit]", row).focus();
}

function clicked(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || event.target.closest("button")) menu.open = false;
  }
  if (event.target === dialog) return dialog.close(); // the backdrop
  const button = event.target.closest("button");
  if (!button || button.disabled) return;
  const { do: does, replace: key, delete: deletes, edit: row, close } = button.dataset;
  if (key) {
    const way = asked.seen.get(key).way.find((one) => one.root);
    busy(button, () => replace(way));
  } else if (does) act(button);
  else if (deletes) remove(button);
  else if (row) edit(document.getElementById(row));
  else if ("cancel" in button.dataset) stopEditing(button.closest("[data-editing]"), true);
  else if (close === "note") button.closest(".note").remove();
  else if (close === "dialog") dialog.close();
  else if (button.id === "sure") busy(button, () => ask("DELETE", asked.path)).then((done) => done && dialog.close());
}

document.addEventListener("click", clicked);
document.addEventListener("submit", (event) => {
  if (!event.target.dataset.do) return;
  event.preventDefault();
  act(event.target);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || dialog.open) return;
  const menu = event.target.closest("details.menu[open]");
  const row = event.target.closest("[data-editing]");
  if (menu) {
    menu.open = false;
    $("summary", menu).focus();
  } else if (row) stopEditing(row, true);
});

// --- What happens -----------------------------------------------------------------------------------------------

/** Listen to the world. The browser connects again by itself and resumes after the last event that it heard. */
function listen() {
  const stream = new EventSource("/api/v1/events");
  for (const kind of document.body.dataset.kinds.split(" ")) stream.addEventListener(kind, refresh);
  let down = 0;
  stream.onopen = () => {
    clearTimeout(down);
    $("#offline").hidden = true;
    refresh();
  };
  stream.onerror = () => {
    clearTimeout(down);
    down = setTimeout(() => ($("#offline").hidden = false), 1500);
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, 3000); // the server refused: perhaps the session has ended, and then the page says so
    refresh();
  };
}

wind();
listen();
setInterval(tick, 100);
setInterval(() => document.hidden || refresh(), 15_000); // somebody else may have moved the clock
