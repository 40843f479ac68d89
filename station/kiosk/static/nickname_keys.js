// The on-page keyboard: a tap on the field opens it, as a kiosk has no other; a real keyboard types beside it.

import { SimpleKeyboard } from "/vendor/simple-keyboard.esm.js";
import { layout } from "./key_layouts.js";

/** `field` is typed into; `place` is where the keys are. */
export class NicknameKeys {
  constructor(field, place) {
    this.field = field;
    this.place = place;
    const { space, done, delete: erase, shift } = place.dataset;
    this.keys = new SimpleKeyboard(place.firstElementChild, {
      layout: layout(document.documentElement.lang),
      display: { "{space}": space, "{done}": done, "{bksp}": "⌫", "{shift}": "⇧" },
      buttonAttributes: [
        { attribute: "aria-label", value: erase, buttons: "{bksp}" },
        { attribute: "aria-label", value: shift, buttons: "{shift}" },
      ],
      theme: "",
      useButtonTag: true,
      maxLength: field.maxLength,
      disableCaretPositioning: true,
      preventMouseDownDefault: true,  // the field keeps the focus, for a real keyboard
      onChange: (text) => this.typed(text),
      onKeyPress: (key) => this.pressed(key),
    });
    field.addEventListener("click", () => this.open());
    field.addEventListener("input", () => this.keys.setInput(field.value));
    field.addEventListener("keydown", (event) => this.fieldKey(event));
    document.addEventListener("keydown", (event) => this.escape(event), true);  // before the page goes back
    document.addEventListener("click", (event) => this.clicked(event));
    this.keys.setInput(field.value);
    if (document.activeElement === field) this.open();  // tapped before this script had come
  }

  open() {
    if (!this.place.hidden) return;
    this.place.hidden = false;
    document.body.classList.add("typing");
    this.capitals(this.field.value === "");
  }

  close() {
    this.place.hidden = true;
    document.body.classList.remove("typing");
  }

  typed(text) {
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
    this.capitals(text === "");
  }

  pressed(key) {
    if (key === "{shift}") this.capitals(this.keys.options.layoutName !== "shift");
  }

  /** A name begins with a capital letter. */
  capitals(wanted) {
    this.keys.setOptions({ layoutName: wanted ? "shift" : "default" });
  }

  /** Enter ends the typing: it must not begin the visit. */
  fieldKey(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.close();
    document.querySelector("[data-go]").focus();
  }

  escape(event) {
    if (event.key !== "Escape" || this.place.hidden) return;
    event.preventDefault();
    this.close();
  }

  /** Not as early as the finger comes down: its click would fall through to what was under the keys. */
  clicked({ target }) {
    const key = target.closest("[data-skbtn]");
    const typing = key ? key.dataset.skbtn !== "{done}" : target === this.field || this.place.contains(target);
    if (!typing) this.close();
  }
}
