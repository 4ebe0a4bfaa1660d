// Shows the asks of a form that its conditions let through, and has only those sent.
import { shown } from "./conditions.js";

function answersOf(form, name) {
  const given = form.elements.namedItem(name);
  const inputs = given instanceof RadioNodeList ? [...given] : given ? [given] : [];
  return inputs.filter((one) => (["checkbox", "radio"].includes(one.type) ? one.checked : true)).map((one) => one.value);
}

export function showAsks(form, rules) {
  const answers = Object.fromEntries(rules.map((rule) => [rule.ask, answersOf(form, rule.name)]));
  const asked = new Set(shown(rules, answers));
  for (const line of form.querySelectorAll("[data-ask]")) {
    line.hidden = !asked.has(line.dataset.ask);
    for (const input of line.querySelectorAll("input, select, textarea")) {
      input.disabled = line.hidden;
      if (input.type !== "checkbox") input.required = !line.hidden && "required" in line.dataset;
    }
  }
}
