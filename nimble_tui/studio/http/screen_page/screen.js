// Shows a workstation's screen. The stream's token comes in the address's fragment, is kept in the
// tab's history alone, and goes to the studio as a WebSocket subprotocol.
import RFB from "/screen/novnc/core/rfb.js";

const PROTOCOLS = ["nimble-screen", "nimble-screen-without-clipboard"];
const LOST = "The connection to the studio was lost.";
const INCOMPLETE = "This link is not complete. Copy the complete address, or connect again.";

const element = (id) => document.getElementById(id);

function token() {
  const sent = location.hash.slice(1);
  if (sent) {
    history.replaceState({ token: sent }, "", location.pathname);
  }
  return history.state?.token ?? "";
}

function end(reason) {
  element("state").textContent = "Not connected";
  element("reason").textContent = reason;
  for (const [id, hidden] of [["screen", true], ["paste", true], ["full", true], ["over", false]]) {
    element(id).hidden = hidden;
  }
  element("screen").replaceChildren();
  if (document.fullscreenElement) {
    document.exitFullscreen();
  }
}

async function shareClipboard(rfb) {
  rfb.addEventListener("clipboard", (event) => {
    navigator.clipboard.writeText(event.detail.text).catch(() => {});
  });
  const send = async () => {
    try {
      rfb.clipboardPasteFrom(await navigator.clipboard.readText());
    } catch {
      element("state").textContent = "Your browser did not share its clipboard";
    }
    rfb.focus();
  };
  element("paste").hidden = false;
  element("paste").onclick = send;
  const allowed = await navigator.permissions
    ?.query({ name: "clipboard-read" })
    .catch(() => undefined);
  addEventListener("focus", () => allowed?.state === "granted" && send());
}

async function fullScreen() {
  await element("screen").requestFullscreen();
  await navigator.keyboard?.lock?.().catch(() => {}); // the workstation gets Escape and Ctrl+W too
}

function show(socket) {
  const rfb = new RFB(element("screen"), socket);
  rfb.resizeSession = true;
  rfb.scaleViewport = true;
  rfb.background = "#0d1117";
  rfb.addEventListener("connect", () => {
    element("state").textContent = "Connected";
    element("full").hidden = false;
    element("full").onclick = fullScreen;
    if (socket.protocol === PROTOCOLS[0] && navigator.clipboard) {
      shareClipboard(rfb);
    }
    rfb.focus();
  });
}

function connect() {
  const secret = token();
  if (!secret) {
    end(INCOMPLETE);
    element("again").hidden = true;
    return;
  }
  element("state").textContent = "Connecting…";
  element("over").hidden = true;
  element("screen").hidden = false;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const address = `${scheme}//${location.host}${location.pathname}/socket`;
  const socket = new WebSocket(address, [...PROTOCOLS, secret]);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("close", (event) => end(event.reason || LOST));
  show(socket);
}

element("again").onclick = connect;
addEventListener("hashchange", () => location.reload());
connect();
