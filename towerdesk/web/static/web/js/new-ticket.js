// Somebody fills in a form for a customer: asks come and go as they do for customers.
import { showAsks } from "./asks.js";

const form = document.querySelector("[data-conditions]");
const rules = JSON.parse(document.querySelector("#rules").textContent);

form.addEventListener("input", () => showAsks(form, rules));
showAsks(form, rules);
