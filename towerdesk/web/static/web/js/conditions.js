// Which asks of a form are asked, given the answers so far. tickets/shown.py says the same to the server, and a test holds the
// two together: both go by the same list of conditions, and by nothing else.
const NUMBER = /^[+-]?[0-9]{1,15}([.,][0-9]{1,6})?$/;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

function inOrder(says, said, than) {
  const [low, high] = says === "at_least" ? [than, said] : [said, than];
  if (DATE.test(said) && DATE.test(than)) return low <= high;
  if (NUMBER.test(said) && NUMBER.test(than)) return Number(low.replace(",", ".")) <= Number(high.replace(",", "."));
  return false;
}

function holds(when, said) {
  const values = when.values ?? [];
  if (when.says === "empty") return said.length === 0;
  if (said.length === 0) return false;
  if (when.says === "filled") return true;
  if (when.says === "any_of" || when.says === "none_of") return said.some((one) => values.includes(one)) === (when.says === "any_of");
  return inOrder(when.says, said[0], values[0] ?? "");
}

const spoken = (values) => (values ?? []).map((one) => one.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "")).filter((one) => one !== "");

// `asks`: [{ask, when: [{ask, says, values}]}] in their order; `answers`: a list of texts by each ask's key.
export function shown(asks, answers) {
  const said = Object.create(null);
  const found = [];
  for (const one of asks) {
    if (!one.when.every((when) => holds(when, said[when.ask] ?? []))) continue;
    found.push(one.ask);
    said[one.ask] = spoken(Object.hasOwn(answers, one.ask) ? answers[one.ask] : []);
  }
  return found;
}
