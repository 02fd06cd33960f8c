// With clerk-js on the page, freshToken would be: () => Clerk.session.getToken()
const url = location.origin.replace(/^http/, "ws") + "/ws";
const log = (line) => { document.querySelector("pre").textContent += line + "\n"; };
const freshToken = async () => (await fetch("/token")).text();
let socket, renewal;

function listen(method) {
  socket.onopen = () => log(`open with ${method}, subprotocol "${socket.protocol}"`);
  socket.onmessage = ({ data }) => log(data);
  socket.onclose = ({ code, reason }) => { clearInterval(renewal); log(`closed: ${code} ${reason}`); };
  // A token lasts a minute; a new one keeps the socket open.
  renewal = setInterval(async () => socket.send("renew " + await freshToken()), 30_000);
}

document.querySelector("#cookie").onclick = () => {
  socket?.close();
  socket = new WebSocket(url);
  listen("cookies");
};
document.querySelector("#token").onclick = async () => {
  socket?.close();
  socket = new WebSocket(url, [protocol, tokenPrefix + await freshToken()]);
  listen("a token");
};
document.querySelector("#hello").onclick = () => socket?.send("hello");
