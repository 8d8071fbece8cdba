// Single keys for the review queue. Every key presses a button of a form that is on the page; without this file, all
// of them can be pressed by hand. The page leaves the file out where the editor switched keyboard actions off.
(() => {
  "use strict";
  const cards = [...document.querySelectorAll(".card")];
  const notice = document.getElementById("notice");
  const batch = document.getElementById("batch");
  let busy = false; // a form is on its way: a second key must not send another

  const here = () => document.activeElement.closest(".card");
  const go = (card) => { if (card) { card.focus(); card.scrollIntoView({ block: "nearest" }); } };
  const say = (words) => { notice.textContent = ""; notice.textContent = words; };
  const isTyping = (one) => one.isContentEditable || /^(TEXTAREA|SELECT)$/.test(one.tagName) ||
    (one.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(one.type));

  const step = (by) => {
    const place = cards.indexOf(here());
    const next = place < 0 ? 0 : Math.min(Math.max(place + by, 0), cards.length - 1);
    if (place === next) say(by > 0 ? "This is the last card." : "This is the first card.");
    go(cards[next]);
  };
  const press = (button, otherwise) => {
    if (!button) { say(otherwise); return; }
    busy = true;
    button.click();
    busy = !(button.form && !button.form.checkValidity() && !button.formNoValidate);
  };
  const button = (card, end) => card && card.querySelector(`form[action$="/${end}"] button`);
  const count = () => {
    const chosen = cards.filter((card) => card.querySelector("header input").checked).length;
    document.getElementById("chosen").textContent = chosen ? `: ${chosen}` : "";
    return chosen;
  };
  const toggle = (box, words) => {
    if (!box) { say(`There is no ${words} to tick here.`); return; }
    box.checked = !box.checked;
    say(`${words} ${box.checked ? "ticked" : "not ticked"}.`);
  };
  const openReasons = (card) => {
    const folded = card.querySelector(".dismissal");
    folded.open = true;
    folded.scrollIntoView({ block: "nearest" });
    folded.querySelector("button").focus();
    say("Why not? 1 to 6, or type another reason.");
  };

  const onCard = {
    c: (card) => press(button(card, "confirm")),
    d: openReasons,
    m: (card) => press(button(card, "merge"), "No other mention of this story was decided, so there is nothing to merge it with."),
    a: (card) => press(card.querySelector('form[data-key="a"] > button'), "Nothing in the record is suggested for this one."),
    s: (card) => toggle(card.querySelector('form[data-key="a"] [name="note_status"]'), "new status"),
    v: (card) => toggle(card.querySelector('form[data-key="a"] [name="says_vote"]'), "vote"),
    x: (card) => { toggle(card.querySelector("header input"), "card"); if (batch) count(); },
  };
  const anywhere = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    u: () => press(document.querySelector('button[data-key="u"]'), "There is nothing to undo here; see Decisions."),
    b: () => batch && batch.querySelector("button").focus(),
    "?": () => { const keys = document.getElementById("keys"); keys.open = true; keys.querySelector("summary").focus(); },
    Escape: () => { const card = here(); if (card) { card.querySelector(".dismissal").open = false; go(card); } },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || busy) return;
    const card = here();
    if (event.key === "Escape" && card) { anywhere.Escape(); return; }
    if (isTyping(event.target)) return;
    const open = card && card.querySelector(".dismissal[open]");
    if (open && /^[1-9]$/.test(event.key)) {
      event.preventDefault();
      press(open.querySelectorAll(".whys button")[Number(event.key) - 1], "There is no such reason.");
      return;
    }
    const own = Object.hasOwn(onCard, event.key) && onCard[event.key];
    const common = Object.hasOwn(anywhere, event.key) && anywhere[event.key];
    if (own && !card) say("Choose a card first, with j or k.");
    else if (own || common) (own || common)(card);
    else return;
    event.preventDefault();
  });
  if (batch) document.addEventListener("change", count);
  window.addEventListener("pageshow", () => { busy = false; });

  if (cards.length && (location.hash.startsWith("#mention-") || location.search.includes("done="))) {
    go(cards.find((card) => `#${card.id}` === location.hash) || cards[0]);
  }
})();
