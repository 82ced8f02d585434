/** Parts of the document that the modules take for granted. */

/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T} the first match
 * @throws {Error} where the templates and the modules do not fit
 */
export function part(root, selector, kind) {
  const found = root.querySelector(selector);
  if (found instanceof (kind ?? HTMLElement)) return /** @type {T} */ (found);
  throw new Error(`comments: the page has no ${selector}`);
}

/**
 * Writes only what changed, so that screen readers are not told the same again.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {Element} element
 * @param {"aria-busy" | "aria-current" | "aria-disabled" | "aria-invalid"} name of a state that is off where it is not there
 * @param {boolean} isOn
 */
export function setState(element, name, isOn) {
  if (isOn) element.setAttribute(name, "true");
  else element.removeAttribute(name);
}

/**
 * The only place where HTML from the server enters the page: comments/rendering.py has sanitised it.
 * @param {Element} element
 * @param {string} html
 */
export function setServerHtml(element, html) {
  element.innerHTML = html;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Partial<HTMLElementTagNameMap[Name]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]} a new element
 */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/**
 * @param {HTMLElement} element with an id
 * @returns {HTMLElement | null} it, or what was drawn in its place since; null where it is gone
 */
export function presentOf(element) {
  return element.isConnected ? element : document.getElementById(element.id);
}

/**
 * Gives an element the focus, and leaves the page where it is.
 * @param {Element | null | undefined} element
 */
export function focusOn(element) {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}

/**
 * @param {Element} element which goes; if it has the focus, that goes on
 * @param {Element | null} to
 */
export function passFocus(element, to) {
  if (hasFocus(element)) focusOn(to);
}

/**
 * @param {Element} element
 * @returns {boolean} whether the focus is on it or in it
 */
export function hasFocus(element) {
  return element.contains(document.activeElement);
}
