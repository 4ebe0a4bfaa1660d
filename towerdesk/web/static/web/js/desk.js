// Everything here makes the desk quicker; each page is complete without it.
import "./theme.js";
import "./keys.js";
import "./palette.js";
import "./dialog.js";
import "./clock.js";
import "./toast.js";
import "./keep.js";
import "./live.js";
import "./tower.js";
import "./ticket.js";
import "./here.js";
import "./bell.js";
import "./choose.js";
import "./order.js";
import "./tabs.js";
import "./chat.js";
import "./spoken.js";
