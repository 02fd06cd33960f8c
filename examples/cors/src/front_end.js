async function call(name, options) {
  let result;
  try {
    const response = await fetch(api + "/me", options);
    const challenge = response.headers.get("www-authenticate");
    result = `${response.status} ${challenge ?? (await response.text())}`;
  } catch {
    result = "kept from this page by the browser";
  }
  const item = document.createElement("li");
  item.textContent = `${name}: ${result}`;
  document.querySelector("ul").append(item);
}

const authorization = `Bearer ${token}`;
await call("with a token", { headers: { authorization } });
await call("with a token and JSON", { method: "POST", headers: { authorization, "content-type": "application/json" }, body: "{}" });
await call("without a token", {});
document.body.dataset.done = "true";
