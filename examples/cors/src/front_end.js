async function ask(what, options) {
  let result;
  try {
    const response = await fetch(api + "/me", options);
    const challenge = response.headers.get("www-authenticate");
    result = `${response.status} ${challenge ?? (await response.text())}`;
  } catch {
    result = "kept from this page by the browser";
  }
  const item = document.createElement("li");
  item.textContent = `${what}: ${result}`;
  document.querySelector("ul").append(item);
}

const authorization = `Bearer ${token}`;
await ask("with a token", { headers: { authorization } });
await ask("with a token and JSON", { method: "POST", headers: { authorization, "content-type": "application/json" }, body: "{}" });
await ask("without a token", {});
document.body.dataset.done = "true";
